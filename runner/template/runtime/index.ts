// What templates are made of while they run: frames, contexts, loops, macros, and where their output goes.
export * from './compiled.ts';
export * from './context.ts';
export * from './frame.ts';
export * from './kept-text.ts';
export * from './loop.ts';
export * from './macro.ts';
export * from './objects.ts';
export * from './sink.ts';
