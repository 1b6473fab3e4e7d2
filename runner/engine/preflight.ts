import { type Problem, SourceError } from '../errors/index.ts';
import { checkArguments, type Module } from '../modules/index.ts';
import {
  bearersOf,
  inherited,
  originOf,
  type PlayNode,
  sectionsOf,
  type TaskNode,
  tasksOf,
} from '../playbook/index.ts';
import { needsRendering, type Value } from '../values/index.ts';
import { rolesOf } from './root-block.ts';
import { includeKind } from './task/include-kind.ts';

/**
 * Checks what can be checked before the first host is touched: the arguments of every task that is known, as far as they
 * hold no template. Throws a SourceError with all mistakes.
 */
export const checkTasks = async (
  plays: readonly PlayNode[],
  loadModule: (name: string) => Promise<Module | undefined>,
): Promise<void> => {
  const problems: Problem[] = [];
  for (const task of plays.flatMap(tasksToCheck)) {
    const module = await loadModule(task.module);
    if (module) problems.push(...checkTask(task, module));
  }
  if (problems.length > 0) throw new SourceError(problems);
};

const tasksToCheck = (play: PlayNode): TaskNode[] =>
  [...tasksOf([...sectionsOf(play), ...play.handlers, ...rolesOf(play).flatMap(({ handlers }) => handlers)])].filter(
    (task) => !includeKind(task) && task.actionTemplate === undefined && !task.isImplicit && !expectsFailure(task),
  );

/** Whether a mistake is what the task is there for: it ignores its errors, or something around it rescues them. */
const expectsFailure = (task: TaskNode): boolean => {
  const ignores = inherited(task, 'ignore_errors');
  if (ignores !== undefined && ignores !== false && ignores !== null) return true;
  return [...bearersOf(task)].some((node) => node.kind === 'block' && node.rescue.length > 0);
};

const checkTask = (task: TaskNode, module: Module): Problem[] => {
  // Arguments that come from elsewhere may complete those that stand here.
  if (task.variableArgs !== undefined || hasDefaults(task)) return [];
  const given = new Map(task.args);
  if (task.freeForm !== undefined) given.set(module.freeForm ?? '_raw_params', task.freeForm);
  return checkArguments(module, given, needsRendering).map(({ message, argument, hint }) => ({
    message,
    origin:
      (argument === undefined ? undefined : originOf(task.args, argument as Value)) ??
      task.places.get(task.action) ??
      task.origin,
    hint,
  }));
};

const hasDefaults = (task: TaskNode): boolean =>
  [...bearersOf(task)].some(({ keywords }) => keywords.has('module_defaults'));
