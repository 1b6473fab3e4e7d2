import { expect, test } from 'vitest';
import { EventScript, hostNames } from '../../../test/support/events.ts';
import type { Timed } from '../../events/index.ts';
import { textOfLine } from '../text/line.ts';
import { cell } from './cell.ts';
import { findNext, findShown, readFilter } from './find-cells.ts';
import { reduceRun } from './reduce.ts';
import { newRun, type RunState } from './run-state.ts';
import { newRunUi, type RunUi } from './run-ui.ts';
import { runView, type Size } from './run-view.ts';

const small: Size = { columns: 80, rows: 22 };
const large: Size = { columns: 200, rows: 58 };

const take = (events: readonly Timed[], run = newRun()): RunState => events.reduce(reduceRun, run);
const show = (run: RunState, ui: Partial<RunUi> = {}, size = small): string[] =>
  runView(run, { ...newRunUi(false), ...ui }, 'running', run.time, size).map((line) => textOfLine(line).trimEnd());

const sample = (): EventScript =>
  new EventScript()
    .run()
    .play('Web servers', ['web1', 'web2', 'web3'])
    .task('Install nginx', ['web1', 'web2', 'web3'])
    .result('web1', 'ok')
    .result('web2', 'changed', { msg: 'installed' }, { duration: 3400 })
    .result('web3', 'failed', { msg: 'No package matching nginx' })
    .task('Start it', ['web1', 'web2'])
    .output('web1', ['starting', 'done'])
    .result('web2', 'skipped');

test('keeps what happened on each host in a cell, with counts', () => {
  const run = take(sample().events);
  expect(run.hosts).toEqual(['web1', 'web2', 'web3']);
  const kinds = run.hosts.map((_, host) => run.tasks.map((_, task) => run.matrix.get(host, task)));
  expect(kinds).toEqual([
    [cell.ok, cell.running],
    [cell.changed, cell.skipped],
    [cell.failed, cell.none],
  ]);
  expect(run.matrix.total(cell.running)).toBe(1);
  expect(run.matrix.ofTask(0, cell.failed)).toBe(1);
  expect(run.lostHosts).toBe(1);
  expect(run.matrix.duration(1, 0)).toBe(3400);
});

test('tells failures that do not count from those that do', () => {
  const script = new EventScript().run().play('P', ['a', 'b', 'c']).task('T', ['a', 'b', 'c']);
  script.result('a', 'failed', {}, { ignored: true }).result('b', 'failed', {}, { rescued: true });
  const run = take(script.result('c', 'unreachable').events);
  expect([0, 1, 2].map((host) => run.matrix.get(host, 0))).toEqual([cell.ignored, cell.rescued, cell.unreachable]);
  expect(run.lostHosts).toBe(1);
});

test.each([small, large])('every line is as wide as the screen, at $columns columns', (size) => {
  const lines = runView(take(sample().events), newRunUi(true), 'running', 0, size);
  expect(lines).toHaveLength(size.rows);
  expect(new Set(lines.map((line) => textOfLine(line).length))).toEqual(new Set([size.columns]));
});

test('shows the matrix, and the output of the command under the cursor', () => {
  const lines = show(take(sample().events), { focus: { host: 0, task: 1 } });
  expect(lines[1]).toBe('3 hosts, 1 failed  ok 1  changed 1  failed 1  skipped 1  running 1');
  expect(lines.slice(3, 6).map((line) => line.trim().split(/ {2,}/))).toEqual([
    ['> web1', '. >'],
    ['web2', 'c -'],
    ['web3', 'F'],
  ]);
  expect(lines.find((line) => line.startsWith('web1 running'))).toContain('Start it');
  expect(lines).toContain('starting');
});

test('shows why a host failed', () => {
  expect(show(take(sample().events), { focus: { host: 2, task: 0 } })).toContain('No package matching nginx');
});

test('shows diffs and results', () => {
  const script = new EventScript().run().play('P', ['a']).task('T', ['a']);
  script.result('a', 'changed', { path: '/etc/motd', diff: [{ before: 'one\n', after: 'two\n' }] });
  const run = take(script.events);
  expect(show(run, { tab: 'diff' })).toEqual(expect.arrayContaining(['-one', '+two']));
  expect(show(run, { tab: 'result' })).toContain('path: /etc/motd');
});

test('text of hosts never brings control characters to the screen', () => {
  const script = new EventScript().run().play('P', ['a']).task('\u001b[2Jtask', ['a']);
  script.output('a', ['\u001b]0;title\u0007one\u202etwo', '\u001b[31mred\r\n']);
  const lines = runView(take(script.events), newRunUi(true), 'running', 0, small).map(textOfLine);
  expect(lines.join('\n')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  expect(lines.map((line) => line.trimEnd())).toContain('onetwo');
});

test('finds rows and columns by host, task, status and text', () => {
  const run = take(sample().events);
  const shown = (filter: string) => findShown(run, readFilter(filter));
  expect(shown('status:failed')).toEqual({ hosts: [2], tasks: [0] });
  expect(shown('host:web* status:changed')).toEqual({ hosts: [1], tasks: [0] });
  expect(shown('host:web1')).toEqual({ hosts: [0], tasks: [0, 1] });
  expect(shown('nginx').tasks).toEqual([0]);
  expect(shown('No package')).toEqual({ hosts: [2], tasks: [0] });
  expect(shown('task:nowhere')).toEqual({ hosts: [0, 1, 2], tasks: [] });
  expect(shown('  ')).toEqual({ hosts: undefined, tasks: undefined });
});

test('jumps to the next failure and around', () => {
  const script = new EventScript().run().play('P', ['a', 'b']);
  for (const name of ['one', 'two', 'three']) {
    script.task(name, ['a', 'b']).result('a', name === 'two' ? 'failed' : 'ok');
    script.result('b', name === 'three' ? 'unreachable' : 'ok');
  }
  const run = take(script.events);
  const first = findNext(run, undefined, { host: 0, task: 0 }, 1)!;
  expect(first).toEqual({ host: 0, task: 1 });
  const second = findNext(run, undefined, first, 1)!;
  expect(second).toEqual({ host: 1, task: 2 });
  expect(findNext(run, undefined, second, 1)).toEqual(first);
  expect(findNext(run, undefined, first, -1)).toEqual(second);
  expect(findNext(run, readFilter('status:ok'), first, -1)).toEqual({ host: 1, task: 0 });
});

test('takes in 300000 results, and shows no more of them than fit on the screen', { timeout: 120_000 }, () => {
  const hosts = hostNames(1000);
  const run = newRun();
  const script = new EventScript().run().play('All', hosts);
  let events = 0;
  const drain = (): void => {
    for (const event of script.events.splice(0)) {
      reduceRun(run, event);
      events++;
    }
  };
  for (let task = 0; task < 300; task++) {
    script.task(`Task ${task}`, []);
    for (const [index, host] of hosts.entries()) script.result(host, index % 100 === task ? 'failed' : 'ok');
    drain();
  }
  expect(run.events).toBe(events);
  expect(run.matrix.total(cell.ok) + run.matrix.total(cell.failed)).toBe(300_000);
  expect(run.matrix.total(cell.failed)).toBe(1000);
  expect(run.results.size).toBeLessThanOrEqual(8000);

  const reads = (): number => {
    const get = run.matrix.get.bind(run.matrix);
    let count = 0;
    run.matrix.get = (host, task) => {
      count++;
      return get(host, task);
    };
    runView(run, newRunUi(true), 'running', 0, large);
    run.matrix.get = get;
    return count;
  };
  const all = reads();
  expect(all).toBeGreaterThan(1000);
  expect(all).toBeLessThan(200 * 58);
});
