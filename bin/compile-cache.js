import * as module from 'node:module';

/** Keeps compiled code between starts, where Node can (22.8 and newer). */
export const enableCompileCache = () => module.enableCompileCache?.();
