import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LogEntry } from '../../runner/schedule/log.ts';
import { until } from '../support/schedules.ts';
import { openFolder, type ScratchFolder } from '../support/scratch-folder.ts';

const entry = fileURLToPath(new URL('../../runner/cli/main.ts', import.meta.url));
const loader = import.meta.resolve('tsx');

/** A folder with schedules and playbooks, a place for records and one for the state. */
export interface Folder extends ScratchFolder {
  readonly state: string;
  readonly runs: string;
}

/** `muster schedule start` in a process of its own. */
export interface DaemonProcess {
  readonly child: ChildProcess;
  readonly log: () => LogEntry[];
  /** All that it wrote. */
  readonly output: () => string;
  /** Waits for a line of the log. */
  told(event: string, fields?: Readonly<Record<string, unknown>>, count?: number): Promise<LogEntry>;
  /** Ends it, and waits for its end; gives the exit code. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

const started: DaemonProcess[] = [];
const folders: ScratchFolder[] = [];

/** Ends what a test left behind. */
export const cleanUp = async (): Promise<void> => {
  for (const daemon of started.splice(0)) await daemon.end('SIGTERM');
  for (const folder of folders.splice(0)) folder.remove();
};

export const createFolder = (files: Readonly<Record<string, string>>): Folder => {
  const folder = openFolder('muster-daemon-');
  folders.push(folder);
  folder.write('muster.cfg', '[muster]\nruns_dir = runs\nschedule_state = state/schedules.db\n');
  for (const [name, text] of Object.entries(files)) folder.write(name, text);
  return { ...folder, state: folder.at('state/schedules.db'), runs: folder.at('runs') };
};

/** A play on this machine without facts. */
export const play = (...tasks: string[]): string =>
  `- hosts: localhost\n  connection: local\n  gather_facts: false\n  tasks:\n${tasks.map((task) => `    - ${task}\n`).join('')}`;

const environment = (): NodeJS.ProcessEnv => {
  const { MUSTER_RECORD: _record, MUSTER_RUNS_DIR: _runs, ...rest } = process.env;
  return { ...rest, NO_COLOR: '1' };
};

export const startDaemon = (
  folder: Folder,
  options: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): DaemonProcess => {
  const child = spawn(process.execPath, ['--import', loader, entry, 'schedule', 'start', ...options], {
    cwd: folder.path,
    env: { ...environment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  let output = '';
  let errors = '';
  child.stdout!.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr!.on('data', (chunk) => {
    errors += chunk;
  });
  const log = (): LogEntry[] =>
    output
      .slice(0, output.lastIndexOf('\n') + 1)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as LogEntry);
  const daemon: DaemonProcess = {
    child,
    log,
    output: () => output + errors,
    told: async (event, fields = {}, count = 1) => {
      const find = (): LogEntry[] =>
        log().filter(
          (one) => one.event === event && Object.entries(fields).every(([name, value]) => one[name] === value),
        );
      await until(() => find().length >= count || child.exitCode !== null, event);
      const found = find()[count - 1];
      if (!found) throw new Error(`the daemon ended without ${event}:\n${output}${errors}`);
      return found;
    },
    end: async (signal = 'SIGTERM') => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await closed;
      return child.exitCode;
    },
  };
  started.push(daemon);
  return daemon;
};

/** Runs muster to its end. */
export const muster = (
  folder: Folder,
  ...args: string[]
): Promise<{ stdout: string; stderr: string; exitCode: number }> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--import', loader, entry, ...args],
      { cwd: folder.path, env: environment() },
      (error, stdout, stderr) => resolve({ stdout, stderr, exitCode: error ? Number(error.code) : 0 }),
    );
  });
