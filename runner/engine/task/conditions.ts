import { MusterError, type Origin } from '../../errors/index.ts';
import { bearersOf, originOf, playOf, type TaskNode } from '../../playbook/index.ts';
import type { Scope } from '../../template/types.ts';
import { Template, type Value } from '../../values/index.ts';
import type { RunContext } from '../context.ts';
import { collectKeyword } from './keywords.ts';

const listOf = (value: Value | undefined): readonly Value[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];

/** Whether all `when` conditions of the task and what is around it hold. Throws MusterError naming the one that broke. */
export const conditionsHold = (task: TaskNode, context: RunContext, scope: Scope): boolean =>
  holds(conditionsOf(task), task, 'when', context, scope);

const known = new WeakMap<TaskNode, readonly Value[]>();

/** The conditions on the imports of the playbook, then those around the task, then its own. */
const conditionsOf = (task: TaskNode): readonly Value[] => {
  let conditions = known.get(task);
  if (!conditions) {
    const imports = playOf(task).imports.flatMap(({ when }) => when);
    conditions = [...imports, ...collectKeyword(task, 'when').flatMap(listOf)];
    known.set(task, conditions);
  }
  return conditions;
};

/** Whether all conditions of a list hold; the first that does not ends the search. */
export const holds = (
  conditions: Value | readonly Value[] | undefined,
  task: TaskNode,
  keyword: string,
  context: RunContext,
  scope: Scope,
): boolean => {
  for (const condition of Array.isArray(conditions) ? (conditions as readonly Value[]) : listOf(conditions as Value)) {
    if (!evaluate(condition, task, keyword, context, scope)) return false;
  }
  return true;
};

/** Conditions are expressions already: delimiters in them are a habit that reads data as code. */
export const warnOfTemplate = (context: RunContext, condition: Value): void => {
  if (!(condition instanceof Template)) return;
  context.warn(
    `conditional statements should not include jinja2 templating delimiters such as {{ }} or {% %}. Found: ${condition.source}`,
  );
};

const evaluate = (condition: Value, task: TaskNode, keyword: string, context: RunContext, scope: Scope): boolean => {
  warnOfTemplate(context, condition);
  try {
    return context.templar.condition(condition, scope);
  } catch (error) {
    if (!(error instanceof MusterError)) throw error;
    const origin = error.problems[0]?.origin ?? placeOf(condition, task, keyword);
    throw new MusterError({ message: error.message, ...error.problems[0], origin }, { cause: error });
  }
};

/** Where a condition stands: on the task, or on something around it. */
const placeOf = (condition: Value, task: TaskNode, keyword: string): Origin => {
  for (const node of bearersOf(task)) {
    const written = node.keywords.get(keyword);
    const list = listOf(written);
    const index = list.indexOf(condition);
    if (index !== -1) return originOf(list as Value[], index) ?? node.places.get(keyword) ?? node.origin;
  }
  return task.origin;
};
