import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { identify, isRunning, type ProcessIdentity } from '../state/index.ts';

/** A process that runs playbooks. */
export interface Child {
  readonly identity: ProcessIdentity;
  /** Its exit code; undefined when a signal ended it, or when nobody can tell any more. */
  readonly ended: Promise<number | undefined>;
}

export interface ChildOptions {
  readonly words: readonly string[];
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** What it says of itself goes here, since it goes on when this process is gone; undefined: to where this one writes. */
  readonly log: string | undefined;
}

/** Starts a process in a session of its own, so that a Ctrl-C or the end of this one does not reach it. */
export const startChild = async ({ words, folder, env, log }: ChildOptions): Promise<Child> => {
  const [file, ...args] = words;
  const descriptor = log === undefined ? undefined : openSync(log, 'w', 0o600);
  try {
    const output = descriptor === undefined ? (['inherit', 'inherit'] as const) : (['ignore', descriptor] as const);
    const child = spawn(file!, args, { cwd: folder, env, stdio: ['ignore', ...output], detached: true });
    const ended = new Promise<number | undefined>((resolve) => {
      child.once('exit', (code) => resolve(code ?? undefined));
      child.once('error', () => resolve(undefined));
    });
    if (child.pid === undefined) {
      throw await new Promise<Error>((resolve) => child.once('error', resolve));
    }
    return { identity: identify(child.pid), ended };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
};

const pollEvery = 500;

/** A process that another one had started. */
export const adoptChild = (identity: ProcessIdentity): Child => ({
  identity,
  ended: (async () => {
    while (isRunning(identity)) await sleep(pollEvery);
    return undefined;
  })(),
});

/** Sends a signal to a process and, when it is to end at once, to all that it started. */
export const signalChild = (child: ProcessIdentity, signal: 'SIGINT' | 'SIGKILL'): void => {
  if (!isRunning(child)) return;
  for (const id of signal === 'SIGKILL' ? [-child.id, child.id] : [child.id]) {
    try {
      process.kill(id, signal);
    } catch {
      // It has ended by itself.
    }
  }
};

/** The last lines that a process left in its log. */
export const lastWords = (log: string): string | undefined => {
  try {
    const text = readFileSync(log, 'utf8').trim();
    return text === '' ? undefined : text.split('\n').slice(0, 8).join('\n').slice(0, 1000);
  } catch {
    return undefined;
  }
};
