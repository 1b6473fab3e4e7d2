import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import type { Places } from './runs/index.ts';
import type { ScheduleStore } from './state/index.ts';
import type { Schedules, SecretText } from './types.ts';

/** What everything that runs schedules has in common. */
export interface ScheduleContext {
  readonly schedules: Schedules;
  readonly store: ScheduleStore;
  readonly places: Places;
  readonly clock: Clock;
  /** Numbers from 0 to less than 1. */
  readonly random: () => number;
  readonly log: Log;
  /** Whether runs write to where this process writes. */
  readonly showsRuns: boolean;
  /** Aborted when no run is to begin any more: what looks whether one can begin ends. */
  readonly stopping: AbortController;
  /** The plain text of what may be encrypted in the schedules file. */
  readonly reveal: (text: SecretText) => Promise<string>;
}
