// Schedules: when playbooks run by themselves, what is known of their runs, and the daemon that begins them.
export { type ControlOptions, openScheduleControl, type ScheduleControl } from './control.ts';
export type { ScheduleRow } from './rows.ts';
export type { RunOutcome, RunReason, RunState } from './state/index.ts';
export type { Window } from './timing/index.ts';
export type { Schedule, Schedules } from './types.ts';
