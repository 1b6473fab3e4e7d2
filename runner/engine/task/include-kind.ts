import type { TaskNode } from '../../playbook/tree.ts';

/** Whether a task is a dynamic include, and of what. */
export const includeKind = (task: TaskNode): 'tasks' | 'role' | undefined => {
  const name = /^(?:ansible\.(?:builtin|legacy)\.)?(include|include_tasks|include_role)$/.exec(task.module)?.[1];
  if (name === undefined) return undefined;
  return name === 'include_role' ? 'role' : 'tasks';
};
