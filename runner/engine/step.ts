import pLimit from 'p-limit';
import type { TaskNode } from '../playbook/tree.ts';
import { announce, readQuietly, taskName } from './announce.ts';
import type { Batch } from './batch.ts';
import { runDebugged } from './debugger/run-debugged.ts';
import { type HostState, isActive } from './host-state.ts';
import { insertIncludes } from './includes.ts';
import { runMeta } from './meta.ts';
import { takeOutcome } from './outcome.ts';
import type { PlayRun } from './play-run.ts';
import type { StepLine } from './restore/journal.ts';
import type { Run } from './run.ts';
import { TaskKeywords } from './task/keywords.ts';
import { restoreTask } from './task/restore-task.ts';
import { statusOf } from './task/result.ts';
import type { Outcome, TaskRun } from './task/task-run.ts';

/** Does one task on the hosts whose turn it is, and moves them past it. */
export const runStep = async (batch: Batch, task: TaskNode, ready: readonly HostState[]): Promise<void> => {
  for (const host of ready) {
    host.step++;
    host.counter.advance();
    batch.line?.arrive(task);
    host.notified.delete(task);
    batch.run.restorer?.arrive(batch.play.number, host);
  }
  const hosts = ready.filter((host) => !hasRunRole(task, host));
  if (hosts.length === 0) return;
  if (/^(ansible\.(builtin|legacy)\.)?meta$/.test(task.module)) {
    await runMeta(batch, task, hosts, isBehind(batch, hosts));
    return;
  }
  if (!isBehind(batch, hosts) && !(await isConfirmed(batch, task, hosts))) return;
  const outcomes = await runOnHosts(batch, task, hosts);
  const failedIncludes = await insertIncludes(batch, task, outcomes);
  stopOnFatal(batch, task, outcomes, failedIncludes);
};

/** Whether all hosts have come further in an earlier run. */
const isBehind = ({ run, play }: Batch, hosts: readonly HostState[]): boolean =>
  run.restorer !== undefined && hosts.every((host) => run.restorer!.isBehind(play.number, host));

/** A role without `allow_duplicates` runs once on a host; its handlers whenever they are notified. */
const hasRunRole = ({ role, isHandler }: TaskNode, host: HostState): boolean =>
  role !== undefined && !isHandler && !role.allowDuplicates && host.finishedRoles.has(role.identity);

const runOnHosts = async (batch: Batch, task: TaskNode, hosts: readonly HostState[]): Promise<Outcome[]> => {
  const { run, play } = batch;
  const keywords = new TaskKeywords(task, run.context.templar, run.scopes.of(hosts[0]!.name, play, task));
  const isRunOnce = readQuietly(() => keywords.boolean('run_once')) ?? false;
  const runsOnce = isRunOnce || (await run.context.module(task.module))?.runsOnce === true;
  const throttle = readQuietly(() => keywords.number('throttle')) ?? 0;
  const answers = new Map<HostState, StepLine>();
  for (const host of hosts) {
    const answer = batch.isClosing ? undefined : run.restorer?.answer(play.number, host, task);
    if (answer) answers.set(host, answer);
  }
  // Of a task that runs once, the host counts on which it ran.
  const workers = runsOnce ? [[...answers.keys()][0] ?? hosts[0]!] : hosts;
  const live = workers.filter((host) => !answers.has(host));
  const id = announce(batch, task, live.length > 0 ? live : workers, live.length === 0);
  const throttled: Run['limit'] = throttle > 0 ? throttleOf(batch, task, throttle) : (work) => work();
  const runFor = (host: HostState): TaskRun => ({
    context: run.context,
    scopes: run.scopes,
    play,
    task,
    id,
    host: host.name,
    receivers: runsOnce ? play.batch.filter((name) => !play.states.get(name)!.isUnreachable) : [host.name],
    guessed: run.guessed,
    line: batch.line,
    isInDoubt: run.restorer?.isInDoubt(play.number, host, task),
    job: run.restorer?.job(play.number, host),
    memory: run.restorer && task.loop && !answers.has(host) ? run.restorer.memory(play.number, host, task) : undefined,
  });
  const take = (host: HostState, outcome: Outcome): boolean =>
    takeOutcome(batch, host, outcome, isRunOnce ? others(play, host) : []);
  const answer = (host: HostState, { outcome }: StepLine): Outcome => {
    const answered = restoreTask(runFor(host), outcome, run.restorer!.itemsOf(play.number, host));
    run.context.bus.quietly(() => take(host, answered));
    return answered;
  };
  const work = async (host: HostState): Promise<Outcome | undefined> => {
    // Those that wait for their turn have not begun.
    if (run.context.stopping.aborted && !batch.isClosing) return undefined;
    run.restorer?.begin(play.number, host, task);
    run.context.bus.emit({ type: 'host_started', task: id, host: host.name });
    const outcome = await runDebugged(batch, host, runFor(host));
    if (outcome.isCutShort) return undefined;
    const isBad = take(host, outcome);
    if (!batch.isClosing) run.restorer?.note(play.number, host, outcome, isBad);
    else if (!isBad) run.restorer?.noteHandler(play.number, host, task);
    return outcome;
  };
  const outcomes = await Promise.all(
    workers.map((host) => {
      const answered = answers.get(host);
      return answered ? answer(host, answered) : throttled(() => run.limit(() => work(host)));
    }),
  );
  return outcomes.filter((outcome) => outcome !== undefined);
};

/** The other hosts of the batch that still take part. */
const others = ({ states }: PlayRun, host: HostState): HostState[] =>
  [...states.values()].filter((other) => other !== host && isActive(other));

/** The limit of a task's `throttle`: one for all hosts, also where each comes to the task by itself. */
const throttleOf = ({ throttles }: Batch, task: TaskNode, count: number): Run['limit'] => {
  const limit = throttles.get(task) ?? pLimit(count);
  throttles.set(task, limit);
  return limit;
};

/** Under --step somebody is asked about each task. */
const isConfirmed = async (batch: Batch, task: TaskNode, hosts: readonly HostState[]): Promise<boolean> => {
  const { run } = batch;
  if (!run.isStepping) return true;
  const name = taskName(task, (value) => value);
  const answer = await run.context.prompter.ask({
    text: `Perform task: TASK: ${name} on ${hosts.map((host) => host.name).join(', ')} (N)o/(y)es/(c)ontinue`,
    isSecret: false,
    default: undefined,
    confirm: false,
  });
  if (/^c(ontinue)?$/i.test(answer.trim())) run.isStepping = false;
  return /^(y(es)?|c(ontinue)?)$/i.test(answer.trim());
};

/** any_errors_fatal, and a failure of a run_once task: the play ends on all hosts that are not rescuing or cleaning up. */
const stopOnFatal = (
  batch: Batch,
  task: TaskNode,
  outcomes: readonly Outcome[],
  failedIncludes: ReadonlySet<string>,
): void => {
  const { run, play } = batch;
  const failed = outcomes.find(({ run: { host }, result }) => {
    const state = play.states.get(host)!;
    // A host that failed before, and is cleaning up, may well end this task as it should.
    const failedNow = statusOf(result) === 'failed' || failedIncludes.has(host);
    return state.isUnreachable || (state.hasEndedFailed && failedNow);
  });
  if (!failed) return;
  const keywords = new TaskKeywords(task, run.context.templar, run.scopes.of(failed.run.host, play, task));
  const isFatal =
    (readQuietly(() => keywords.boolean('any_errors_fatal')) ?? run.context.options.anyErrorsFatal) ||
    (readQuietly(() => keywords.boolean('run_once')) ?? false);
  if (!isFatal) return;
  for (const host of play.states.values()) {
    if (host.hasEnded || host.isUnreachable) continue;
    if (host.counter.peek() !== undefined && host.counter.isInRescueOrAlways()) continue;
    run.lost.failed.add(host.name);
    batch.isBroken = true;
    host.hasFailed = true;
    host.hasEndedFailed = true;
    host.hasEnded = true;
  }
};
