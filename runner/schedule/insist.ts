import type { ScheduleContext } from './context.ts';

const patience = 5000;

/** Does something with the state until it succeeds: a disk that is full for a while must not lose track of a run. */
export const insist = async <T>({ clock, log }: ScheduleContext, schedule: string, work: () => T): Promise<T> => {
  for (;;) {
    try {
      return work();
    } catch (error) {
      log('error', 'state_failed', { schedule, reason: error instanceof Error ? error.message : String(error) });
      await clock.wait(patience, new AbortController().signal);
    }
  }
};
