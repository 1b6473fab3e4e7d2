import { MusterError } from '../../errors/index.ts';
import { readRun, statusOfExit } from '../../record/index.ts';
import type { ScheduleContext } from '../context.ts';
import { reportOf, runHooks } from '../hooks/index.ts';
import { insist } from '../insist.ts';
import { isGoingOn, type RunOutcome, type RunResult, type RunState } from '../state/index.ts';
import type { HookEvent, Schedule } from '../types.ts';
import { adoptChild, type Child, lastWords, startChild } from './child.ts';
import { type DriftReport, findDrift } from './drift.ts';
import { findChild, runToken, runVariable } from './find-child.ts';
import { findUnmet } from './requirements.ts';
import { failuresOf, findRecord, resultOf } from './result.ts';
import { watchChild } from './watch.ts';
import { ownFile, runWords } from './words.ts';

/** Does a run that was claimed, from what it requires to what follows it. Comes back when all of it is over. */
export const performRun = async (context: ScheduleContext, schedule: Schedule, run: RunState): Promise<RunState> => {
  const { store, log } = context;
  const unmet = await findUnmet(context, schedule);
  if (unmet !== undefined) {
    store.setNote(schedule.name, unmet);
    log('warning', 'run_skipped', { schedule: schedule.name, reason: unmet });
    return store.finish(run.id, { outcome: 'skipped', message: unmet }, false);
  }
  // Somebody may have thought better of it while its requirements were looked at.
  const reason = store.run(run.id)?.stopReason;
  if (reason) return store.finish(run.id, { outcome: 'skipped', message: reason }, false);
  const logFile = ownFile(context.places, context.schedules, schedule.name, '.log');
  let child: Child;
  try {
    child = await startChild({
      words: runWords(schedule, context.schedules, context.places),
      folder: context.schedules.folder,
      env: {
        ...process.env,
        MUSTER_RECORD: 'true',
        [runVariable]: runToken(context.schedules.file, run.id),
      },
      log: context.showsRuns ? undefined : logFile,
    });
  } catch (error) {
    const message = `the run cannot be started: ${error instanceof Error ? error.message : error}`;
    return conclude(context, schedule, run.id, { outcome: 'error', message });
  }
  await insist(context, schedule.name, () => store.setChild(run.id, child.identity));
  const { id } = child.identity;
  log('info', 'run_started', { schedule: schedule.name, reason: run.reason, attempt: run.attempt, process: id });
  return follow(context, schedule, run, child, logFile);
};

/** Looks after a run from here on that another process had begun and is gone. */
export const resumeRun = async (context: ScheduleContext, schedule: Schedule, run: RunState): Promise<RunState> => {
  const { store, schedules, places, log } = context;
  const identity = run.child ?? findChild(runToken(schedules.file, run.id));
  if (!identity) {
    const message = 'what had begun it was gone before it ran';
    return conclude(context, schedule, run.id, { outcome: 'broken', message });
  }
  if (!run.child) store.setChild(run.id, identity);
  log('info', 'run_adopted', { schedule: schedule.name, process: identity.id });
  return follow(context, schedule, run, adoptChild(identity), ownFile(places, schedules, schedule.name, '.log'));
};

const follow = async (
  context: ScheduleContext,
  schedule: Schedule,
  run: RunState,
  child: Child,
  logFile: string,
): Promise<RunState> => {
  const exitCode = await watchChild(context, schedule, run, child);
  const result = await readResult(context, run, child, exitCode, logFile);
  return conclude(context, schedule, run.id, result);
};

const stopped: Readonly<Record<string, RunOutcome>> = {
  timeout: 'timeout',
  replaced: 'replaced',
  stopping: 'interrupted',
};

const readResult = async (
  context: ScheduleContext,
  run: RunState,
  child: Child,
  exitCode: number | undefined,
  logFile: string,
): Promise<RunResult> => {
  const { store, places } = context;
  const record = findRecord(places.runs, child.identity, run.startedAt);
  if (record) await insist(context, run.name, () => store.setRecord(run.id, record.id));
  const result: RunResult = record ? await resultOf(record) : resultWithoutRecord(exitCode, lastWords(logFile));
  const reason = await insist(context, run.name, () => store.run(run.id)?.stopReason);
  // What had ended before it could be stopped ended by itself.
  return reason && result.outcome !== 'ok' ? { ...result, outcome: stopped[reason]! } : result;
};

/** What can be said of a run that left no record. */
const resultWithoutRecord = (exitCode: number | undefined, message: string | undefined): RunResult => {
  const status = exitCode === undefined ? 'broken' : statusOfExit(exitCode);
  return {
    outcome: status === 'running' ? 'broken' : status,
    exitCode,
    message: status === 'ok' ? undefined : message,
  };
};

const failures: readonly RunOutcome[] = ['failed', 'unreachable', 'error', 'timeout', 'broken'];
const retried: readonly RunOutcome[] = ['failed', 'unreachable', 'error', 'timeout'];

/** Notes down how a run ended; then comes another attempt, or what follows the run. */
const conclude = async (
  context: ScheduleContext,
  schedule: Schedule,
  id: number,
  result: RunResult,
): Promise<RunState> => {
  const { store, log, clock } = context;
  const { name, retries } = schedule;
  const run = await insist(context, name, () => store.finish(id, result, true));
  log(failures.includes(result.outcome) ? 'error' : 'info', 'run_ended', {
    schedule: name,
    outcome: result.outcome,
    run: run.record,
    seconds: (run.endedAt! - run.startedAt) / 1000,
    hosts: run.hosts,
    changed: run.changed,
    failed: run.failed,
    unreachable: run.unreachable,
    reason: run.message,
  });
  const isRetried = run.reason !== 'manual' && retried.includes(result.outcome) && run.attempt <= retries.count;
  if (isRetried) {
    const delay = Math.min(retries.longest, retries.delay * retries.factor ** (run.attempt - 1));
    store.setRetry(name, clock.now() + delay, run.attempt + 1);
    log('info', 'retry_planned', { schedule: name, attempt: run.attempt + 1, seconds: delay / 1000 });
  }
  await followUp(context, schedule, run, isRetried);
  return run;
};

/** Runs the hooks of a run that is over, once. */
export const followUp = async (
  context: ScheduleContext,
  schedule: Schedule,
  run: RunState,
  isRetried = false,
): Promise<void> => {
  const { hooks } = schedule;
  const record = run.record === undefined ? undefined : readRun(context.places.runs, run.record);
  let report: DriftReport | undefined;
  try {
    const isRead = record && schedule.report === 'drift' && run.hosts > 0;
    report = isRead ? await findDrift(record, driftFile(context, schedule)) : undefined;
  } catch (error) {
    context.log('error', 'report_failed', { schedule: schedule.name, reason: (error as Error).message });
  }
  const drifts = schedule.report === 'drift' ? (report?.drifts ?? []) : undefined;
  const isFailure = run.outcome !== undefined && failures.includes(run.outcome);
  const events: readonly [HookEvent, boolean][] = [
    ['change', drifts ? drifts.length > 0 : run.changed > 0],
    ['failure', isFailure && !isRetried],
    ['success', run.outcome === 'ok'],
  ];
  const lines = record && isFailure && hooks.failure.length > 0 ? await failuresOf(record) : [];
  if (drifts && drifts.length > 0) {
    context.log('info', 'drift_found', { schedule: schedule.name, run: run.record, tasks: drifts.length });
  }
  for (const [event, isDue] of events) {
    if (!isDue || hooks[event].length === 0) continue;
    await runHooks(context, hooks[event], reportOf(event, schedule, run, { failures: lines, drifts }));
  }
  // A report that was cut short by the end of this process is made again.
  if (drifts && drifts.length > 0) report?.keep();
  context.store.hooksDone(run.id);
};

const driftFile = ({ places, schedules }: ScheduleContext, { name }: Schedule): string =>
  ownFile(places, schedules, name, '.reported.json.gz');

/** Claims a run that a person asked for, and does it. Throws MusterError when one goes on. */
export const runByHand = async (context: ScheduleContext, schedule: Schedule): Promise<RunState> => {
  const { store, clock } = context;
  store.introduce(schedule.name, schedule.paused);
  await settle(context, schedule);
  const now = clock.now();
  const claim = { name: schedule.name, reason: 'manual', attempt: 1, dueAt: now, overlap: 'refuse' } as const;
  const claimed = store.claim(claim);
  if (claimed.kind === 'claimed') return performRun(context, schedule, claimed.run);
  throw new MusterError({
    message: `'${schedule.name}' is running${claimed.kind === 'busy' ? ` since ${new Date(claimed.run.startedAt).toISOString()}` : ''}`,
    hint: "'muster schedule list' shows it",
  });
};

/** Ends what a process that is gone had begun, where nothing of it goes on. */
const settle = async (context: ScheduleContext, schedule: Schedule): Promise<void> => {
  const active = context.store.active(schedule.name);
  if (!active || isGoingOn(active, context.clock.now())) return;
  for (const run of context.store.adopt(schedule.name)) await resumeRun(context, schedule, run);
};
