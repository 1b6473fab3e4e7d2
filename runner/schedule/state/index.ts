// What is known of schedules and their runs, in an SQLite file that all processes of a machine share.
export * from './claim.ts';
export { identify, isRunning, type ProcessIdentity } from './identity.ts';
export type { RunOutcome, RunReason, RunState, ScheduleState, StopReason } from './rows.ts';
export * from './store.ts';
