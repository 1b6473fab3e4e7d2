// Schedules files: their schema, and what they say.
export * from './files.ts';
export * from './load.ts';
export { schedulesSchema } from './schema.ts';
