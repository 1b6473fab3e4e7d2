import { describe, expect, test } from 'vitest';
import type { JournalLine, StepLine } from './journal.ts';
import { Past } from './past.ts';

const step = (number: number, task: string, more: Partial<StepLine> = {}): StepLine => ({
  type: 'step',
  play: 1,
  host: 'a',
  step: number,
  task,
  outcome: { result: { task }, flags: {} },
  ...more,
});

const tasks = (past: Past, ...names: string[]): (string | undefined)[] =>
  names.map((name, index) => past.find(1, 'a', index + 1, name)?.line.task);

describe('what an earlier run came to', () => {
  test('is answered as far as tasks ended well', () => {
    const past = new Past([step(1, 'one'), step(2, 'two', { isBad: true }), step(3, 'always')]);
    expect(past.size).toBe(1);
    expect(tasks(past, 'one', 'two', 'always')).toEqual(['one', undefined, undefined]);
    expect([1, 2, 3].map((number) => past.reaches(1, 'a', number))).toEqual([true, false, false]);
    expect(past.find(1, 'b', 1, 'one')).toBeUndefined();
    expect(past.find(2, 'a', 1, 'one')).toBeUndefined();
  });

  test('has the last word of a step that was run again', () => {
    const again = step(1, 'one', { outcome: { result: 'again', flags: {} } });
    expect(new Past([step(1, 'one'), again]).find(1, 'a', 1, 'one')?.line.outcome.result).toBe('again');
  });

  test('goes on behind tasks that are gone, and ahead of new ones', () => {
    const lines = [step(1, 'one'), step(2, 'two'), step(3, 'three')];
    expect(tasks(new Past(lines), 'one', 'three')).toEqual(['one', 'three']);
    expect(tasks(new Past(lines), 'new', 'one', 'newer', 'two', 'three')).toEqual([
      undefined,
      'one',
      undefined,
      'two',
      'three',
    ]);
  });

  test('leaves gaps where steps were no tasks', () => {
    expect(tasks(new Past([step(1, 'one'), step(3, 'three')]), 'one', 'meta', 'three')).toEqual([
      'one',
      undefined,
      'three',
    ]);
  });

  test('knows handlers that ran behind a failure or out of their turn, until the host has gone on', () => {
    const lines: JournalLine[] = [
      step(1, 'one', { isBad: true }),
      step(2, 'handler', { isHandler: true }),
      step(3, 'failed handler', { isHandler: true, isBad: true }),
      { type: 'handler', play: 1, host: 'a', task: 'forced' },
    ];
    const past = new Past(lines);
    expect([...past.goLive(1, 'a')!].sort()).toEqual(['forced', 'handler']);
    expect(past.goLive(1, 'a')).toBeUndefined();
    expect(new Past([...lines, { type: 'live', play: 1, host: 'a' }]).goLive(1, 'a')).toEqual(new Set(['handler']));
  });

  test('is in doubt about what was under way, and not about what failed', () => {
    const begin = (number: number, index?: number): JournalLine => ({
      type: 'begin',
      play: 1,
      host: 'a',
      step: number,
      ...(index !== undefined && { index }),
    });
    expect(new Past([begin(1)]).isInDoubt(1, 'a', 1)).toBe(true);
    expect(new Past([begin(1), step(1, 'one')]).isInDoubt(1, 'a', 1)).toBe(false);
    expect(new Past([begin(1), step(1, 'one', { isBad: true })]).isInDoubt(1, 'a', 1)).toBe(false);
    const past = new Past([begin(1, 0), begin(1, 1)]);
    expect([0, 1, 2].map((index) => past.isInDoubt(1, 'a', 1, index))).toEqual([false, true, false]);
  });

  test('is the same when it is read from its own lines', () => {
    const lines: JournalLine[] = [
      { type: 'file', path: '/site.yml', hash: 'x' },
      { type: 'play', play: 1, name: 'all', hosts: ['a'] },
      { type: 'answer', play: 1, name: 'color', answer: 'red' },
      step(1, 'one'),
      { type: 'item', play: 1, host: 'a', step: 2, task: 'loop', index: 0, of: 2, outcome: { result: 1, flags: {} } },
      step(2, 'loop', { isBad: true }),
      step(3, 'handler', { isHandler: true }),
    ];
    const again = new Past([...new Past(lines).lines()]);
    expect(tasks(again, 'one', 'loop')).toEqual(['one', undefined]);
    expect(again.itemsOf(1, 'a', 2)?.get(0)?.outcome.result).toBe(1);
    expect(again.answerTo(1, 'color')).toBe('red');
    expect(again.files.get('/site.yml')?.hash).toBe('x');
    expect(again.plays.get(1)?.hosts).toEqual(['a']);
    expect([...again.goLive(1, 'a')!]).toEqual(['handler']);
    expect([...again.hosts]).toEqual(['a']);
  });
});
