import { type BlockNode, nameOf, type TaskNode, tasksOf } from '../playbook/index.ts';
import { globRegex, toText } from '../values/index.ts';
import type { Run } from './run.ts';

/** The tasks that --start-at-task passes over: all of a play that has no such task. */
export const tasksBeforeStart = (run: Pick<Run, 'startAt'>, root: BlockNode): ReadonlySet<TaskNode> => {
  if (run.startAt === undefined) return new Set();
  const isMeant = nameMatcher(run.startAt);
  const rescues = new Set(rescuesIn(root));
  const tasks = [...tasksOf([root])];
  const start = tasks.findIndex((task) => !rescues.has(task) && isMeant(task));
  if (start !== -1) run.startAt = undefined;
  return new Set(start === -1 ? tasks : tasks.slice(0, start).filter(({ isImplicit }) => !isImplicit));
};

/** A run cannot start in a rescue section, for which nothing has failed yet. */
function* rescuesIn(block: BlockNode): Iterable<TaskNode> {
  yield* tasksOf(block.rescue);
  for (const node of [...block.block, ...block.always]) if (node.kind === 'block') yield* rescuesIn(node);
}

/** Tasks are meant by their name, with or without the role in front, or by a pattern of it. */
const nameMatcher = (pattern: string): ((task: TaskNode) => boolean) => {
  const glob = globRegex(pattern);
  return (task) => {
    const names = [nameOf(task), ...(task.name ? [toText(task.name)] : [])];
    return names.some((name) => name === pattern || glob.test(name));
  };
};
