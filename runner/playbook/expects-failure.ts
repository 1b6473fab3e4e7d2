import { bearersOf, inherited } from './inherit.ts';
import type { BlockNode, TaskNode } from './tree.ts';

/**
 * Whether a mistake may be what a task is there for: it ignores its errors, or something around it rescues them. Such a
 * mistake is told when the task runs, as a failure of the task.
 */
export const expectsFailure = (node: TaskNode | BlockNode): boolean => {
  const ignores = inherited(node, 'ignore_errors');
  if (ignores !== undefined && ignores !== false && ignores !== null) return true;
  return [...bearersOf(node)].some((each) => each.kind === 'block' && each.rescue.length > 0);
};
