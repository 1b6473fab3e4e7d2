import { type Dict, dict, type Result, toJson, toText, toValue } from '../values/index.ts';
import type { Batch } from './batch.ts';
import { notify } from './handlers.ts';
import type { HostState } from './host-state.ts';
import type { Run } from './run.ts';
import { errorDetails, isChanged, shownResult, statusOf, visibilityOf } from './task/result.ts';
import type { Outcome } from './task/task-run.ts';

/**
 * Takes a task's outcome on a host in: counts it, notifies handlers, sends a failed host to its rescue, and reports it.
 * `sharers` are the other hosts that fail with it, when it stands for all of them (run_once). True when it failed and
 * nothing took the failure up.
 */
export const takeOutcome = (
  batch: Batch,
  host: HostState,
  outcome: Outcome,
  sharers: readonly HostState[],
): boolean => {
  const { run } = batch;
  if (outcome.notify && outcome.notify.length > 0) {
    notify(batch.run, batch.play, outcome.run.task, host, outcome.notify);
  }
  const { result } = outcome;
  const status = statusOf(result);
  let rescued = false;
  if (status === 'unreachable') takeUnreachable(batch, host, outcome);
  else if (status === 'failed') rescued = takeFailure(batch, host, outcome, result, sharers);
  else if (status === 'skipped') run.stats.count(host.name, 'skipped');
  // What was included counts, not the include that brought it in.
  else if (outcome.includes.length === 0) {
    run.stats.count(host.name, 'ok', ...(isChanged(result) ? (['changed'] as const) : []));
  }
  if (status === 'ok' || status === 'changed') rememberRole(outcome, host);
  const stats = result.get('ansible_stats');
  if (stats instanceof Map) run.stats.collect(host.name, stats);
  if (!outcome.isReported) reportOutcome(batch, outcome, rescued);
  return (status === 'failed' || status === 'unreachable') && !rescued && !outcome.isIgnored;
};

/** Says how a task ended on a host. */
export const reportOutcome = ({ run }: Batch, outcome: Outcome, rescued: boolean): void => {
  const { result } = outcome;
  const status = statusOf(result);
  run.context.bus.emit({
    type: 'host_result',
    task: outcome.run.id,
    host: outcome.run.host,
    status,
    result: shownResult(result, outcome.noLog),
    delegatedTo: outcome.delegatedTo,
    ignored: (status === 'failed' || status === 'unreachable') && outcome.isIgnored,
    showsDiff: outcome.showsDiff,
    visibility: visibilityOf(result),
    isLoop: outcome.isLoop,
    duration: outcome.duration,
    rescued,
    reason: outcome.reason,
    details: errorDetails(result, outcome.noLog),
  });
};

const takeUnreachable = ({ run }: Batch, host: HostState, outcome: Outcome): void => {
  if (outcome.isIgnored) {
    run.stats.count(host.name, 'ok', 'ignored');
    return;
  }
  host.isUnreachable = true;
  run.lost.unreachable.add(host.name);
  run.stats.count(host.name, 'unreachable');
};

/** True when a rescue section takes the failure up. */
const takeFailure = (
  { run }: Batch,
  host: HostState,
  outcome: Outcome,
  result: Dict,
  sharers: readonly HostState[],
): boolean => {
  if (outcome.isIgnored) {
    run.stats.count(host.name, 'ok', 'ignored', ...(isChanged(result) ? (['changed'] as const) : []));
    return false;
  }
  for (const sharer of sharers) failHost(run, sharer);
  if (!failHost(run, host)) {
    run.stats.count(host.name, 'failed');
    return false;
  }
  const { task } = outcome.run;
  // The rescue of a flush is not that of the handler: it counts as failed, and the rescue is not told of it.
  run.stats.count(host.name, task.isHandler ? 'failed' : 'rescued');
  if (task.isHandler) return true;
  run.context.store.set(host.name, 'ansible_failed_result', result);
  run.context.store.set(
    host.name,
    'ansible_failed_task',
    dict({
      name: toText(task.name ?? ''),
      action: task.action,
      args: toValue(toJson(task.args) as Result),
    }),
  );
  return true;
};

/** Sends a host on to what rescues the failure, or cleans up after it. True when it is rescued. */
export const failHost = (run: Run, host: HostState): boolean => {
  const { rescued, isCleanedUp } = host.counter.fail();
  if (rescued) return true;
  host.hasFailed = true;
  host.hasEndedFailed = !isCleanedUp;
  host.isDoneFailed = host.counter.peek() === undefined;
  run.lost.failed.add(host.name);
  return false;
};

const rememberRole = ({ run: { task } }: Outcome, host: HostState): void => {
  if (task.role) host.rolesWithTasks.add(task.role.identity);
};
