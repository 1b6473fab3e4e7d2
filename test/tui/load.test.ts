import { createReadStream, statSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { EventBus } from '../../runner/events/bus.ts';
import type { RunEvent } from '../../runner/events/index.ts';
import { Recorder } from '../../runner/record/recorder.ts';
import { cell } from '../../runner/tui/run/cell.ts';
import { hostNames } from '../support/events.ts';
import { folderForAllTests } from '../support/folders.ts';
import { draw, sizes } from './draw.ts';

const hosts = hostNames(1000);
const tasks = 300;
// What happens in ten milliseconds, between two turns of the event loop.
const burst = 300;
const perMillisecond = 30;

const runs = folderForAllTests('muster-load-');

/** All that a run of 300 tasks on 1,000 hosts tells; every 97th result is another one, and every 1009th a failure. */
function* everything(): Generator<RunEvent> {
  yield { type: 'run_started', version: 1, playbooks: ['site.yml'], check: false, diff: false };
  yield { type: 'play_started', play: 1, name: 'All', hosts, strategy: 'free', check: false };
  for (let number = 1; number <= tasks; number++) {
    const task = `1.${number}`;
    yield {
      type: 'task_started',
      task,
      play: 1,
      name: `Task ${number}`,
      module: 'ansible.builtin.command',
      isHandler: false,
      check: false,
      path: `site.yml:${number}`,
      tags: [],
      hosts,
    };
    for (const host of hosts) yield { type: 'host_started', task, host };
    for (const [index, host] of hosts.entries()) {
      const count = number * hosts.length + index;
      const status = count % 1009 === 0 ? 'failed' : count % 97 === 0 ? 'changed' : 'ok';
      const result = { changed: status === 'changed', rc: 0, stdout: `said by ${host}`, cmd: ['echo', 'said'] };
      yield {
        type: 'host_result',
        task,
        host,
        status,
        result,
        isLoop: false,
        duration: 10,
        ignored: status === 'failed',
        rescued: false,
        showsDiff: false,
        visibility: 'verbose',
      };
    }
  }
  yield { type: 'run_ended', stats: {}, custom: {}, exitCode: 0, duration: 20_000 };
}

/** Counts the lines of a file without holding them all, and gives the last one. */
const lastOf = async (file: string): Promise<{ count: number; last: string }> => {
  let count = 0;
  let rest = '';
  let last = '';
  for await (const chunk of createReadStream(file, 'utf8')) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    count += lines.length;
    last = lines.at(-1) ?? last;
  }
  return { count, last };
};

test('keeps up with 1,000 hosts x 300 tasks at 30 events/ms, and records all of them', {
  timeout: 240_000,
}, async () => {
  const tui = await draw({ size: sizes[1]!, request: { playbooks: ['site.yml'] }, framesPerSecond: 4 });
  const warnings: string[] = [];
  const recorder = new Recorder({
    ...{
      runs: runs.path,
      command: ['muster', 'run', 'site.yml'],
      playbooks: [],
      inventory: [],
      check: false,
      version: '0',
    },
    warn: (message) => warnings.push(message),
  });
  const bus = new EventBus();
  bus.subscribe(recorder.take);
  bus.subscribe(tui.services.reader!);
  const before = process.cpuUsage();
  let count = 0;
  for (const event of everything()) {
    bus.emit(event);
    if (++count % burst === 0) await nextTurn();
  }
  // The processor's time, which does not hang on what else the machine does. In a terminal, frames take a sixth of it at most.
  const used = process.cpuUsage(before);
  recorder.end({ exitCode: 0 });
  expect((used.user + used.system) / 1000).toBeLessThan(count / perMillisecond);
  // Frames were drawn all along, and few of them.
  const during = tui.frames().filter((frame) => /running/.test(frame)).length;
  expect(during).toBeGreaterThan(3);
  expect(during).toBeLessThan(count / 100);
  const { run } = tui.app.state.shown!;
  expect([run.events, run.hosts.length, run.tasks.length]).toEqual([count, hosts.length, tasks]);
  const kinds = [cell.ok, cell.changed, cell.ignored].map((kind) => run.matrix.total(kind));
  expect(kinds.reduce((sum, one) => sum + one)).toBe(hosts.length * tasks);
  expect((await tui.screen()).join('\n')).toContain(`ok ${kinds[0]}`);
  tui.close();
  const events = runs.at(recorder.id!, 'events.jsonl');
  const { count: recorded, last } = await lastOf(events);
  expect(warnings).toEqual([]);
  expect(recorded).toBe(count);
  expect(JSON.parse(last)).toMatchObject({ type: 'run_ended', seq: count });
  expect(statSync(events).size).toBeGreaterThan(100 * count);
});
