import { definedBy, nextWindowOf } from './plan.ts';
import { isGoingOn, type RunState, type ScheduleStore } from './state/index.ts';
import type { Window } from './timing/index.ts';
import type { Schedule } from './types.ts';

/** A schedule as a list of them shows it. Times are milliseconds since 1970. */
export interface ScheduleRow {
  readonly name: string;
  readonly description: string | undefined;
  readonly playbooks: readonly string[];
  /** When it runs, as the file says. */
  readonly schedule: string;
  readonly timeZone: string | undefined;
  /** `waiting`: for its next time; `queued`: for the run before to end; `retrying`: for the next attempt. */
  readonly state: 'waiting' | 'running' | 'queued' | 'retrying' | 'paused' | 'never';
  /** The last run that is over. */
  readonly lastRun: RunState | undefined;
  /** The run that goes on. */
  readonly running: RunState | undefined;
  /** When it runs next; undefined when it is paused, or its schedule has no further time. */
  readonly nextAt: number | undefined;
  /** The end of the time in which it comes at a random moment, where that is not drawn yet; `nextAt` is its beginning. */
  readonly nextLatest: number | undefined;
  /** The last thing that happened instead of a run. */
  readonly note: string | undefined;
  readonly notedAt: number | undefined;
}

/** What is known of a schedule now. */
export const rowOf = (schedule: Schedule, store: ScheduleStore, now: number): ScheduleRow => {
  const known = store.state(schedule.name);
  const active = store.active(schedule.name);
  const running = active && isGoingOn(active, now) ? active : undefined;
  const isPaused = known?.isPaused ?? schedule.paused;
  const stored = known?.defined === definedBy(schedule) ? (known.retryAt ?? known.nextAt) : undefined;
  const window = stored === undefined ? nextWindowOf(schedule, now, known?.lastAt) : undefined;
  const nextAt = isPaused ? undefined : (stored ?? window?.from);
  const state = (): ScheduleRow['state'] => {
    if (running) return 'running';
    if (isPaused) return 'paused';
    if (known?.queuedAt !== undefined) return 'queued';
    if (known?.retryAt !== undefined) return 'retrying';
    return nextAt === undefined ? 'never' : 'waiting';
  };
  return {
    name: schedule.name,
    description: schedule.description,
    playbooks: schedule.playbooks,
    schedule: schedule.timing.text,
    timeZone: schedule.timeZone,
    state: state(),
    lastRun: store.ended(schedule.name, 1)[0],
    running,
    nextAt,
    nextLatest: !isPaused && window && window.to > window.from ? window.to : undefined,
    note: known?.note,
    notedAt: known?.notedAt,
  };
};

/** The times of the next runs; those that will be drawn at random as the time in which they will come. */
export const upcoming = (schedule: Schedule, store: ScheduleStore, now: number, count: number): Window[] => {
  const found: Window[] = [];
  const known = store.state(schedule.name);
  let last = known?.lastAt;
  let after = now;
  const { nextAt } = rowOf(schedule, store, now);
  if (nextAt !== undefined && nextAt >= now && known?.defined === definedBy(schedule)) {
    found.push({ from: nextAt, to: nextAt });
    last = nextAt;
    after = nextAt;
  }
  while (found.length < count) {
    const window = nextWindowOf(schedule, after, last);
    if (!window) break;
    found.push(window);
    last = window.from;
    after = window.from;
  }
  return found;
};
