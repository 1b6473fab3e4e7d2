import type { LayeredScope } from '../../variables/index.ts';
import type { TaskRun } from './task-run.ts';

/** The variables that a task sees on its host. */
export const scopeOf = ({ scopes, host, play, task, overrides, guesses }: TaskRun): LayeredScope => {
  const scope = scopes.of(host, play, task).with(overrides ?? new Map());
  return guesses?.watch(scope) ?? scope;
};
