// Runs plays: strategies, blocks, loops, handlers, delegation. Says what happens by events only.
export * from './context.ts';
export { Gate } from './gate.ts';
export * from './interruption.ts';
export * from './preflight.ts';
export * from './restore/journal.ts';
export * from './restore/past.ts';
export * from './run.ts';
export { AsyncJobs } from './task/async-jobs.ts';
