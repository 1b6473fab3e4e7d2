import { setTimeout as sleep } from 'node:timers/promises';
import { MusterError } from '../../errors/index.ts';
import { type Dict, dict, toText, type Value, WithheldDict } from '../../values/index.ts';
import type { LayeredScope } from '../../variables/index.ts';
import { conditionsHold } from './conditions.ts';
import { executeOnce } from './execute-once.ts';
import { asForetold } from './foretell.ts';
import { Guesses } from './guesses.ts';
import { TaskKeywords } from './keywords.ts';
import { type Ahead, LookAhead } from './look-ahead.ts';
import { itemOverlay, type LoopControl, loopControl, loopItems } from './loop.ts';
import { mayLookAhead } from './may-look-ahead.ts';
import { restoreEffects } from './restore-effects.ts';
import { restoreJob } from './restore-job.ts';
import {
  completeResult,
  errorDetails,
  errorResult,
  isChanged,
  isFailed,
  isSkipped,
  isUnreachable,
  shownResult,
  skippedResult,
  statusOf,
  visibilityOf,
} from './result.ts';
import { scopeOf } from './scope-of.ts';
import type { Execution, IncludeRequest, Outcome, TaskRun } from './task-run.ts';
import { withVariableHint } from './undefined-hint.ts';

/** Runs a task on a host, all items of its loop, and registers the result. Never throws: an error is a failed result. */
export const runTask = async (given: TaskRun): Promise<Outcome> => {
  const start = performance.now();
  const guesses = given.guessed && new Guesses(given.guessed, given.host);
  const run = { ...given, guesses };
  const scope = scopeOf(run);
  const finished = await runWithLoop(run, scope);
  register(run, finished.result);
  guesses?.pass(run.receivers, namesSet(run, finished.result), finished.isUnrun);
  return { run, ...finished, duration: performance.now() - start };
};

/** The variables that a task sets: its result, and what set_fact sets. */
export const namesSet = ({ task }: TaskRun, result: Dict): string[] => {
  const facts = task.module === 'ansible.builtin.set_fact' ? result.get('ansible_facts') : undefined;
  const names = [task.keywords.get('register'), ...(facts instanceof Map ? facts.keys() : [])];
  return names.filter((name) => typeof name === 'string');
};

type Finished = Omit<Outcome, 'run' | 'duration'>;

const runWithLoop = async (run: TaskRun, scope: LayeredScope): Promise<Finished> => {
  let items: readonly Value[] | undefined;
  try {
    items = findItems(run, scope);
  } catch (error) {
    const failed = plain(completeResult(errorResult(withVariableHint(error, scope))));
    return {
      ...asForetold({ ...failed, isIgnored: isIgnored(run, scope) }, run.guesses),
      isLoop: false,
      includes: [],
    };
  }
  if (items === skipLoop) return { ...asForetold(plain(skippedResult()), run.guesses), isLoop: false, includes: [] };
  if (items === undefined) {
    const begin = (ahead?: Ahead): Promise<Execution> =>
      executeOnce({ ...run, ahead }, scope, run.overrides ?? new Map());
    const { include, ...execution } = await (run.line?.execute(run, begin) ?? begin());
    return { ...execution, isLoop: false, includes: include ? [include] : [] };
  }
  if (items.length === 0) {
    const result = dict({ changed: false, results: [], skipped: true, skipped_reason: 'No items in the list' });
    return { ...asForetold(plain(result), run.guesses), isLoop: true, includes: [] };
  }
  return runItems(run, scope, items);
};

const plain = (result: Dict): Omit<Execution, 'include'> => ({
  result,
  noLog: false,
  showsDiff: false,
  isIgnored: false,
});

const isIgnored = (run: TaskRun, scope: LayeredScope): boolean =>
  new TaskKeywords(run.task, run.context.templar, scope).boolean('ignore_errors') ?? false;

const skipLoop: readonly Value[] = [];

/** The loop's items. A list that cannot be made does not matter when the task's conditions fail without it. */
const findItems = (run: TaskRun, scope: LayeredScope): readonly Value[] | undefined => {
  const { templar } = run.context;
  try {
    return loopItems(run.task, templar, scope);
  } catch (error) {
    if (!(error instanceof MusterError)) throw error;
    let holds = true;
    try {
      holds = conditionsHold(run.task, run.context, scope);
    } catch {
      // The loop's own error tells more.
    }
    if (!holds) return skipLoop;
    throw error;
  }
};

const runItems = async (run: TaskRun, scope: LayeredScope, items: readonly Value[]): Promise<Finished> => {
  const { task, context } = run;
  const control = loopControl(task, context.templar, scope);
  if (scope.get(control.loopVar) !== undefined) warnOfClash(run, control.loopVar);
  const results: Value[] = [];
  const includes: IncludeRequest[] = [];
  let last: Execution | undefined;
  let anyIgnored = false;
  let anyUnrun = false;
  let isCutShort = false;
  const notify = new Set<Value>();
  const isAhead = await mayLookAhead(run, control, items.length);
  const ofItem = (index: number): TaskRun => ({
    ...run,
    isInDoubt: run.memory?.isInDoubt(index),
    job: run.memory?.job(index),
  });
  const execute = (index: number, ahead?: Ahead): Promise<Execution> => {
    const overlay = itemOverlay(items, index, control);
    return executeOnce({ ...ofItem(index), ahead }, scopeOf(run).with(overlay), overlay);
  };
  const ahead = isAhead
    ? new LookAhead((index) => (index < items.length ? (own) => execute(index, own) : undefined))
    : undefined;
  for (const [index, item] of items.entries()) {
    if (context.stopping.aborted && index > 0) {
      isCutShort = true;
      break;
    }
    if (index > 0 && control.pause > 0) await sleep(control.pause * 1000);
    const overlay = itemOverlay(items, index, control);
    const known = run.memory?.recall(index, items.length, item);
    if (known) {
      restoreEffects(run, known);
      restoreJob(run, known.result, scopeOf(run).with(overlay), overlay);
      last = known;
      anyIgnored ||= known.isIgnored;
      for (const name of known.notify ?? []) notify.add(name);
      results.push(known.seen);
      continue;
    }
    const itemScope = scopeOf(run).with(overlay);
    run.memory?.begin(index);
    const execution = await (ahead?.execute(index, (own) => execute(index, own)) ??
      executeOnce(ofItem(index), itemScope, overlay));
    const label = labelOf(run, itemScope, control, item);
    if (execution.isUnfit) {
      ahead?.drop();
      return { ...execution, isLoop: false, includes: [] };
    }
    if (execution.isCutShort) {
      isCutShort = true;
      break;
    }
    last = execution;
    anyIgnored ||= execution.isIgnored;
    anyUnrun ||= execution.isUnrun ?? false;
    for (const name of execution.notify ?? []) notify.add(name);
    if (execution.include) includes.push({ ...execution.include, label });
    const result = asItemResult(execution.result, overlay, control);
    results.push(result);
    if (!execution.include) {
      reportItem(run, execution, result, label);
      const isBad = (isFailed(result) || isUnreachable(result)) && !execution.isIgnored;
      run.memory?.note(index, items.length, item, execution, isBad);
    }
    if (isUnreachable(result)) break;
  }
  ahead?.drop();
  return {
    result: completeResult(loopResult(results as Dict[])),
    noLog: last?.noLog ?? false,
    showsDiff: last?.showsDiff ?? false,
    delegatedTo: last?.delegatedTo,
    isIgnored: anyIgnored,
    isUnrun: anyUnrun,
    isCutShort,
    reason: last?.reason,
    isLoop: true,
    includes,
    notify: [...notify],
  };
};

const warnOfClash = (run: TaskRun, name: string): void =>
  run.context.bus.emit({
    type: 'warning',
    kind: 'warning',
    message: `TASK: ${toText(run.task.name ?? run.task.action)}: The loop variable '${name}' is already in use. You should set the \`loop_var\` value in the \`loop_control\` option for the task to something else to avoid variable collisions and unexpected behavior.`,
  });

const asItemResult = (result: Dict, overlay: Dict, control: LoopControl): Dict => {
  for (const [name, value] of overlay) if (name !== 'ansible_loop' || control.isExtended) result.set(name, value);
  return result;
};

const labelOf = (run: TaskRun, scope: LayeredScope, control: LoopControl, item: Value): string => {
  if (control.label === undefined) return toText(item);
  try {
    return toText(run.context.templar.render(control.label, scope));
  } catch (error) {
    if (error instanceof MusterError) return toText(item);
    throw error;
  }
};

const reportItem = (run: TaskRun, execution: Execution, result: Dict, label: string): void =>
  run.context.bus.emit({
    type: 'item_result',
    task: run.id,
    host: run.host,
    status: statusOf(result),
    result: shownResult(result, execution.noLog),
    delegatedTo: execution.delegatedTo,
    ignored: execution.isIgnored && (isFailed(result) || isUnreachable(result)),
    showsDiff: execution.showsDiff,
    visibility: visibilityOf(result),
    label: execution.noLog ? 'None' : label,
    reason: execution.reason,
    details: errorDetails(result, execution.noLog),
  });

/** What a whole loop counts as. */
const loopResult = (results: readonly Dict[]): Dict => {
  const unreachable = results.find(isUnreachable);
  const failed = results.some(isFailed);
  const skipped = results.every(isSkipped);
  return dict({
    results: [...results],
    ...(skipped && { skipped: true }),
    ...(failed && { failed: true }),
    ...(unreachable && { unreachable: true }),
    msg: skipped ? 'All items skipped' : failed ? 'One or more items failed' : 'All items completed',
    changed: results.some(isChanged),
  });
};

/** Puts a result into the task's `register` variable, on each host that receives it. */
export const register = (run: TaskRun, result: Dict): void => {
  const name = run.task.keywords.get('register');
  if (name === undefined) return;
  if (result instanceof WithheldDict) {
    for (const host of run.receivers) run.context.store.register(host, name, result);
    return;
  }
  const kept: Dict = new Map();
  for (const [key, value] of result) {
    if (typeof key === 'string' && key.startsWith('_ansible_')) continue;
    if (key !== 'invocation') kept.set(key, value);
  }
  if (!kept.has('failed') && !isSkipped(result)) kept.set('failed', isFailed(result));
  for (const host of run.receivers) run.context.store.register(host, name, kept);
};
