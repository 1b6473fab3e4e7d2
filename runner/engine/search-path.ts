import { dirname } from 'node:path';
import type { TaskNode } from '../playbook/index.ts';
import type { PlayRun } from './play-run.ts';

/** Where a task's relative files are looked for, the nearest first. */
export const searchPath = (task: TaskNode, play: PlayRun | undefined): string[] => {
  const places = [
    ...(task.role ? [task.role.path, ...task.role.dependents.toReversed().map(({ path }) => path)] : []),
    dirname(task.file),
    ...(play ? [dirname(play.node.file)] : []),
  ];
  return [...new Set(places)];
};
