import { formatOrigin, MusterError } from '../../errors/index.ts';
import { playOf, type TaskNode } from '../../playbook/index.ts';
import type { Scope } from '../../template/types.ts';
import { toText, type Value } from '../../values/index.ts';
import type { Templating } from '../context.ts';
import { collectKeyword } from './keywords.ts';

const listOf = (value: Value | undefined): readonly Value[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];

/** Whether all `when` conditions of the task and what is around it hold. Throws MusterError naming the one that broke. */
export const conditionsHold = (task: TaskNode, templar: Templating, scope: Scope): boolean =>
  holds(conditionsOf(task), task, 'when', templar, scope);

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
  templar: Templating,
  scope: Scope,
): boolean => {
  for (const condition of Array.isArray(conditions) ? (conditions as readonly Value[]) : listOf(conditions as Value)) {
    if (!evaluate(condition, task, keyword, templar, scope)) return false;
  }
  return true;
};

const evaluate = (condition: Value, task: TaskNode, keyword: string, templar: Templating, scope: Scope): boolean => {
  try {
    return templar.condition(condition, scope);
  } catch (error) {
    if (!(error instanceof MusterError)) throw error;
    const problem = error.problems[0];
    const origin = task.places.get(keyword) ?? task.origin;
    throw new MusterError(
      {
        message: `The conditional check '${toText(condition)}' failed. The error was: ${error.message} (at ${formatOrigin(origin)})`,
        origin,
        hint: problem?.hint,
      },
      { cause: error },
    );
  }
};
