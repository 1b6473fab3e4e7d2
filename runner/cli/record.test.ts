import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { capturingOutput } from '../../test/support/captured-output.ts';
import { folderForEachTest } from '../../test/support/folders.ts';
import { main } from './index.ts';

const entry = fileURLToPath(new URL('./main.ts', import.meta.url));
const loader = import.meta.resolve('tsx');

const directory = folderForEachTest('muster-history-');

beforeEach(() => {
  vi.stubEnv('MUSTER_RECORD', 'true');
  vi.stubEnv('MUSTER_RUNS_DIR', directory.at('runs'));
  vi.stubEnv('NO_COLOR', '1');
});
afterEach(() => vi.unstubAllEnvs());

const start = (args: readonly string[]): ChildProcess =>
  spawn(process.execPath, ['--import', loader, entry, ...args], { cwd: directory.path, stdio: 'ignore' });

/** Runs muster in this process, and gives what it writes. */
const muster = async (...args: string[]): Promise<{ text: string; exitCode: number }> => {
  const { value: exitCode, text } = await capturingOutput(() => main(args));
  return { text, exitCode };
};

const playbook = (task: string): string =>
  directory.write(
    'site.yml',
    `- name: Play\n  hosts: localhost\n  gather_facts: false\n  tasks:\n    - name: First\n      command: echo hi\n    - name: Second\n      ${task}\n`,
  );

test('lists, shows and compares runs', async () => {
  playbook("fail: {msg: 'the password is {{ db_password }}'}");
  const site = directory.at('site.yml');
  const run = ['run', site, '--output', 'classic', '-e', 'db_password=hunter2'];
  expect((await muster(...run)).exitCode).toBe(2);
  playbook('ping:');
  expect((await muster(...run)).exitCode).toBe(0);
  expect((await muster(...run, '--list-tasks')).exitCode).toBe(0);
  expect((await muster(...run, '--no-record')).exitCode).toBe(0);
  expect(readdirSync(directory.at('runs'))).toHaveLength(2);

  const list = await muster('history');
  expect(
    list.text.split('\n').map((line) =>
      line
        .replace(/\d+ms|\d+\.\ds/, 'TIME')
        .replace(/\d{4}-\S+ \S+/, 'WHEN')
        .slice(9)
        .replaceAll(/ {2,}/g, '  '),
    ),
  ).toEqual([
    'WHEN  RESULT  TIME  HOSTS  PLAYBOOK',
    `WHEN  ok  TIME  1: 1 changed  ${site}`,
    `WHEN  failed  TIME  1: 1 changed, 1 failed  ${site}`,
    '',
  ]);
  expect(
    (await muster('history', '--status', 'failed', '--since', '1h', '--host', 'local*', '--json')).text
      .trimEnd()
      .split('\n'),
  ).toHaveLength(1);

  const shown = await muster('history', 'show', 'last~1', '--output', 'console', '--failed');
  expect(shown.text).toContain(`muster run ${site} --output classic -e db_password=********\n`);
  expect(shown.text).toContain('TASK Second\n  failed       localhost: the password is hunter2\n');
  expect(shown.text).not.toContain('TASK First');

  const diff = await muster('history', 'diff', 'last~1', 'last');
  expect(diff.text).toContain('the playbooks differ\n\nlocalhost\n  Second: failed -> ok\n\n0 hosts went as before.\n');
});

test('a run that was killed leaves a record that can be read', async () => {
  playbook('command: sleep 60');
  const child = start(['run', 'site.yml']);
  const runs = directory.at('runs');
  const closed = once(child, 'close');
  for (let attempt = 0; attempt < 2000; attempt++) {
    await sleep(25);
    const [id] = ignoringErrors(() => readdirSync(runs)) ?? [];
    const events = id && ignoringErrors(() => readFileSync(join(runs, id, 'events.jsonl'), 'utf8'));
    if (events?.includes('"Second"')) break;
  }
  expect((await muster('history', '--status', 'running')).text).toContain('running');
  child.kill('SIGKILL');
  await closed;
  const list = await muster('history');
  expect(list.text).toMatch(/broken +- +1: 1 changed +site\.yml/);
  const shown = await muster('history', 'show', 'last', '--output', 'console');
  expect(shown.text).toMatch(/TASK First\n {2}changed {6}localhost\n/);
  expect(shown.text).toContain('The record ends here: the run broke off without a word.');
}, 90_000);

const ignoringErrors = <T>(work: () => T): T | undefined => {
  try {
    return work();
  } catch {
    return undefined;
  }
};
