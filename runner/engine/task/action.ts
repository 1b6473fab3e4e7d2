import { parseKeyValues, type TaskNode } from '../../playbook/index.ts';
import type { Scope } from '../../template/types.ts';
import { toText, type Value } from '../../values/index.ts';
import type { Templating } from '../context.ts';

/** What a task does on a host: its module, and the task with the arguments that stood behind a name which was a template. */
export interface ResolvedAction {
  readonly name: string;
  readonly task: TaskNode;
}

/** The module of a task. One that is named by a template (`action: "{{ pkg_mgr }} name=…"`) is found out here. */
export const resolveAction = (task: TaskNode, templar: Templating, scope: Scope): ResolvedAction => {
  if (task.actionTemplate === undefined) return { name: task.module, task };
  const text = toText(templar.render(task.actionTemplate, scope)).trim();
  const [name = ''] = text.split(/\s/, 1);
  const { options, raw } = parseKeyValues(
    text.slice(name.length),
    /^(?:ansible\.\w+\.)?(command|shell|raw|script)$/.test(name),
  );
  const args = new Map<Value, Value>([...task.args, ...options]);
  return { name, task: { ...task, action: name, module: name, args, freeForm: raw ?? task.freeForm } };
};
