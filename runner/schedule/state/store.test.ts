import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { folderForEachTest } from '../../../test/support/folders.ts';
import { until } from '../../../test/support/schedules.ts';
import { identify, type ProcessIdentity } from './identity.ts';
import { openStore, type ScheduleStore } from './store.ts';

// Other processes take their time on a machine that is busy.
vi.setConfig({ testTimeout: 200_000 });

// Memory, where there is some: hundreds of transactions wait long for a disk.
const directory = folderForEachTest('muster-state-', existsSync('/dev/shm') ? '/dev/shm' : undefined);
let path: string;
const stores: ScheduleStore[] = [];
beforeEach(() => {
  path = directory.at('deep', 'schedules.db');
});
afterEach(() => {
  for (const store of stores.splice(0)) store.close();
});

let now = 1_000_000;
const open = async (me: ProcessIdentity = identify(), file = '/schedules.yml'): Promise<ScheduleStore> => {
  const store = await openStore(path, { file, me, now: () => now });
  stores.push(store);
  return store;
};

const manual = { name: 'job', reason: 'manual', attempt: 1, dueAt: 5, overlap: 'refuse' } as const;
const due = (expected: number, at = expected + 100) =>
  ({ ...manual, reason: 'schedule', dueAt: expected, next: { expected, at }, overlap: 'skip' }) as const;

/** A process that was, and is no more. */
const goneProcess = async (): Promise<ProcessIdentity> => {
  const child = spawn('sleep', ['60']);
  await once(child, 'spawn');
  const identity = identify(child.pid!);
  child.kill('SIGKILL');
  await once(child, 'exit');
  return identity;
};

it('keeps what nobody else may read in a file of its own', async () => {
  await open();
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(directory.at('deep')).mode & 0o777).toBe(0o700);
});

it('lets what is due go by once, to the time that comes next', async () => {
  const [first, second] = [await open(), await open()];
  first.introduce('job', false);
  first.setNext('job', 'every day', 1000);
  expect(first.passBy('job', 1000, 2000)).toBe(true);
  expect(second.passBy('job', 1000, 3000)).toBe(false);
  expect(second.state('job')?.nextAt).toBe(2000);
  expect(second.passBy('job', 2000, undefined)).toBe(true);
  expect(first.state('job')).toMatchObject({ nextAt: undefined, lastAt: undefined });
});

it('lets one run go on at a time, and one of many have what is due', async () => {
  const [first, second] = [await open(), await open()];
  first.introduce('job', false);
  second.introduce('job', true);
  expect(second.state('job')).toMatchObject({ isPaused: false, nextAt: undefined, lastAt: undefined });
  first.setNext('job', 'x', 10);
  const claimed = first.claim(due(10));
  expect(claimed).toMatchObject({ kind: 'claimed', run: { name: 'job', dueAt: 10, attempt: 1, reason: 'schedule' } });
  expect(second.claim(due(10))).toEqual({ kind: 'taken' });
  expect(second.state('job')).toMatchObject({ nextAt: 110, lastAt: 10 });
  expect(second.claim(manual)).toMatchObject({ kind: 'busy' });
  expect(second.claim({ ...due(110), overlap: 'replace' })).toMatchObject({ kind: 'busy' });
  expect(second.state('job')!.queuedAt).toBe(now);
  expect(first.active('job')!.stopReason).toBe('replaced');
  const id = first.active('job')!.id;
  expect(
    first.finish(id, { outcome: 'failed', exitCode: 2, hosts: 3, failed: 1, message: 'why' }, false),
  ).toMatchObject({
    outcome: 'failed',
    exitCode: 2,
    hosts: 3,
    failed: 1,
    message: 'why',
    endedAt: now,
  });
  expect(second.claim({ ...manual, reason: 'queue' })).toMatchObject({ kind: 'claimed' });
  expect(first.claim({ ...manual, reason: 'queue' })).toEqual({ kind: 'taken' });
});

it('does not begin what is paused, but for who asks for it', async () => {
  const store = await open();
  store.introduce('job', true);
  store.setNext('job', 'x', 10);
  expect(store.claim(due(10))).toEqual({ kind: 'paused' });
  expect(store.claim(manual)).toMatchObject({ kind: 'claimed' });
});

it('tells schedules of the same name in two files apart', async () => {
  const [one, other] = [await open(), await open(identify(), '/other.yml')];
  for (const store of [one, other]) store.introduce('job', false);
  expect(one.claim(manual).kind).toBe('claimed');
  expect(other.claim(manual).kind).toBe('claimed');
  expect(one.allActive()).toHaveLength(1);
});

it('hands the runs of a process that is gone to one other, with their hooks', async () => {
  const gone = await goneProcess();
  const old = await open(gone);
  old.introduce('job', false);
  old.introduce('other', false);
  const claimed = old.claim(manual);
  if (claimed.kind !== 'claimed') expect.unreachable();
  old.setChild(claimed.run.id, gone);
  const second = old.claim({ ...manual, name: 'other' });
  if (second.kind !== 'claimed') expect.unreachable();
  old.finish(second.run.id, { outcome: 'ok' }, true);
  const [one, other] = [await open(), await open()];
  expect(one.adopt().map(({ name, child }) => [name, child?.id])).toEqual([['job', gone.id]]);
  expect(other.adopt()).toEqual([]);
  expect(one.unhooked().map(({ name }) => name)).toEqual(['other']);
  expect(other.unhooked()).toEqual([]);
  expect(one.hooksDone(second.run.id)).toBe(true);
  expect(one.hooksDone(second.run.id)).toBe(false);
});

it('believes a process of another machine as long as its lease holds, and none of an earlier start of this one', async () => {
  const elsewhere = { machine: `not-${hostname()}`, boot: 'b', id: 1, start: '1' };
  const there = await open(elsewhere);
  there.introduce('job', false);
  there.claim(manual);
  const here = await open();
  now += 59_000;
  expect(here.adopt()).toEqual([]);
  there.renewLeases();
  now += 59_000;
  expect(here.adopt()).toEqual([]);
  now += 2000;
  expect(here.adopt()).toHaveLength(1);
  here.introduce('other', false);
  const before = await open({ ...identify(), boot: 'an earlier one' });
  before.claim({ ...manual, name: 'other' });
  expect(here.adopt().map(({ name }) => name)).toEqual(['other']);
});

it('counts runs, and keeps the last ones and the last success', async () => {
  const store = await open();
  store.introduce('job', false);
  for (let count = 0; count < 250; count++) {
    const claimed = store.claim(manual);
    if (claimed.kind !== 'claimed') expect.unreachable();
    now += 10;
    store.finish(claimed.run.id, { outcome: count === 3 ? 'ok' : 'failed' }, false);
  }
  expect(store.ended('job', 1000)).toHaveLength(201);
  expect(store.lastSuccess('job')!.id).toBe(4);
  expect(store.totals()).toEqual([
    { name: 'job', outcome: 'failed', runs: 249, milliseconds: 2490 },
    { name: 'job', outcome: 'ok', runs: 1, milliseconds: 10 },
  ]);
});

it('says so when the file is none of its own', async () => {
  const file = directory.at('text');
  writeFileSync(file, 'this is a text, and as long as the beginning of a database would have to be '.repeat(20));
  await expect(openStore(file, { file: '/x', me: identify(), now: () => 0 })).rejects.toThrow(
    /the state of schedules in .* cannot be opened: /,
  );
});

const script = fileURLToPath(new URL('../../../test/support/schedule-claims.ts', import.meta.url));
const loader = import.meta.resolve('tsx');

it('gives each run to exactly one of two processes that ask for it at the same time', async () => {
  const store = await open();
  store.introduce('job', false);
  store.setNext('job', 'x', 1);
  const rounds = 200;
  const processes = [1, 2].map(() =>
    promisify(execFile)(process.execPath, ['--import', loader, script, path, '/schedules.yml', String(rounds)]),
  );
  const counts = (await Promise.all(processes)).map(({ stdout }) => Number(stdout));
  const runs = store.totals().reduce((sum, total) => sum + total.runs, 0);
  expect(counts[0]! + counts[1]!).toBe(runs);
  // Every time was given to one of them, or passed by while the other one ran.
  expect(store.state('job')!.nextAt).toBe(rounds + 1);
  expect(runs).toBeGreaterThan(0);
  expect(runs).toBeLessThanOrEqual(rounds);
});

it('is not held up by a process that was killed in the middle of writing', async () => {
  await open();
  const code = `
    const Database = require('libsql');
    const database = new Database(process.argv[1]);
    database.exec("BEGIN IMMEDIATE; INSERT INTO schedule (file, name) VALUES ('/schedules.yml', 'half')");
    console.log('writing');
    setInterval(() => {}, 1000);
  `;
  const child = spawn(process.execPath, ['-e', code, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  await until(() => output.includes('writing'), 'the other process');
  child.kill('SIGKILL');
  await once(child, 'exit');
  const store = await open();
  store.introduce('job', false);
  expect(store.state('job')).toBeDefined();
  expect(store.state('half')).toBeUndefined();
});
