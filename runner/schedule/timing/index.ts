// When runs begin: cron's and OpenSVC's languages, time zones, and the days on which clocks change.
export { durationText, parseDuration } from './duration.ts';
export { ScheduleSyntaxError } from './opensvc.ts';
export type { Window } from './opensvc-next.ts';
export { draw, parseTiming, type Timing } from './timing.ts';
