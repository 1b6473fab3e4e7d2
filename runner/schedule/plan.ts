import type { ScheduleState } from './state/index.ts';
import { draw, type Window } from './timing/index.ts';
import type { Schedule } from './types.ts';

/** What decides on the time of the next run: when it changes, the time is worked out anew. */
export const definedBy = ({ timing, timeZone }: Schedule): string => JSON.stringify([timing.text, timeZone ?? null]);

// A last run that lies further ahead than clocks are ever set back is a mistake of a clock.
const longestSetBack = 86_400_000;

const knownLast = (last: number | undefined, now: number): number | undefined =>
  last !== undefined && last > now + longestSetBack ? now : last;

/** When the next run may come, seen from `now`. */
export const nextWindowOf = (schedule: Schedule, now: number, last: number | undefined): Window | undefined =>
  schedule.timing.next(now, knownLast(last, now));

/** The time of the next run, drawn where it is random. */
export const planNext = (
  schedule: Schedule,
  now: number,
  last: number | undefined,
  random: () => number,
): number | undefined => {
  const window = nextWindowOf(schedule, now, last);
  return window && draw(schedule.timing, window, random);
};

/**
 * The time of the next run as it is known, or a new one where that cannot be: the definition has changed, or the clock was
 * set back. A time that has gone by stays: what becomes of it is another question.
 */
export const checkNext = (
  schedule: Schedule,
  state: ScheduleState,
  now: number,
  random: () => number,
): number | undefined => {
  const window = nextWindowOf(schedule, now, state.lastAt);
  const isKnown = state.defined === definedBy(schedule) && state.nextAt !== undefined;
  if (isKnown && (state.nextAt! <= now || (window && state.nextAt! <= window.to))) return state.nextAt;
  return window && draw(schedule.timing, window, random);
};
