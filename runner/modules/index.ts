// What tasks do on hosts: one declared file a module, and what they share in `shared/`.
export * from './arguments.ts';
export * from './convert-argument.ts';
export * from './define.ts';
export * from './execute.ts';
export * from './read-arguments.ts';
export * from './registry.ts';
