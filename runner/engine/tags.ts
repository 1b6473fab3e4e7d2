import { tagsOf } from '../playbook/index.ts';
import type { TaskNode } from '../playbook/tree.ts';
import { toText, type Value } from '../values/index.ts';

/** Whether a task with these tags runs under --tags and --skip-tags. */
export const tagsSelect = (tags: ReadonlySet<string>, only: readonly string[], skip: readonly string[]): boolean => {
  const isTagged = tags.size > 0;
  const has = (names: readonly string[]): boolean =>
    names.some((name) => tags.has(name)) || (!isTagged && names.includes('untagged'));
  const isWanted =
    tags.has('always') ||
    has(only) ||
    (!tags.has('never') && (only.length === 0 || only.includes('all') || (only.includes('tagged') && isTagged)));
  if (!isWanted) return false;
  if (skip.includes('all')) return tags.has('always') && !skip.includes('always');
  return !has(skip) && !(skip.includes('tagged') && isTagged);
};

/** A task's tags with those of what is around it, rendered. */
export const renderTags = (task: TaskNode, render: (value: Value) => Value): Set<string> =>
  new Set(
    tagsOf(task)
      .map(render)
      .flatMap((tag) => (Array.isArray(tag) ? tag : [tag]))
      .flatMap((tag) => toText(tag).split(','))
      .map((tag) => tag.trim()),
  );
