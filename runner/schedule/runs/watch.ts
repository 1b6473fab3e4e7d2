import type { ScheduleContext } from '../context.ts';
import type { RunState } from '../state/index.ts';
import type { Schedule } from '../types.ts';
import { type Child, signalChild } from './child.ts';
import { findRecord } from './result.ts';

const lookEvery = 300;

/** Waits for the end of a run's process, and brings it about when it takes too long or somebody wants it. */
export const watchChild = async (
  { store, places, clock, log }: ScheduleContext,
  schedule: Schedule,
  run: RunState,
  child: Child,
): Promise<number | undefined> => {
  const over = new AbortController();
  let exitCode: number | undefined;
  const ended = child.ended.then((code) => {
    exitCode = code;
    over.abort();
  });
  // Clocks may be set while it runs: what it took before this process looked after it is all that they are asked for.
  const began = clock.elapsed() - Math.max(0, clock.now() - run.startedAt);
  let hasRecord = run.record !== undefined;
  let interruptedAt: number | undefined;
  let isKilled = false;
  const look = (): void => {
    const elapsed = clock.elapsed();
    if (!hasRecord) {
      const record = findRecord(places.runs, child.identity, run.startedAt);
      if (record) store.setRecord(run.id, record.id);
      hasRecord = record !== undefined;
    }
    if (schedule.timeout !== undefined && elapsed - began >= schedule.timeout) store.setStopReason(run.id, 'timeout');
    const reason = store.run(run.id)?.stopReason;
    if (reason && interruptedAt === undefined) {
      interruptedAt = elapsed;
      log('warning', 'run_interrupted', { schedule: schedule.name, reason, process: child.identity.id });
      signalChild(child.identity, 'SIGINT');
    }
    if (interruptedAt !== undefined && !isKilled && elapsed - interruptedAt >= schedule.killAfter) {
      isKilled = true;
      log('warning', 'run_killed', { schedule: schedule.name, process: child.identity.id });
      signalChild(child.identity, 'SIGKILL');
    }
  };
  while (!over.signal.aborted) {
    try {
      look();
    } catch (error) {
      log('error', 'state_failed', { schedule: schedule.name, reason: (error as Error).message });
    }
    await clock.wait(lookEvery, over.signal);
  }
  await ended;
  return exitCode;
};
