import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunEvent } from '../../runner/events/index.ts';
import { type Entry, fromEvents } from '../oracle/entries.ts';
import { mitogenStrategies } from './needs.ts';

const root = join(import.meta.dirname, '../..');
const secondsForOne = 800;

/** How a run ended, and all that happened in it. */
export interface Course {
  readonly entries: readonly Entry[];
  readonly code: number;
  /** What was printed for people. */
  readonly log: string;
  /** The full names of the modules, by the names of the tasks; only muster tells them. */
  readonly modules: ReadonlyMap<string, string>;
}

/** What a program needs to play a playbook somewhere. */
export interface Stage {
  readonly inventory: string;
  /** Variables for the command line. */
  readonly variables: Readonly<Record<string, string>>;
  /** A folder of the controller's that is this stage's own. */
  readonly directory: string;
}

export type Player = (playbook: string, stage: Stage, options?: readonly string[]) => Promise<Course>;

/** Plays a playbook on a twin with ansible-playbook. */
export const playAnsible: Player = (playbook, stage, options) => playWith({}, playbook, stage, options);

/** The same over Mitogen's connections, which take a fraction of the time; the modules are Ansible's own. */
export const playMitogen: Player = (playbook, stage, options) =>
  playWith(
    {
      ANSIBLE_STRATEGY: 'mitogen_linear',
      ANSIBLE_STRATEGY_PLUGINS: mitogenStrategies,
    },
    playbook,
    stage,
    options,
  );

const playWith = async (
  environment: Readonly<Record<string, string>>,
  playbook: string,
  twin: Stage,
  options: readonly string[] = [],
): Promise<Course> => {
  const transcript = join(twin.directory, 'transcript.jsonl');
  await rm(transcript, { force: true });
  const { code, stdout, stderr } = await start('ansible-playbook', argumentsFor(playbook, twin, options), {
    ANSIBLE_CALLBACK_PLUGINS: join(root, 'test/oracle/callback_plugins'),
    ANSIBLE_STDOUT_CALLBACK: 'transcript',
    TRANSCRIPT: transcript,
    ANSIBLE_HOME: join(twin.directory, 'ansible'),
    ANSIBLE_PIPELINING: '1',
    // A socket's path is short, or ssh refuses it.
    ANSIBLE_SSH_CONTROL_PATH_DIR: join(twin.directory, 'cp'),
    ...environment,
  });
  const text = await readFile(transcript, 'utf8').catch(() => '');
  return { entries: jsonLines<Entry>(text), code, log: `${stdout}${stderr}`, modules: new Map() };
};

/** Plays a playbook on a twin with muster, from its source, as a process of its own. */
export const playMuster: Player = async (playbook, twin, options = []) => {
  const { code, stdout, stderr } = await start(process.execPath, [
    '--import',
    'tsx',
    join(root, 'runner/cli/main.ts'),
    'run',
    '--output',
    'jsonl',
    ...argumentsFor(playbook, twin, options),
  ]);
  const events = jsonLines<RunEvent>(stdout);
  const modules = new Map(
    events.flatMap((event) => (event.type === 'task_started' ? [[event.name, event.module]] : [])),
  );
  return { entries: fromEvents(events), code, log: stderr, modules };
};

const argumentsFor = (playbook: string, twin: Stage, options: readonly string[]): string[] => [
  '-i',
  twin.inventory,
  '-e',
  JSON.stringify(twin.variables),
  ...options,
  playbook,
];

const jsonLines = <T>(text: string): T[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as T);

const start = (
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((resolve, reject) => {
    execFile(
      program,
      args,
      {
        cwd: root,
        maxBuffer: 1 << 28,
        timeout: secondsForOne * 1000,
        env: {
          ...process.env,
          ...environment,
          ANSIBLE_CONFIG: join(import.meta.dirname, 'ansible.cfg'),
          ANSIBLE_NOCOLOR: '1',
        },
      },
      (error, stdout, stderr) => {
        if (error && typeof error.code !== 'number') reject(new Error(`${program}: ${error.message}\n${stderr}`));
        else resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
      },
    ).stdin?.end();
  });
