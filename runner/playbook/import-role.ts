import { textOf, toText, type Value } from '../values/index.ts';
import { keywordsOfTask, rejectsLoop } from './import-tasks.ts';
import { fillRole, type RoleUse } from './load-role.ts';
import { type LoadScope, makeBlock, staticVars } from './scope.ts';
import type { BlockNode, TaskNode } from './tree.ts';

/** `import_role`: a block with the role's tasks. */
export const importRole = (task: TaskNode, scope: LoadScope): BlockNode | undefined => {
  const { loading } = scope;
  const place = task.places.get(task.action) ?? task.origin;
  if (scope.isHandler) {
    loading.report({ message: `Using '${task.action}' as a handler is not supported.`, origin: task.origin });
    return undefined;
  }
  if (rejectsLoop(task, scope)) return undefined;
  const vars = () => staticVars(scope, task.vars);
  const rendered = new Map<Value, Value>();
  for (const [key, value] of task.args) {
    if (key !== 'name' && !toText(key).endsWith('_from')) rendered.set(key, value);
    else {
      const text = loading.render(value, vars, `'${toText(key)}' of ${task.action}`, place);
      if (text === undefined) return undefined;
      rendered.set(key, text);
    }
  }
  const block = makeBlock(scope, keywordsOfTask(task), task.origin, { isImplicit: true, imported: 'role' });
  const use = roleUseOf({ ...task, args: rendered }, scope);
  return fillRole(block, use, scope) && block;
};

/** How a task uses a role; its arguments are rendered. */
export const roleUseOf = (task: TaskNode, { role }: Pick<LoadScope, 'role'>): RoleUse => {
  const { args } = task;
  const from = (key: string): string | undefined => {
    const value = args.get(key);
    if (value === undefined || value === null) return undefined;
    const path = textOf(value) ?? toText(value);
    // Ansible takes the last part of the path when it imports, and all of it when it includes.
    return task.action.endsWith('import_role') ? path.slice(path.lastIndexOf('/') + 1) : path;
  };
  return {
    name: toText(args.get('name')!),
    origin: task.places.get(task.action) ?? task.origin,
    vars: task.vars,
    params: new Map(),
    keywords: task.keywords,
    from: {
      tasks: from('tasks_from'),
      vars: from('vars_from'),
      defaults: from('defaults_from'),
      handlers: from('handlers_from'),
    },
    allowDuplicates: isYes(args.get('allow_duplicates'), true),
    isPublic: isYes(args.get('public'), !task.action.includes('include')),
    validates: isYes(args.get('rolespec_validate'), true),
    dependents: role ? [...role.dependents, role] : [],
    isInclude: true,
  };
};

const isYes = (value: Value | undefined, otherwise: boolean): boolean => {
  if (value === undefined || value === null) return otherwise;
  if (typeof value === 'string') return ['yes', 'on', 'true', '1', 'y', 't'].includes(value.toLowerCase());
  return value !== false && value !== 0;
};
