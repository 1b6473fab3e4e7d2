import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { cpuOf, cpuOfEndedChildren, marker, memoryOf, processesOf } from './processes.ts';
import type { Command, Measurement } from './types.ts';

// Short runs are to be seen too, and long ones not to be disturbed.
const sampleAfterMs = [30, 50, 70, 100];
const sampleEveryMs = 250;

export interface MeasureOptions {
  /** Where the program's output goes. */
  readonly log: string;
  readonly directory: string;
  readonly timeoutMs: number;
  /** Aborting it ends the program and everything that it started. */
  readonly signal?: AbortSignal | undefined;
}

/** Runs a program to its end and tells what it took. One that fails or takes too long is an error that tells its output. */
export const measure = async (command: Command, options: MeasureOptions): Promise<Measurement> => {
  const run = randomBytes(8).toString('hex');
  const seen = new Map<number, boolean>();
  let share = 0;
  let peak = 0;
  const sample = (): void => {
    const memory = processesOf(run, seen).map(memoryOf);
    share = Math.max(
      share,
      memory.reduce((sum, one) => sum + one.share, 0),
    );
    peak = Math.max(peak, ...memory.map((one) => one.peak));
  };
  const cpuBefore = cpuOfEndedChildren();
  const log = openSync(options.log, 'w');
  const input = openSync(command.stdin ?? '/dev/null', 'r');
  const startedAt = Date.now();
  const start = performance.now();
  const [program, ...args] = command.argv as [string, ...string[]];
  const child = spawn(program, args, {
    cwd: options.directory,
    env: { ...cleanEnvironment(), ...command.env, [marker]: run },
    stdio: [input, log, log],
  });
  closeSync(log);
  closeSync(input);
  let samples = 0;
  let sampler: NodeJS.Timeout | undefined;
  const sampleLater = (): void => {
    const wait = sampleAfterMs[samples++] ?? sampleEveryMs;
    sampler = setTimeout(() => {
      sample();
      sampleLater();
    }, wait);
  };
  sampleLater();
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    child.kill('SIGTERM');
    setTimeout(() => endAll(processesOf(run)), 3000).unref();
  }, options.timeoutMs);
  const abort = (): void => endAll(processesOf(run));
  options.signal?.addEventListener('abort', abort);
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    const seconds = (performance.now() - start) / 1000;
    const left = processesOf(run);
    const cpuSeconds = cpuOfEndedChildren() - cpuBefore + left.map(cpuOf).reduce((sum, one) => sum + one, 0);
    endAll(left);
    options.signal?.throwIfAborted();
    if (isLate) throw new Error(`it was ended after ${Math.round(options.timeoutMs / 1000)} s`);
    if (code !== 0) throw new Error(`it ended with ${signal ?? code}:\n${await lastLines(options.log)}`);
    return { seconds, cpuSeconds, peakMb: Math.max(share, peak) / 1024, startedAt };
  } finally {
    clearTimeout(sampler);
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', abort);
  }
};

// Settings of whoever runs the bench must not reach those who take part.
const cleanEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(ANSIBLE_|MUSTER_|SSH_|NODE_|VITEST|npm_)/.test(name)),
  );

const endAll = (pids: readonly number[]): void => {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
};

const lastLines = async (file: string): Promise<string> =>
  (await readFile(file, 'utf8')).trimEnd().split('\n').slice(-15).join('\n');
