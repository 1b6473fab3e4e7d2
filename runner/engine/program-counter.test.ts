import { describe, expect, test } from 'vitest';
import type { BlockNode, TaskNode } from '../playbook/index.ts';
import { comparePositions, ProgramCounter } from './program-counter.ts';

const base = {
  origin: { file: 'play.yml', line: 1, column: 1 },
  keywords: new Map(),
  vars: new Map(),
  places: new Map(),
  role: undefined,
  file: 'play.yml',
};

const task = (name: string): TaskNode => ({
  ...base,
  kind: 'task',
  name,
  parent: undefined,
  action: 'debug',
  module: 'ansible.builtin.debug',
  actionTemplate: undefined,
  args: new Map(),
  variableArgs: undefined,
  freeForm: undefined,
  loop: undefined,
  isHandler: false,
  isImplicit: false,
});

type Nodes = readonly (BlockNode | TaskNode)[];
const block = (nodes: Nodes, rescue: Nodes = [], always: Nodes = []): BlockNode => ({
  ...base,
  kind: 'block',
  name: undefined,
  parent: undefined,
  isImplicit: false,
  block: nodes,
  rescue,
  always,
  imported: undefined,
});

/** Runs to the end; tasks whose names end in ! fail. What comes back: the names in order, and how it ended. */
const run = (counter: ProgramCounter): string => {
  const trace: string[] = [];
  for (let next = counter.peek(); next; next = counter.peek()) {
    counter.advance();
    const name = String(next.name);
    trace.push(name.endsWith('!') ? `${name}${counter.fail().rescued ? 'rescued' : 'failed'}` : name);
  }
  return trace.join(' ');
};

const [a, b, c, d, e] = ['a', 'b', 'c', 'd', 'e'].map(task) as [TaskNode, TaskNode, TaskNode, TaskNode, TaskNode];
const x = task('x!');
const y = task('y!');

describe('ProgramCounter', () => {
  test.each([
    ['goes through nested blocks in order', block([a, block([b, block([c])]), d]), 'a b c d'],
    ['passes over empty blocks', block([block([]), a, block([block([])])]), 'a'],
    ['runs always sections', block([block([a], [b], [c]), d]), 'a c d'],
    ['goes on behind a rescue', block([block([a, x, b], [c]), d]), 'a x!rescued c d'],
    ['runs always behind a rescue', block([block([x], [b], [c]), d]), 'x!rescued b c d'],
    ['ends after a failure', block([a, x, b]), 'a x!failed'],
    ['runs always sections of what failed, then ends', block([block([x, a], [], [b]), c]), 'x!failed b'],
    ['a rescue that fails is a failure', block([block([x], [a, y, b], [c]), d]), 'x!rescued a y!failed c'],
    ['an always section that fails ends there', block([block([a], [], [x, b]), c]), 'a x!failed'],
    [
      'a failure inside is rescued outside, after the always section',
      block([block([block([x], [], [a]), b], [c]), d]),
      'x!rescued a c d',
    ],
    ['a failure in a rescue is rescued outside', block([block([block([x], [y])], [a]), b]), 'x!rescued y!rescued a b'],
  ])('%s', (_what, root, trace) => {
    expect(run(new ProgramCounter(root))).toBe(trace);
  });

  test('works off what an include brought in before it goes on', () => {
    const counter = new ProgramCounter(block([block([a, b], [c])]));
    counter.advance();
    counter.insert([
      { block: block([d]), order: 1 },
      { block: block([e, x]), order: 2 },
    ]);
    expect(run(counter)).toBe('d e x!rescued c');
  });

  test('passes over tasks that are not selected', () => {
    expect(run(new ProgramCounter(block([a, b, c]), (node) => node !== b))).toBe('a c');
  });

  test('runs only the handlers that are wanted when their turn comes', () => {
    const counter = new ProgramCounter(block([a, d]));
    counter.advance();
    const wanted = new Set([b]);
    counter.runHandlers([a, b, c], (handler) => wanted.has(handler));
    expect(counter.peek()).toBe(b);
    counter.advance();
    wanted.add(c);
    expect(run(counter)).toBe('c d');
  });

  test('tells which blocks have ended well', () => {
    const inner = block([a]);
    const left: BlockNode[] = [];
    run(new ProgramCounter(block([inner, block([x], [b])]), undefined, (ended) => void left.push(ended)));
    expect(left[0]).toBe(inner);
    expect(left).toHaveLength(3);
  });
});

describe('positions', () => {
  const root = block([a, block([b], [c], [d]), e]);

  test('a host in a rescue section comes before one behind the block', () => {
    const rescued = new ProgramCounter(root);
    rescued.advance();
    rescued.advance();
    rescued.fail();
    const ahead = new ProgramCounter(root);
    for (let step = 0; step < 3; step++) ahead.advance();
    expect([rescued.peek(), ahead.peek()]).toEqual([c, e]);
    expect(comparePositions(rescued.position(), ahead.position())).toBeLessThan(0);
  });

  test('hosts at the same task are at the same position', () => {
    const left = new ProgramCounter(root);
    const right = new ProgramCounter(root);
    left.advance();
    right.advance();
    expect(comparePositions(left.position(), right.position())).toBe(0);
  });

  test('what an earlier include brought in comes first', () => {
    const left = new ProgramCounter(root);
    const right = new ProgramCounter(root);
    left.advance();
    right.advance();
    left.insert([{ block: block([d]), order: 1 }]);
    right.insert([{ block: block([d]), order: 2 }]);
    expect(comparePositions(left.position(), right.position())).toBeLessThan(0);
  });
});
