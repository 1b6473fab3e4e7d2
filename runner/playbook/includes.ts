import type { Dict } from '../values/index.ts';
import { importRole } from './import-role.ts';
import { importTasks } from './import-tasks.ts';
import { readIncludeArguments } from './include-arguments.ts';
import { includeKeywords, isTaskKeyword } from './keywords.ts';
import { shortAction } from './loader-actions.ts';
import { around, type LoadScope } from './scope.ts';
import { isTemplate } from './templates.ts';
import type { BlockNode, TaskNode } from './tree.ts';

/** Brings includes and imports into their form, and static imports to what they import. */
export const finishTask = (task: TaskNode, scope: LoadScope): TaskNode | BlockNode | undefined => {
  const action = task.actionTemplate ? '' : shortAction(task.action);
  switch (action) {
    case 'include_role':
      if (scope.isHandler) return rejectAsHandler(task, scope);
      checkIncludeKeywords(task, scope);
      return withArguments(task, scope);
    case 'include_tasks':
      checkIncludeKeywords(task, scope);
      return withArguments(task, scope);
    case 'import_tasks':
    case 'import_role': {
      const prepared = withArguments(task, scope);
      if (prepared === undefined) return undefined;
      return action === 'import_tasks' ? importTasks(prepared, scope) : importRole(prepared, scope);
    }
    case 'include':
      return oldInclude(task, scope);
    default:
      return task;
  }
};

const rejectAsHandler = (task: TaskNode, { loading }: LoadScope): undefined => {
  loading.report({
    message: `Using '${task.action}' as a handler is not supported.`,
    origin: task.origin,
    hint: 'put the tasks into a file of their own and include that with include_tasks',
  });
  return undefined;
};

const withArguments = (task: TaskNode, scope: LoadScope): TaskNode | undefined => {
  const args = readIncludeArguments(task, scope);
  return args && { ...task, args, freeForm: undefined };
};

const checkIncludeKeywords = (task: TaskNode, { loading, isHandler }: LoadScope): void => {
  for (const [key, origin] of task.places) {
    if (!isTaskKeyword(key, isHandler) || includeKeywords.has(key) || (isHandler && key === 'listen')) continue;
    loading.report({
      message: `'${key}' has no effect on ${task.action}`,
      origin,
      hint: `for what is included, write it below 'apply' in the arguments of ${task.action}, or put a block around it`,
    });
  }
};

/** `include`, which is static or dynamic as the case may be, and whose further arguments are variables. */
const oldInclude = (task: TaskNode, scope: LoadScope): TaskNode | BlockNode | undefined => {
  scope.loading.context.warn("'include' is deprecated; use include_tasks or import_tasks", task.origin);
  const vars: Dict = new Map(task.vars);
  for (const [key, value] of task.args) if (key !== 'file' && key !== 'apply') vars.set(key, value);
  const kept = new Map([...task.args].filter(([key]) => key === 'file' || key === 'apply'));
  const prepared = withArguments({ ...task, vars, args: kept }, scope);
  if (prepared === undefined) return undefined;
  const isDynamic =
    isTemplate(prepared.args.get('file')) ||
    prepared.loop !== undefined ||
    [...around(scope.parent)].some(({ kind }) => kind === 'task');
  if (!isDynamic) {
    const block = importTasks(prepared, scope);
    return block && Object.assign(block, { includeParams: task.vars });
  }
  return { ...prepared, module: 'ansible.builtin.include_tasks' };
};
