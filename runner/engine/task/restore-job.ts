import type { Dict } from '../../values/index.ts';
import type { LayeredScope } from '../../variables/index.ts';
import { executeOnce } from './execute-once.ts';
import type { TaskRun } from './task-run.ts';

/**
 * Lets `async_status` find a job that an earlier run began with `poll: 0`, and that had not ended when that was told.
 * Nothing is asked of the host before somebody asks for the job; then its module goes on from what the host has of it.
 */
export const restoreJob = (run: TaskRun, result: Dict, scope: LayeredScope, overlay: Dict): void => {
  const id = result.get('ansible_job_id');
  if (!run.task.keywords.has('async') || typeof id !== 'string' || result.get('finished') !== 0) return;
  const job = { hasBegun: true, take: () => id, note: () => {} };
  run.context.jobs.remember(run.host, id, () => executeOnce({ ...run, job }, scope, overlay));
};
