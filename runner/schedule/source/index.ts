// Schedules files: their schema, and what they say.
export * from './files.ts';
export * from './load.ts';
