import { expect, it } from 'vitest';
import { folderForEachTest } from '../../../test/support/folders.ts';
import { type RunRecord, readRun } from '../../record/index.ts';
import { driftLines, findDrift } from './drift.ts';

const directory = folderForEachTest('muster-drift-');

type Status = 'ok' | 'changed' | 'failed' | 'unreachable' | 'skipped';

let number = 0;
/** A record of a run in which each task went on each host as told. */
const record = (hosts: Readonly<Record<string, Readonly<Record<string, Status>>>>): RunRecord => {
  const id = `run${++number}`;
  const tasks = [...new Set(Object.values(hosts).flatMap((statuses) => Object.keys(statuses)))];
  const events: object[] = [{ type: 'play_started', play: 1, name: 'all', hosts: Object.keys(hosts) }];
  for (const task of tasks) {
    events.push({ type: 'task_started', task, play: 1, name: task, path: `site.yml:${tasks.indexOf(task)}` });
    for (const [host, statuses] of Object.entries(hosts)) {
      const status = statuses[task];
      const isBad = status === 'failed' || status === 'unreachable';
      if (status) events.push({ type: 'host_result', task, host, status, result: isBad ? { msg: 'why' } : {} });
    }
  }
  const lines = events.map((event, seq) => `${JSON.stringify({ ...event, seq, time: seq })}\n`);
  directory.write(`${id}/events.jsonl`, lines.join(''));
  return readRun(directory.path, id);
};

/** What is reported of a run; it is the last report from then on. */
const report = async (hosts: Parameters<typeof record>[0], keeps = true): Promise<string[]> => {
  const found = await findDrift(record(hosts), directory.at('reported'));
  if (keeps && found.drifts.length > 0) found.keep();
  return driftLines(found.drifts);
};

it('reports what is otherwise than in the last report, and nothing twice', async () => {
  expect(await report({ a: { motd: 'changed', ssh: 'ok' }, b: { motd: 'ok', ssh: 'skipped' } })).toEqual([
    'a: motd: ok -> changed',
  ]);
  expect(await report({ a: { motd: 'changed', ssh: 'skipped' }, b: { motd: 'ok', ssh: 'ok' } })).toEqual([]);
  expect(await report({ a: { motd: 'changed', ssh: 'changed' }, b: { motd: 'ok', ssh: 'ok' } })).toEqual([
    'a: ssh: ok -> changed',
  ]);
  expect(await report({ a: { motd: 'ok', ssh: 'changed' }, b: { motd: 'ok', ssh: 'failed' } })).toEqual([
    'a: motd: changed -> ok',
    'b: ssh: ok -> failed: why',
  ]);
});

it('reports again what nobody was told of', async () => {
  expect(await report({ a: { motd: 'changed' } }, false)).toEqual(['a: motd: ok -> changed']);
  expect(await report({ a: { motd: 'changed' } })).toEqual(['a: motd: ok -> changed']);
  expect(await report({ a: { motd: 'changed' } })).toEqual([]);
});

it('takes what it could not look at as it was', async () => {
  await report({ a: { facts: 'ok', motd: 'changed', ssh: 'changed' }, b: { facts: 'ok', motd: 'changed' } });
  expect(await report({ a: { facts: 'unreachable' }, b: { facts: 'ok', motd: 'changed' } })).toEqual([
    'a: facts: ok -> unreachable: why',
  ]);
  // Still out of reach: that was told. b was left out of this run.
  expect(await report({ a: { facts: 'unreachable' } })).toEqual([]);
  expect(await report({ a: { facts: 'ok', motd: 'failed' }, b: { facts: 'ok', motd: 'changed' } })).toEqual([
    'a: facts: unreachable -> ok',
    'a: motd: changed -> failed: why',
  ]);
  expect(await report({ a: { facts: 'ok', motd: 'ok', ssh: 'changed' }, b: { facts: 'ok', motd: 'changed' } })).toEqual(
    ['a: motd: failed -> ok'],
  );
});
