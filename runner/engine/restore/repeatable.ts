import type { TaskNode } from '../../playbook/tree.ts';
import { Template, type Value } from '../../values/index.ts';

const readers = new Set(
  'set_fact include_vars debug assert fail add_host group_by set_stats validate_argument_spec setup gather_facts stat slurp find getent package_facts service_facts ping include include_tasks include_role'.split(
    ' ',
  ),
);

const unsteady = /\b(lookup|query|q|random|random_mac|shuffle|now|password_hash|hash|encrypt|vault|uuid)\b/;

/** Whether a task may be run again without changing anything, and comes to the same: it only reads, or works with variables. */
export const isRepeatable = (task: TaskNode): boolean => {
  const name = task.module.split('.').at(-1)!;
  if (name.endsWith('_info')) return true;
  if (!readers.has(name)) return false;
  return name !== 'set_fact' || !isUnsteady([task.args, task.loop?.value ?? null, task.variableArgs ?? null]);
};

/** Whether a value is made by something that gives another one each time. */
const isUnsteady = (value: Value): boolean => {
  if (value instanceof Template) return unsteady.test(value.source);
  if (Array.isArray(value)) return value.some(isUnsteady);
  return value instanceof Map && [...value].some(([key, item]) => isUnsteady(key) || isUnsteady(item));
};
