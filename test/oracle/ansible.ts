import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Entry } from './entries.ts';
import type { Said } from './muster.ts';

const here = import.meta.dirname;
const secondsForOne = 120;

/** ansible-playbook, loaded once and forked for each run. */
export interface Ansible {
  run(args: readonly string[]): Promise<Said>;
  close(): Promise<void>;
}

/** `environment` is that of all runs. */
export const openAnsible = async (environment: Readonly<Record<string, string>>): Promise<Ansible> => {
  const directory = await mkdtemp(join(tmpdir(), 'muster-oracle-'));
  const child = spawn('/usr/bin/python3', [join(here, 'run-playbooks.py')], {
    env: {
      ...process.env,
      ...environment,
      ANSIBLE_CALLBACK_PLUGINS: join(here, 'callback_plugins'),
      ANSIBLE_STDOUT_CALLBACK: 'transcript',
      ANSIBLE_LOCAL_TEMP: join(directory, 'tmp'),
      ANSIBLE_NOCOLOR: '1',
    },
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk;
  });
  let turn: Promise<unknown> = Promise.resolve();
  let count = 0;
  const run = async (args: readonly string[]): Promise<Said> => {
    const [transcript, log] = [join(directory, `${++count}.jsonl`), join(directory, `${count}.log`)];
    child.stdin.write(`${JSON.stringify({ arguments: args, transcript, log, seconds: secondsForOne })}\n`);
    const answer = await answers.next();
    if (answer.done) throw new Error(`ansible-playbook could not be run: ${errors}`);
    const lines = (await readFile(transcript, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
    return {
      entries: lines.map((line) => JSON.parse(line) as Entry),
      exitCode: (JSON.parse(answer.value) as { code: number | null }).code,
      log: await readFile(log, 'utf8'),
    };
  };
  return {
    run: (args) => {
      const said = turn.then(() => run(args));
      turn = said.catch(() => {});
      return said;
    },
    close: () => end(child, directory),
  };
};

const end = async (child: ChildProcessWithoutNullStreams, directory: string): Promise<void> => {
  const ended = child.exitCode === null ? once(child, 'exit') : undefined;
  child.stdin.end();
  await ended;
  await rm(directory, { recursive: true, force: true });
};
