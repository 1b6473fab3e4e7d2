import type { Origin, Problem } from '../errors/index.ts';
import { type ArgumentProblem, checkArguments, type Module } from '../modules/index.ts';
import {
  bearersOf,
  expectsFailure,
  keyOriginOf,
  originOf,
  type PlayNode,
  sectionsOf,
  type TaskNode,
  tasksOf,
} from '../playbook/index.ts';
import { needsRendering } from '../values/index.ts';
import { rolesOf } from './root-block.ts';
import { includeKind } from './task/include-kind.ts';

/**
 * What can be found wrong before the first host is touched: in the arguments of every task that is known, as far as they
 * hold no template.
 */
export const findTaskProblems = async (
  plays: readonly PlayNode[],
  loadModule: (name: string) => Promise<Module | undefined>,
): Promise<Problem[]> => {
  const problems: Problem[] = [];
  for (const task of plays.flatMap(tasksToCheck)) {
    problems.push(...checkHandler(task));
    const module = await loadModule(task.module);
    if (module) problems.push(...checkTask(task, module));
  }
  return problems;
};

const tasksToCheck = (play: PlayNode): TaskNode[] =>
  [...tasksOf([...sectionsOf(play), ...play.handlers, ...rolesOf(play).flatMap(({ handlers }) => handlers)])].filter(
    (task) => !includeKind(task) && task.actionTemplate === undefined && !task.isImplicit && !expectsFailure(task),
  );

/** Handlers cannot be flushed from among themselves. */
const checkHandler = (task: TaskNode): Problem[] =>
  task.isHandler && /\.meta$/.test(task.module) && task.freeForm === 'flush_handlers'
    ? [{ message: 'flush_handlers cannot be used as a handler', origin: task.origin }]
    : [];

const checkTask = (task: TaskNode, module: Module): Problem[] => {
  // Arguments that come from elsewhere may complete those that stand here.
  if (task.variableArgs !== undefined || hasDefaults(task)) return [];
  if (module.freeForm === undefined && task.freeForm !== undefined && needsRendering(task.freeForm)) return [];
  const given = new Map(task.args);
  if (task.freeForm !== undefined) given.set(module.freeForm ?? '_raw_params', task.freeForm);
  const problems = checkArguments(module, given, needsRendering);
  // A name with a slip in it is told once, and not also as missing.
  const meant = new Set(problems.map(({ meant }) => meant));
  return problems
    .filter(({ missing }) => missing === undefined || !meant.has(missing))
    .map((problem) => toProblem(problem, task, module));
};

const toProblem = (problem: ArgumentProblem, task: TaskNode, module: Module): Problem => {
  const { argument, message, hint } = problem;
  const whole = task.places.get(task.action) ?? task.origin;
  if (argument === undefined) return { message: `${task.action}: ${message}`, origin: whole, hint };
  if (!problem.isUnknown)
    return { message: `${task.action}: ${message}`, origin: placeOf(task, argument) ?? whole, hint };
  return {
    message: `'${argument}' is not an argument of ${task.action}`,
    origin: keyOriginOf(task.args, argument) ?? whole,
    expected: Object.keys(module.args).toSorted().join(', '),
    hint,
  };
};

const placeOf = (task: TaskNode, argument: string): Origin | undefined => originOf(task.args, argument);

const hasDefaults = (task: TaskNode): boolean =>
  [...bearersOf(task)].some(({ keywords }) => keywords.has('module_defaults'));
