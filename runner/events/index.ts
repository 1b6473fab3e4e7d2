// What happens during a run, as typed events: the engine's only output, and all that consoles, records and the TUI read.
export * from './bus.ts';
export * from './types.ts';
