import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { EventScript } from '../../test/support/events.ts';
import { folderForEachTest } from '../../test/support/folders.ts';
import type { JournalLine } from '../engine/index.ts';
import { MusterError } from '../errors/index.ts';
import type { Timed } from '../events/index.ts';
import { EventLog } from './event-log.ts';
import {
  compareRuns,
  filterEvents,
  findRun,
  hashOfSource,
  readEvents,
  readJournal,
  readRun,
  removeOldRuns,
  runId,
  runIds,
  statsOf,
  writeManifest,
} from './index.ts';
import { Recorder, type RecordOptions } from './recorder.ts';

const patience = { timeout: 10_000, interval: 10 };

const directory = folderForEachTest('muster-record-');
let runs: string;
let warnings: string[];

beforeEach(() => {
  runs = directory.at('state', 'runs');
  warnings = [];
  directory.write('site.yml', '- hosts: all\n');
});

const record = (options: Partial<RecordOptions> = {}): Recorder =>
  new Recorder({
    runs,
    command: ['muster', 'run', 'site.yml', '-e', 'x=1'],
    playbooks: [directory.at('site.yml')],
    inventory: ['a,b,'],
    check: false,
    version: '9',
    warn: (message) => void warnings.push(message),
    ...options,
  });

const script = (): EventScript =>
  new EventScript()
    .run()
    .play('Web', ['a', 'b'])
    .task('One', ['a', 'b'])
    .result('a', 'changed')
    .result('b', 'failed', { msg: 'no' })
    .task('Two', ['a'])
    .result('a', 'ok')
    .end({ a: { ok: 2, changed: 1 }, b: { failed: 1 } }, 2);

const all = async <T>(events: AsyncIterable<T>): Promise<T[]> => {
  const list: T[] = [];
  for await (const event of events) list.push(event);
  return list;
};

async function* stream(events: readonly Timed[]): AsyncGenerator<Timed> {
  yield* events;
}

test('records events and what the run was', async () => {
  const recorder = record();
  expect(readRun(runs, recorder.id!)).toMatchObject({
    status: 'running',
    manifest: { command: ['muster', 'run', 'site.yml', '-e', 'x=********'] },
  });
  recorder.maskWith((text) => text);
  for (const event of script().events) recorder.take(event);
  recorder.end({ exitCode: 2 });
  const run = findRun(runs, recorder.id!.slice(0, 6));
  expect(await all(readEvents(run))).toEqual(JSON.parse(JSON.stringify(script().events)));
  expect(run).toMatchObject({
    status: 'failed',
    manifest: {
      exitCode: 2,
      command: ['muster', 'run', 'site.yml', '-e', 'x=1'],
      playbooks: [{ path: directory.at('site.yml'), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }],
      inventory: [{ path: 'a,b,' }],
      stats: { a: { changed: 1 } },
      duration: expect.any(Number),
    },
  });
  expect(statSync(run.directory).mode & 0o777).toBe(0o700);
  expect(readdirSync(run.directory).map((name) => statSync(join(run.directory, name)).mode & 0o777)).toEqual([
    0o600, 0o600, 0o600,
  ]);
  expect(warnings).toEqual([]);
});

test('has results on the disk at once, and everything else within a moment', async () => {
  const recorder = record();
  const file = join(runs, recorder.id!, 'events.jsonl');
  const { events } = script();
  recorder.take(events[0]!);
  await vi.waitFor(() => expect(readFileSync(file, 'utf8')).toBe(`${JSON.stringify(events[0])}\n`), patience);
  recorder.take(events.find(({ type }) => type === 'host_result')!);
  await vi.waitFor(() => expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(3), patience);
  recorder.end({ exitCode: 0 });
});

test('reads a record whose last line was cut, and whose process is gone', async () => {
  const recorder = record();
  for (const event of script().events.slice(0, -1)) recorder.take(event);
  recorder.end({ exitCode: 0 });
  const run = readRun(runs, recorder.id!);
  const { endedAt: _endedAt, stats: _stats, ...manifest } = run.manifest!;
  writeManifest(run.directory, { ...manifest, status: 'running', process: { id: process.pid, startedAt: '1' } });
  appendFileSync(join(run.directory, 'events.jsonl'), '{"type":"host_result","ta');
  const broken = readRun(runs, run.id);
  expect(broken.status).toBe('broken');
  expect(await all(readEvents(broken))).toHaveLength(script().events.length - 1);
  expect(await statsOf(broken)).toMatchObject({ a: { ok: 2, changed: 1 }, b: { failed: 1 } });
  rmSync(join(run.directory, 'manifest.json'));
  expect(readRun(runs, run.id)).toMatchObject({ status: 'broken', manifest: undefined });
});

test('a full disk ends the record, with one warning', async () => {
  const failures: Error[] = [];
  const log = new EventLog('/dev/full', (error) => void failures.push(error));
  log.append('one\n', true);
  await vi.waitFor(() => expect(failures).toHaveLength(1), patience);
  log.append('two\n', true);
  log.close();
  expect(failures.map((error) => (error as NodeJS.ErrnoException).code)).toEqual(['ENOSPC']);
});

test('a journal holds what was written until its end, and begins with that of the run it goes on with', async () => {
  const first = record();
  const lines: JournalLine[] = [
    { type: 'play', play: 1, name: 'Web', hosts: ['a'] },
    { type: 'file', path: '/site.yml', hash: 'x' },
  ];
  for (const line of lines) first.note(line);
  const { directory: place } = readRun(runs, first.id!);
  expect(readJournal(place)).toEqual(lines);
  appendFileSync(join(place, 'journal.jsonl'), '{"type":"st');
  expect(readJournal(place)).toEqual(lines);
  const second = record({ resumes: { id: first.id!, lines } });
  second.note({ type: 'live', play: 1, host: 'a' });
  second.end({ exitCode: 0 });
  const run = readRun(runs, second.id!);
  expect(run.manifest?.resumes).toBe(first.id);
  expect(readJournal(run.directory)).toEqual([...lines, { type: 'live', play: 1, host: 'a' }]);
  rmSync(join(run.directory, 'journal.jsonl'));
  expect(readJournal(run.directory)).toBeUndefined();
});

test('comments say nothing, but in blocks of text', () => {
  const hash = (text: string, path = 'a.yml'): string => hashOfSource(path, Buffer.from(text));
  expect(hash('a: 1\n  # why\nb: 2\n')).toBe(hash('# Told.\na: 1\nb: 2\n'));
  expect(hash('a: 1\n')).not.toBe(hash('a: 2\n'));
  expect(hash('a: 1 # one\n')).not.toBe(hash('a: 1\n'));
  expect(hash('a: |\n  #!/bin/sh\n  x\n')).not.toBe(hash('a: |\n  x\n'));
  expect(hash('a: >- # folded\n  # text\n')).not.toBe(hash('a: >- # folded\n'));
  expect(hash('# x\n', 'a.j2')).not.toBe(hash('', 'a.j2'));
});

test('a run that cannot be recorded goes on, with one warning', async () => {
  directory.write('file', '');
  const recorder = record({ runs: directory.at('file', 'runs') });
  recorder.maskWith((text) => text);
  for (const event of script().events) recorder.take(event);
  recorder.end({ exitCode: 0 });
  expect(recorder.id).toBeUndefined();
  expect(warnings).toEqual([expect.stringContaining('the run cannot be recorded in')]);
});

test('keeps no error of which it is not known what in it is secret', async () => {
  const early = record();
  early.end({ exitCode: 1, error: 'hunter2 is wrong' });
  expect(readRun(runs, early.id!).manifest).toMatchObject({ status: 'error', error: 'the run could not begin' });
  const late = record();
  late.maskWith((text) => text.replaceAll('hunter2', '********'));
  late.end({ exitCode: 1, error: 'hunter2 is wrong' });
  expect(readRun(runs, late.id!).manifest?.error).toBe('******** is wrong');
});

test('tells the commit that is checked out, without git', async () => {
  const git = directory.at('.git');
  mkdirSync(join(git, 'refs/heads'), { recursive: true });
  writeFileSync(join(git, 'HEAD'), 'ref: refs/heads/main\n');
  const revision = '0123456789abcdef0123456789abcdef01234567';
  writeFileSync(join(git, 'packed-refs'), `# pack-refs\n${revision} refs/heads/main\n`);
  const recorder = record();
  recorder.end({ exitCode: 0 });
  expect(readRun(runs, recorder.id!).manifest?.git).toEqual({ revision, branch: 'main' });
});

test('finds runs by the beginning of a name and by how long ago they were', async () => {
  const ids = [record(), record(), record()].map(({ id }) => id!);
  expect(new Set(ids).size).toBe(3);
  expect(findRun(runs, 'last').id).toBe(ids[2]);
  expect(findRun(runs, 'last~2').id).toBe(ids[0]);
  expect(() => findRun(runs, 'last~3')).toThrow(MusterError);
  expect(() => findRun(runs, ids[0]!.slice(0, 3))).toThrow(/3 runs that begin with/);
  expect(() => findRun(runs, 'zzz')).toThrow("there is no run 'zzz'");
  expect(() => findRun(directory.at('none'), 'last')).toThrow('no records');
});

test('removes what is too much or too old, but no run that goes on', async () => {
  const day = 86_400_000;
  const now = Date.now();
  const old = [100, 50, 2, 1].map((days) => runId(now - days * day));
  for (const id of old) mkdirSync(join(runs, id), { recursive: true });
  mkdirSync(join(runs, 'something-else'));
  expect(await removeOldRuns(runs, { count: 0, days: 90 }, now)).toEqual([old[0]]);
  expect(await removeOldRuns(runs, { count: 2, days: 0 }, now)).toEqual([old[1]]);
  const running = record();
  expect(await removeOldRuns(runs, { count: 1, days: 0 }, now + day)).toEqual([old[3], old[2]]);
  expect(await removeOldRuns(runs, { count: 0, days: 1 }, now + 3 * day)).toEqual([]);
  expect(runIds(runs)).toEqual([running.id]);
  expect(existsSync(join(runs, 'something-else'))).toBe(true);
});

test('shows only some hosts, or only failures', async () => {
  const types = async (filter: Parameters<typeof filterEvents>[1]): Promise<string[]> =>
    (await all(filterEvents(stream(script().events), filter))).map((event) =>
      'host' in event ? `${event.type} ${event.host}` : event.type,
    );
  expect(await types({ host: 'b*' })).toEqual([
    'run_started',
    'play_started',
    'task_started',
    'host_started b',
    'host_result b',
    'run_ended',
  ]);
  expect(await types({ failed: true })).toEqual([
    'run_started',
    'play_started',
    'task_started',
    'host_result b',
    'run_ended',
  ]);
  expect(await types({ host: 'nobody' })).toEqual(['run_started', 'run_ended']);
});

test('tells what went otherwise on which host', async () => {
  const after = new EventScript()
    .run()
    .play('Web', ['a', 'b', 'c'])
    .task('One', ['a', 'b', 'c'])
    .result('a', 'ok')
    .result('b', 'failed', { msg: 'no' })
    .result('c', 'failed', { msg: 'why' })
    .task('Two (renamed)', ['a'])
    .result('a', 'changed')
    .task('Three', ['a'])
    .result('a', 'ok');
  const { hosts, same } = await compareRuns(stream(script().events), stream(after.events));
  expect(same).toBe(1);
  expect(Object.fromEntries(hosts)).toEqual({
    a: [
      { task: 'One', before: 'changed', after: 'ok', message: undefined },
      { task: 'Two (renamed)', before: 'ok', after: 'changed', message: undefined },
      { task: 'Three', before: undefined, after: 'ok', message: undefined },
    ],
    c: [{ task: 'One', before: undefined, after: 'failed', message: 'why' }],
  });
});
