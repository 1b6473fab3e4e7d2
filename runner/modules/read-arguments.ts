import type { Dict } from '../values/index.ts';
import type { ArgumentSpecs, ArgumentsOf } from './arguments.ts';
import type { ModuleSpec } from './define.ts';

/** Checks and converts a task's rendered arguments. */
export const readArguments = <S extends ArgumentSpecs>(
  _module: ModuleSpec<S>,
  _given: Dict,
): { values: ArgumentsOf<S>; extra: Dict } => {
  throw new Error('in the making');
};
