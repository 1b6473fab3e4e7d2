// The output for people at a terminal: what matters as it happens, the rest as counts.
export * from './console.ts';
export type { ConsoleOptions } from './options.ts';
