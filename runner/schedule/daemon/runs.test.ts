import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { daemonsForTests } from '../../../test/support/daemons.ts';
import { until } from '../../../test/support/schedules.ts';
import { runToken, runVariable } from '../runs/find-child.ts';
import { loadSchedules } from '../source/index.ts';
import { identify, openStore } from '../state/index.ts';

// Runs are real processes, which take their time on a machine that is busy.
vi.setConfig({ testTimeout: 200_000 });

const { cleanUp, folderOf, start } = daemonsForTests();

it('ends a run that takes too long: first by an interrupt, then by force', async () => {
  const folder = folderOf(
    'name: gentle, schedule: "@1d", timeout: 10m, kill_after: 1m',
    'name: stubborn, playbook: ignore, schedule: "@1d", timeout: 10m, kill_after: 1m',
  );
  folder.write('job', 'trap "exit 99" INT; echo >gentle-runs; while :; do sleep 0.02; done\n');
  folder.write('ignore', 'trap "" INT; echo >stubborn-runs; while :; do sleep 0.02; done\n');
  const daemon = await start(folder, '2026-11-20T12:00:00Z');
  await until(() => folder.has('gentle-runs') && folder.has('stubborn-runs'), 'both runs');
  await daemon.advance(599_000);
  expect(daemon.told('run_interrupted', 'schedule')).toEqual([]);
  await daemon.advance(1000);
  await until(() => daemon.told('run_interrupted').length === 2, 'the interrupts');
  await until(() => daemon.told('run_ended', 'schedule', 'outcome').includes('gentle timeout'), 'the gentle end');
  expect(daemon.told('run_killed')).toEqual([]);
  await daemon.advance(60_000);
  await daemon.quiet();
  expect(daemon.told('run_killed', 'schedule')).toEqual(['stubborn']);
  expect(daemon.told('run_ended', 'schedule', 'outcome')).toEqual(['gentle timeout', 'stubborn timeout']);
});

it('works with a new version of the file, and goes on with a run of the old one', async () => {
  const folder = folderOf('name: old, schedule: "@1d"');
  folder.write('job', 'echo >begun; while [ ! -e go ]; do sleep 0.02; done\n');
  const daemon = await start(folder, '2026-11-20T09:00:00Z');
  await until(() => folder.has('begun'), 'the run');
  folder.write('other', 'exit 0\n');
  folder.write('schedules.yml', 'schedules: [{name: new, playbook: other, schedule: "@1d"}]\n');
  daemon.daemon.reload(loadSchedules(folder.file));
  await until(() => daemon.told('run_ended', 'schedule').includes('new'), 'the new schedule');
  folder.write('go', '');
  await until(() => daemon.told('run_ended', 'schedule').includes('old'), 'the old run');
});

it('interrupts its runs when it is stopped', async () => {
  const folder = folderOf('name: long, schedule: "@1d", retries: 3');
  folder.write('job', 'trap "exit 99" INT; echo >begun; while :; do sleep 0.02; done\n');
  const daemon = await start(folder, '2026-11-20T09:00:00Z');
  await until(() => folder.has('begun'), 'the run');
  await daemon.stop();
  expect(daemon.told('run_ended', 'outcome')).toEqual(['interrupted']);
});

it('finds the process of a run that its daemon had no time to note down', async () => {
  const folder = folderOf('name: job, schedule: "@1d"');
  const gone = spawn('true');
  await once(gone, 'spawn');
  const owner = identify(gone.pid!);
  await once(gone, 'exit');
  const { file } = loadSchedules(folder.file);
  const state = join(folder.path, 'state/schedules.db');
  const store = await openStore(state, { file, me: owner, now: () => Date.parse('2026-11-20T08:59:00Z') });
  store.introduce('job', false);
  const claimed = store.claim({ name: 'job', reason: 'manual', attempt: 1, dueAt: 0, overlap: 'refuse' });
  store.close();
  if (claimed.kind !== 'claimed') expect.unreachable();
  const child = spawn('/bin/sh', ['-c', 'while [ ! -e go ]; do sleep 0.02; done'], {
    cwd: folder.path,
    env: { ...process.env, [runVariable]: runToken(file, claimed.run.id) },
    detached: true,
    stdio: 'ignore',
  });
  await once(child, 'spawn');
  const daemon = await start(folder, '2026-11-20T09:00:00Z');
  await until(() => daemon.told('run_adopted', 'schedule', 'process')[0] === `job ${child.pid}`, 'the process');
  expect(daemon.told('run_ended')).toEqual([]);
  folder.write('go', '');
  await until(() => daemon.told('run_ended', 'schedule', 'outcome')[0] === 'job broken', 'its end');
});

it('does not wait for what a run requires when it is stopped', async () => {
  const folder = folderOf('name: job, schedule: "@1d", requires: [{command: "echo >begun; sleep 600", timeout: 1h}]');
  const daemon = await start(folder, '2026-11-20T09:00:00Z');
  await until(() => folder.has('begun'), 'the command');
  await daemon.stop();
  expect(daemon.told('run_skipped', 'reason')).toEqual([
    'the command that it requires did not succeed: it was interrupted',
  ]);
  expect(daemon.told('run_started')).toEqual([]);
});

it('tells why a run failed that left no record', async () => {
  const folder = folderOf('name: bad, schedule: "@1d"');
  folder.write('job', 'echo "ERROR! no such inventory" >&2; exit 1\n');
  const daemon = await start(folder, '2026-11-20T09:00:00Z');
  await daemon.quiet();
  expect(daemon.told('run_ended', 'outcome', 'reason')).toEqual(['error ERROR! no such inventory']);
});

it('loses track of no run when its state cannot be written for a while', async () => {
  const folder = folderOf('name: job, schedule: "@1d"');
  folder.write('job', 'echo >begun; while [ ! -e go ]; do sleep 0.02; done\n');
  const daemon = await start(folder, '2026-11-20T09:00:00Z');
  await until(() => folder.has('begun'), 'the run');
  const full = (): never => {
    throw new Error('database or disk is full');
  };
  const spies = (['finish', 'run', 'adopt', 'state'] as const).map((name) =>
    vi.spyOn(daemon.store, name).mockImplementation(full),
  );
  cleanUp(() => vi.restoreAllMocks());
  folder.write('go', '');
  await daemon.advance(5000);
  await until(() => daemon.told('state_failed').length >= 3, 'words about it');
  expect(daemon.told('run_ended')).toEqual([]);
  for (const spy of spies) spy.mockRestore();
  await daemon.advance(5000);
  await until(() => daemon.told('run_ended', 'outcome')[0] === 'ok', 'the end of the run');
  await daemon.quiet();
});
