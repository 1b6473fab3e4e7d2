import pLimit from 'p-limit';
import { formatError, InterruptedError, MusterError, SourceError } from '../errors/index.ts';
import type { PlayNode } from '../playbook/tree.ts';
import { type Dict, dict } from '../values/index.ts';
import type { RunContext } from './context.ts';
import { runPlay } from './play.ts';
import { Restorer } from './restore/restorer.ts';
import { Scopes } from './scopes.ts';
import { Stats } from './stats.ts';
import { GuessedNames } from './task/guesses.ts';

export interface LoadedPlaybook {
  readonly file: string;
  readonly plays: readonly PlayNode[];
}

/** A run of playbooks: what lives from its first play to its last. */
export interface Run {
  readonly context: RunContext;
  readonly scopes: Scopes;
  readonly stats: Stats;
  /** At most `forks` hosts are worked on at the same time. */
  readonly limit: <T>(work: () => Promise<T>) => Promise<T>;
  /** Hosts that failed or were unreachable in an earlier play or batch: they take no further part. */
  readonly lost: { readonly failed: Set<string>; readonly unreachable: Set<string> };
  /** --start-at-task, until the task was met. */
  startAt: string | undefined;
  /** The number of plays that were begun, and of files included: they order and name what happens. */
  plays: number;
  tasks: number;
  includes: number;
  /** Set when the run is to stop: a play in which nobody was left, or `meta: end_play` of the whole. */
  isOver: boolean;
  /** Set when failures of some hosts ended a play for all. */
  isBroken: boolean;
  /** What check mode could only guess of; undefined when nobody asked for that. */
  readonly guessed: GuessedNames | undefined;
  /** Writes down what is needed to resume the run, and resumes an earlier one; undefined when there is no record. */
  readonly restorer: Restorer | undefined;
  /** --step was answered with "go on to the end". */
  isStepping: boolean;
}

/** Exit codes, as ansible-playbook's. */
export const exitCodes = {
  ok: 0,
  error: 1,
  failedHosts: 2,
  unreachableHosts: 4,
  parserError: 4,
  interrupted: 99,
  defect: 250,
};

/** Runs playbooks on hosts and says by events what happens. Returns the exit code. */
export const runPlaybooks = async (
  context: RunContext,
  playbooks: readonly LoadedPlaybook[],
  constants: Dict = new Map(),
): Promise<number> => {
  const start = performance.now();
  const { options, bus } = context;
  const run: Run = {
    context,
    scopes: new Scopes(
      context,
      dict({
        ansible_check_mode: options.check,
        ansible_diff_mode: options.diff,
        ansible_forks: options.forks,
        ...Object.fromEntries(constants),
      }),
    ),
    stats: new Stats(),
    limit: pLimit(Math.max(1, options.forks)),
    lost: { failed: new Set(), unreachable: new Set() },
    startAt: options.startAtTask,
    plays: 0,
    tasks: 0,
    includes: 0,
    isOver: false,
    isBroken: false,
    guessed: options.checkModePredicts ? new GuessedNames() : undefined,
    restorer: context.journal && new Restorer(context.journal),
    isStepping: options.step,
  };
  bus.emit({
    type: 'run_started',
    version: 1,
    playbooks: playbooks.map(({ file }) => file),
    check: options.check,
    diff: options.diff,
    ...(context.journal?.resumes !== undefined && { resumes: context.journal.resumes }),
  });
  let failure: MusterError | undefined;
  try {
    await runAll(run, playbooks);
    await waitForJobs(context);
  } catch (error) {
    if (!(error instanceof MusterError)) throw error;
    failure = error;
    bus.emit({ type: 'warning', kind: 'error', message: formatError(error) });
  }
  if (run.startAt !== undefined && !failure && !context.stopping.aborted) {
    const message = `no task is called '${run.startAt}', so --start-at-task passed over all; it finds no tasks in dynamic includes`;
    bus.emit({ type: 'warning', kind: 'error', message });
  }
  const exitCode = failure ? exitCodeOfError(failure) : exitCodeOf(run);
  bus.emit({
    type: 'run_ended',
    stats: run.stats.hosts,
    custom: run.stats.custom,
    exitCode,
    duration: performance.now() - start,
  });
  return exitCode;
};

/** Jobs that a task left to themselves come to their end before the run does, where their modules work from here. */
const waitForJobs = async ({ jobs, bus, stopping }: RunContext): Promise<void> => {
  if (jobs.tended === 0 || stopping.aborted) return;
  const message = `waiting for ${jobs.tended === 1 ? 'an asynchronous task' : `${jobs.tended} asynchronous tasks`} of other modules than command, shell and script`;
  bus.emit({ type: 'warning', kind: 'warning', message });
  await jobs.settle(stopping);
};

const runAll = async (run: Run, playbooks: readonly LoadedPlaybook[]): Promise<void> => {
  const { bus, stopping } = run.context;
  for (const { file, plays } of playbooks) {
    if (run.isOver || stopping.aborted) break;
    bus.emit({ type: 'playbook_started', file, plays: plays.length });
    for (const play of plays) {
      if (run.isOver || stopping.aborted) break;
      await runPlay(run, play);
    }
  }
};

/** Mistakes in sources are 4, as for ansible-playbook; what else ends a run is 1. */
const exitCodeOfError = (error: MusterError): number =>
  error instanceof InterruptedError
    ? exitCodes.interrupted
    : error instanceof SourceError && !error.problems.every(({ isMissing }) => isMissing)
      ? exitCodes.parserError
      : exitCodes.error;

const exitCodeOf = (run: Run): number => {
  if (run.context.stopping.aborted) return exitCodes.interrupted;
  if (run.lost.unreachable.size > 0 && !run.isBroken) return exitCodes.unreachableHosts;
  return run.lost.failed.size > 0 ? exitCodes.failedHosts : exitCodes.ok;
};
