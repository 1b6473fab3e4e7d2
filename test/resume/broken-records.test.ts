import { appendFileSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runIds } from '../../runner/record/index.ts';
import { Project } from './project.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let project: Project;
beforeEach(async () => {
  project = new Project();
  project.playbook('- shell: echo one >>log\n- shell: echo two >>log; test -e good\n');
  expect((await project.run('--limit', 'a')).exitCode).toBe(2);
});
afterEach(() => project.close());

const directory = (): string => join('runs', runIds('runs')[0]!);

/** What all commands that take a run say of the last one, none of which may be the trace of a defect. */
const said = async (
  id = runIds('runs')[0]!,
): Promise<Record<'list' | 'show' | 'diff' | 'retry' | 'resume', string>> => {
  const say = async (...words: string[]): Promise<string> => {
    const { text } = await project.muster(...words);
    expect(text).not.toMatch(/muster itself failed|^ +at .*:\d+:\d+/m);
    return text.replaceAll(/\s+/g, ' ');
  };
  return {
    list: await say('history'),
    show: await say('history', 'show', id),
    diff: await say('history', 'diff', id, id),
    retry: await say('retry', id, '--check'),
    resume: await say('resume', id),
  };
};

test.each([
  ['empty', ''],
  ['cut', '{"version": 1, "id": "0a'],
  ['no manifest', '{"version": 1, "id": 7}'],
  ['null', 'null'],
])('a manifest that is damaged (%s) is told of', async (_, text) => {
  writeFileSync(join(directory(), 'manifest.json'), text);
  const { list, show, retry, resume } = await said();
  expect(list).toContain('broken');
  expect(show).toContain('manifest.json is damaged');
  expect(show).toContain('TASK [shell]');
  for (const refusal of [retry, resume])
    expect(refusal).toContain('cannot be gone on with: its manifest.json is damaged');
});

test('a record of another version is told of', async () => {
  const file = join(directory(), 'manifest.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"version": 1', '"version": 9'));
  const { resume, retry } = await said();
  for (const refusal of [retry, resume]) expect(refusal).toContain('is of version 9, and this muster reads version 1');
});

test('what was cut in the middle of a line counts up to there', async () => {
  for (const name of ['events.jsonl', 'journal.jsonl']) {
    const file = join(directory(), name);
    truncateSync(file, statSync(file).size - 30);
  }
  project.write('good', '');
  const { show, resume } = await said();
  expect(show).toContain('The record ends here');
  expect(resume).toContain('resuming run');
  expect(project.lines()).toEqual(['one', 'two', 'two']);
});

test('events and journals that are no lines of JSON, or are not there, are passed over', async () => {
  const [id] = runIds('runs');
  const place = directory();
  for (const name of ['events.jsonl', 'journal.jsonl']) writeFileSync(join(place, name), 'null\n[]\n7\n"\n');
  expect((await said(id)).resume).toContain('so it cannot be resumed');
  for (const name of ['events.jsonl', 'journal.jsonl']) rmSync(join(place, name));
  const { show, resume } = await said(id);
  expect(show).toContain('The record ends here');
  expect(resume).toContain('so it cannot be resumed');
});

test('names that are no names of runs are told of', async () => {
  for (const [name, message] of [
    ['zzz', "there is no run 'zzz'"],
    ['', "there is no run ''"],
    ['../runs', "there is no run '../runs'"],
    ['last~7', 'expected: at most last~0'],
  ] as const) {
    for (const words of [['history', 'show'], ['history', 'diff', 'last'], ['resume'], ['retry']]) {
      const { exitCode, text } = await project.muster(...words, name);
      expect(exitCode).toBe(1);
      expect(text).toContain(message);
    }
  }
});

test('a place that cannot hold records costs a warning, and one that cannot be read is told of', async () => {
  appendFileSync('file', '');
  for (const place of [join(project.directory, 'file'), '/proc/nowhere/runs']) {
    const { exitCode, text } = await project.run('--limit', 'a', '--runs-dir', place, '--list-hosts');
    expect(exitCode, text).toBe(0);
    project.write('good', '');
    const run = await project.run('--limit', 'a', '--runs-dir', place);
    expect(run.exitCode, run.text).toBe(0);
    expect(run.text).toContain('the run cannot be recorded in');
  }
  vi.stubEnv('MUSTER_RUNS_DIR', join(project.directory, 'file'));
  for (const words of [['history'], ['history', 'show', 'last'], ['resume'], ['retry', 'last']]) {
    const { exitCode, text } = await project.muster(...words);
    expect(exitCode).toBe(1);
    expect(text).toContain('the records of runs cannot be read: ');
  }
});
