import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from '../../connection/index.ts';
import { ModuleFailure } from '../../errors/index.ts';
import { type Dict, toText } from '../../values/index.ts';
import type { LayeredScope } from '../../variables/index.ts';
import { runningResult } from './async-jobs.ts';
import { detachedTarget } from './detached-target.ts';
import type { TaskRun } from './task-run.ts';

/** How long an `async` task may take, and how often it is asked whether it is done: 0 leaves it to itself. Seconds. */
export interface AsyncSettings {
  readonly limit: number;
  readonly poll: number;
  /** The module works from here, and not by one script on the host. */
  readonly isTended: boolean;
}

/** Runs a task as a job of its own: waits for it, or with `poll: 0` only for its start. */
export const runAsync = async (
  run: TaskRun,
  scope: LayeredScope,
  { limit, poll, isTended }: AsyncSettings,
  target: Target,
  work: (target: Target) => Promise<Dict>,
): Promise<Dict> => {
  const { context, host } = run;
  const id = run.job?.take() ?? context.jobs.newId();
  run.job?.note(id);
  const directory = scope.get('ansible_async_dir');
  const place = {
    id,
    limit,
    hasBegun: run.job?.hasBegun ?? false,
    directory: directory === undefined ? '~/.ansible_async' : toText(context.templar.render(directory, scope)),
  };
  const job = await context.jobs.start(host, id, {
    target,
    leavesFile: poll <= 0,
    isTended,
    begin: (started) => work(detachedTarget(target, place, context.jobs.signal, started)),
  });
  if (poll <= 0) {
    const result = runningResult(job);
    result.set('changed', true);
    result.set('failed', 0);
    return result;
  }
  const end = Date.now() + limit * 1000;
  while (!job.result) {
    const left = end - Date.now();
    if (left <= 0) throw new ModuleFailure(`async task did not complete within the requested time - ${limit}s`);
    await Promise.race([job.done, sleep(Math.min(poll * 1000, left), undefined, { signal: context.signal })]);
    if (!job.result) context.bus.emit({ type: 'async_poll', task: run.id, host, job: id, started: 1, finished: 0 });
  }
  return (await context.jobs.status(host, id))!;
};
