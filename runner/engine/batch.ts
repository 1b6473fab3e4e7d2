import pLimit from 'p-limit';
import { SourceError } from '../errors/index.ts';
import type { BlockNode, TaskNode } from '../playbook/index.ts';
import { toText, type Value } from '../values/index.ts';
import type { HostState } from './host-state.ts';
import type { PlayRun } from './play-run.ts';
import { ProgramCounter } from './program-counter.ts';
import type { Run } from './run.ts';
import { tasksBeforeStart } from './start-at.ts';
import { runForcedHandlers } from './stop.ts';
import { runFree } from './strategy/free.ts';
import { runLinear } from './strategy/linear.ts';
import { renderTags, tagsSelect } from './tags.ts';
import { looksAhead } from './task/may-look-ahead.ts';
import { TaskLine } from './task/task-line.ts';

/** A play being run on one batch of its hosts. */
export interface Batch {
  readonly run: Run;
  readonly play: PlayRun;
  /** The events' ids of tasks that were begun in this batch. */
  readonly ids: Map<TaskNode, string>;
  /** Those of them that nobody was told of yet: all hosts had done them in an earlier run. */
  readonly untold: Set<TaskNode>;
  /** Says that the play starts, before the first task that is told of. */
  readonly begin: () => void;
  readonly throttles: Map<TaskNode, Run['limit']>;
  readonly maxFailPercentage: number | undefined;
  /** The tasks of the batch's only host, which look ahead. */
  readonly line: TaskLine | undefined;
  /** Failed tasks are looked into in the debugger. */
  readonly debugs: boolean;
  /** Lets one conversation with people go on at a time. */
  readonly conversation: Run['limit'];
  /** The run was interrupted, and its forced handlers are what is still to be done. */
  isClosing: boolean;
  /** Set when errors of some hosts are fatal for all: nothing more is run, on any host, in any play. */
  isBroken: boolean;
}

const strategies: Readonly<Record<string, (batch: Batch) => Promise<void>>> = {
  linear: runLinear,
  debug: (batch) => runLinear(batch),
  free: (batch) => runFree(batch, false),
  host_pinned: (batch) => runFree(batch, true),
};

/** Runs a play on the batch of hosts that it is at. True when its failures end the whole run. */
export const runBatch = async (run: Run, play: PlayRun, root: BlockNode): Promise<boolean> => {
  const selects = taskSelector(run, play, root);
  const states = new Map<string, HostState>();
  for (const name of play.batch) states.set(name, hostState(name, root, selects, run));
  play.states = states;
  const strategy = playText(run, play, 'strategy') ?? run.context.options.strategy;
  const work = strategies[strategy.replace(/^ansible\.builtin\./, '')];
  if (!work) {
    throw new SourceError({
      message: `there is no strategy '${strategy}'`,
      origin: play.node.places.get('strategy') ?? play.node.origin,
      expected: `one of ${Object.keys(strategies).join(', ')}`,
    });
  }
  const percentage = playText(run, play, 'max_fail_percentage');
  let hasBegun = false;
  const begin = (): void => {
    if (hasBegun) return;
    hasBegun = true;
    run.context.bus.emit({
      type: 'play_started',
      play: play.number,
      name: play.name,
      hosts: [...play.batch],
      strategy,
      check: run.context.options.check,
    });
  };
  const batch: Batch = {
    run,
    play,
    ids: new Map(),
    untold: new Set(),
    begin,
    throttles: new Map(),
    maxFailPercentage: percentage === undefined ? undefined : Number(percentage),
    line: lineOf(run, states),
    debugs: work === strategies.debug || run.context.options.debugger,
    conversation: pLimit(1),
    isClosing: false,
    isBroken: false,
  };
  if (![...states.values()].some((host) => run.restorer?.isBehind(play.number, host))) begin();
  const begun = [...states.values()].filter(({ hasEnded }) => !hasEnded);
  await work(batch);
  batch.line?.leave();
  if (run.context.stopping.aborted) await runForcedHandlers(batch);
  const isNobodyLeft =
    work === runLinear || work === strategies.debug
      ? batch.isBroken && [...states.values()].every(({ hasFailed, isUnreachable }) => hasFailed || isUnreachable)
      : begun.every(({ isUnreachable }) => isUnreachable);
  if (begun.length > 0 && isNobodyLeft) {
    run.context.bus.emit({ type: 'no_more_hosts' });
  }
  return batch.isBroken;
};

const lineOf = ({ context, isStepping }: Run, states: ReadonlyMap<string, HostState>): TaskLine | undefined => {
  const [host, another] = states.values();
  return host && !another && !isStepping && looksAhead(context) ? new TaskLine(host) : undefined;
};

const hostState = (name: string, root: BlockNode, selects: (task: TaskNode) => boolean, run: Run): HostState => {
  const { options, store } = run.context;
  // Under smart gathering a host whose facts are known is not asked again.
  const selectsHere = (task: TaskNode): boolean =>
    selects(task) &&
    !(options.gathering === 'smart' && task.isImplicit && task.action === 'gather_facts' && store.facts(name));
  const state: HostState = {
    name,
    step: 0,
    counter: new ProgramCounter(root, selectsHere, ({ role }) => {
      if (role && state.rolesWithTasks.has(role.identity)) state.finishedRoles.add(role.identity);
    }),
    notified: new Set(),
    finishedRoles: new Set(),
    rolesWithTasks: new Set(),
    hasFailed: run.lost.failed.has(name),
    hasEndedFailed: false,
    isDoneFailed: false,
    isUnreachable: run.lost.unreachable.has(name),
    hasEnded: run.lost.failed.has(name) || run.lost.unreachable.has(name),
  };
  return state;
};

const playText = (run: Run, play: PlayRun, keyword: string): string | undefined => {
  const value = play.keyword(keyword);
  if (value === undefined || value === null) return undefined;
  return toText(run.context.templar.render(value, run.scopes.of(play.batch[0]!, play)));
};

/** Which tasks run, by --tags, --skip-tags and --start-at-task. */
const taskSelector = (run: Run, play: PlayRun, root: BlockNode): ((task: TaskNode) => boolean) => {
  const { options, templar } = run.context;
  const before = tasksBeforeStart(run, root);
  const known = new Map<TaskNode, boolean>();
  const scope = run.scopes.of(play.batch[0]!, play);
  const render = (value: Value): Value => templar.render(value, scope);
  return (task) => {
    let isSelected = known.get(task);
    if (isSelected === undefined) {
      // The play's own flushes of handlers are no tasks of anybody, so that no tag can leave them out.
      const isFlush = task.isImplicit && task.module === 'ansible.builtin.meta';
      isSelected =
        !before.has(task) && (isFlush || tagsSelect(renderTags(task, render), options.tags, options.skipTags));
      known.set(task, isSelected);
    }
    return isSelected;
  };
};
