import { join } from 'node:path';
import { type MeasureOptions, measure } from './measure.ts';
import { missingFor, usualRounds } from './runners/index.ts';
import { firstDifference } from './state.ts';
import type { Bench, Case, CaseResult, Measurement, Row, RunnerName } from './types.ts';

export interface RunOptions {
  readonly runners: readonly RunnerName[];
  /** Rounds for everybody; the usual ones when not given. */
  readonly rounds?: number | undefined;
  /** No round begins for a runner that has used up this much in a case. */
  readonly patienceSeconds: number;
  readonly timeoutSeconds: number;
  /** From this moment on everybody gets one round only; `performance.now()`'s milliseconds. */
  readonly hurryFrom?: number | undefined;
  /** Aborting it ends the bench; what it has started is cleaned up. */
  readonly signal?: AbortSignal | undefined;
  readonly say: (line: string) => void;
}

type Round = Measurement & { readonly observed: Readonly<Record<string, number>> };

/** Who may take part in a case, with what their runs have shown so far. */
interface Entrant {
  readonly runner: RunnerName;
  readonly size: number;
  readonly rounds: Round[];
  failure?: string;
}

/**
 * Lets everybody run a case in turn, round by round. A run counts only when its end state is the same as that of a
 * reference run, which nobody is timed in.
 */
export const runCase = async (bench: Bench, one: Case, options: RunOptions): Promise<CaseResult> => {
  const notes: string[] = [];
  const entrants: Entrant[] = [];
  for (const runner of options.runners) {
    const size = Math.min(one.size, one.smaller?.[runner] ?? one.size);
    if (!one.command(runner, size)) continue;
    const missing = missingFor(runner);
    if (missing) notes.push(`${runner}: skipped, ${missing}`);
    else entrants.push({ runner, size, rounds: [] });
  }
  const references = new Map<number, string>();
  for (const size of new Set(entrants.map((entrant) => entrant.size))) {
    const state = await referenceState(bench, one, size, options);
    if (state !== undefined) references.set(size, state);
  }
  for (let round = 1; ; round++) {
    const due = entrants.filter((entrant) => isDue(entrant, one, round, options));
    if (due.length === 0) break;
    for (const entrant of due) {
      try {
        entrant.rounds.push(await runOnce(bench, one, entrant, references.get(entrant.size), options));
        const { seconds, cpuSeconds } = entrant.rounds.at(-1)!;
        options.say(`  ${entrant.runner}, round ${round}: ${seconds.toFixed(3)} s, CPU ${cpuSeconds.toFixed(2)} s`);
      } catch (error) {
        options.signal?.throwIfAborted();
        entrant.failure = (error as Error).message;
        options.say(`  ${entrant.runner}, round ${round}: ${entrant.failure}`);
      }
    }
  }
  for (const { runner, failure } of entrants) if (failure) notes.push(`${runner}: ${inOneLine(failure)}`);
  const rows = entrants
    .filter(({ rounds, failure }) => rounds.length > 0 && !failure)
    .map((entrant) => toRow(one, entrant));
  const result = { title: one.title, unit: one.unit, size: one.size, rows, notes, marks: [] };
  return { ...result, marks: one.marks?.(result) ?? [] };
};

/** The beginning of a message; all of it was said when it came up. */
const inOneLine = (message: string): string => {
  const line = message.replace(/\s+/g, ' ');
  return line.length <= 200 ? line : `${line.slice(0, 200)} …`;
};

const isDue = ({ runner, rounds, failure }: Entrant, one: Case, round: number, options: RunOptions): boolean => {
  const most = Math.min(options.rounds ?? usualRounds[runner], one.rounds ?? Number.POSITIVE_INFINITY);
  if (round > 1 && performance.now() > (options.hurryFrom ?? Number.POSITIVE_INFINITY)) return false;
  const used = rounds.reduce((sum, { seconds }) => sum + seconds, 0);
  return !failure && round <= most && used < options.patienceSeconds;
};

// The floor has no engine that could go wrong, so it says what the state is to be; muster does where there is no floor.
const referenceState = async (
  bench: Bench,
  one: Case,
  size: number,
  options: RunOptions,
): Promise<string | undefined> => {
  const command = one.reference?.(size) ?? one.command('floor', size) ?? one.command('muster', size);
  if (!one.state || !command) return undefined;
  await one.prepare?.(size);
  await measure(command, measureOptions(bench, options));
  return one.state(size);
};

const runOnce = async (
  bench: Bench,
  one: Case,
  { runner, size }: Entrant,
  reference: string | undefined,
  options: RunOptions,
): Promise<Round> => {
  await one.prepare?.(size);
  const measured = await measure(one.command(runner, size)!, measureOptions(bench, options));
  if (one.state && reference !== undefined) {
    const difference = firstDifference(reference, await one.state(size));
    if (difference !== undefined) throw new Error(`its end state is another one: ${difference}`);
  }
  return { ...measured, observed: (await one.observe?.(runner, size, measured)) ?? {} };
};

const measureOptions = (bench: Bench, { timeoutSeconds, signal }: RunOptions): MeasureOptions => ({
  log: join(bench.directory, 'output.log'),
  directory: bench.directory,
  timeoutMs: timeoutSeconds * 1000,
  signal,
});

const toRow = (one: Case, { runner, size, rounds }: Entrant): Row => {
  const names = Object.keys(rounds[0]!.observed);
  return {
    runner,
    size,
    rounds: rounds.length,
    items: one.items(size),
    seconds: median(rounds.map(({ seconds }) => seconds)),
    cpuSeconds: median(rounds.map(({ cpuSeconds }) => cpuSeconds)),
    peakMb: median(rounds.map(({ peakMb }) => peakMb)),
    observed: Object.fromEntries(names.map((name) => [name, median(rounds.map(({ observed }) => observed[name]!))])),
  };
};

/** The middle of numbers, or the mean of the two in the middle. */
export const median = (numbers: readonly number[]): number => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};
