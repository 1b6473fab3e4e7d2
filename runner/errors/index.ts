// What went wrong, where in the sources, and how it is shown to people.
export * from './code-frame.ts';
export * from './muster-error.ts';
export * from './origin.ts';
export * from './suggest.ts';
