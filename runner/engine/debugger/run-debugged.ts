import { readQuietly } from '../announce.ts';
import type { Batch } from '../batch.ts';
import type { HostState } from '../host-state.ts';
import { reportOutcome } from '../outcome.ts';
import { TaskKeywords } from '../task/keywords.ts';
import { isSkipped, statusOf } from '../task/result.ts';
import { runTask } from '../task/run-task.ts';
import type { Outcome, TaskRun } from '../task/task-run.ts';

/** Runs a task on a host; where its `debugger` asks for that, and somebody can be asked, again until they go on. */
export const runDebugged = async (batch: Batch, host: HostState, first: TaskRun): Promise<Outcome> => {
  let outcome = await runTask(first);
  if (!first.context.prompter.isInteractive || !isWanted(batch, outcome)) return outcome;
  const { converse } = await import('./conversation.ts');
  do {
    reportOutcome(
      batch,
      outcome,
      statusOf(outcome.result) === 'failed' && !outcome.isIgnored && host.counter.isRescued(),
    );
    const told = outcome;
    // One host at a time: there is one terminal.
    const next = await batch.conversation(() => converse(first.task, told));
    if (next === undefined) return { ...outcome, isReported: true };
    outcome = await runTask(next);
  } while (isWanted(batch, outcome));
  return outcome;
};

/** Whether a task's result is one to look into. */
const isWanted = (batch: Batch, { run, result, isIgnored }: Outcome): boolean => {
  const { options, templar } = run.context;
  const keywords = new TaskKeywords(run.task, templar, run.scopes.of(run.host, run.play, run.task));
  const when = readQuietly(() => keywords.text('debugger'));
  const status = statusOf(result);
  const hasFailed = status === 'failed' && !(isIgnored && options.debuggerIgnoresErrors);
  if (when === 'always') return true;
  if (when === 'on_failed' && hasFailed) return true;
  if (when === 'on_unreachable' && status === 'unreachable') return true;
  if (when === 'on_skipped' && isSkipped(result)) return true;
  return when !== 'never' && batch.debugs && (hasFailed || status === 'unreachable');
};
