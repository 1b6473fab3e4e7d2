// A run from what it requires to what follows it: a process of its own, which is watched and whose record is read.
export { signalChild } from './child.ts';
export * from './perform.ts';
export type { Places } from './words.ts';
