import { type AppState, type Effect, type ShownRun, type Step, say, step } from '../app/state.ts';
import { detailLines } from '../run/detail-lines.ts';
import { findNext, findShown, type Position, readFilter } from '../run/find-cells.ts';
import { detailTabs, focusOf, newRunUi, type RunUi } from '../run/run-ui.ts';
import { runView } from '../run/run-view.ts';
import { lineOf } from '../text/line.ts';
import { askToRepeat } from './history.ts';
import type { Screen } from './screen.ts';

/** The hosts and tasks of a run. */
export const runScreen: Screen = {
  keys: [
    ['n', 'next failure'],
    ['Tab', 'pane'],
    ['f', 'follow'],
    ['p', 'pause'],
    ['s', 'stop'],
    ['r', 'run again…'],
    ['← → Home End', 'task'],
    ['n N', 'next failure, or match'],
    ['s s', 'stop now'],
    ['[ ]', 'view of the task'],
    ['l d v', 'log, diff, variables'],
    ['x', 'only what failed'],
    ['e', 'edit the task'],
    ['Space .', 'record: play, step'],
    ['+ -', 'record: faster, slower'],
    ['b z', 'record: begin, end'],
  ],
  onKey: (state, key) => (state.shown ? onRunKey(state, state.shown, key) : undefined),
  view: ({ shown, now }, size) =>
    shown === undefined
      ? [lineOf('no run is shown; start one from the playbooks, or open one of the history', 'faint')]
      : runView(shown.run, shown.ui, shown.phase, now, size),
  filterOf: ({ shown }) => shown?.ui.filter ?? '',
  withFilter: (state, filter) => (state.shown ? withUi(state, state.shown, { filter }) : state),
};

/** The state with a run to look at: one that begins, or a record. */
export const showRun = (state: AppState, shown: Omit<ShownRun, 'ui'>): AppState => ({
  ...state,
  screen: 'run',
  trail: state.screen === 'run' ? state.trail : [...state.trail, state.screen],
  shown: { ...shown, ui: newRunUi(shown.phase !== 'ended') },
});

const withUi = (state: AppState, shown: ShownRun, changes: Partial<RunUi>): AppState => ({
  ...state,
  shown: { ...shown, ui: { ...shown.ui, ...changes } },
});

const onRunKey = (state: AppState, shown: ShownRun, key: string): Step | undefined => {
  const { ui } = shown;
  const change = (changes: Partial<RunUi>): Step => withVariables(withUi(state, shown, changes), shown);
  switch (key) {
    case 'tab':
    case 'shift-tab':
      return change({ pane: ui.pane === 'matrix' ? 'detail' : 'matrix' });
    case 'enter':
      return change({ pane: 'detail' });
    case 'escape':
      if (ui.pane === 'detail') return change({ pane: 'matrix' });
      return ui.filter === '' ? undefined : change({ filter: '' });
    case '[':
    case ']':
      return change({ tab: turned(ui, key === ']' ? 1 : -1), scroll: 0 });
    case 'l':
      return change({ tab: 'output', pane: 'detail', scroll: 0 });
    case 'd':
      return change({ tab: 'diff', scroll: 0 });
    case 'v':
      return change({ tab: 'variables', scroll: 0 });
    case 'f':
      return change({ isFollowing: !ui.isFollowing, focus: focusOf(shown.run, ui) });
    case 'x':
      return change({ filter: ui.filter === 'status:failed' ? '' : 'status:failed' });
    case 'n':
    case 'N':
      return jump(state, shown, key === 'n' ? 1 : -1);
    case 'e':
      return editTask(state, shown);
  }
  return (
    onControlKey(state, shown, key) ??
    (ui.pane === 'detail' ? onDetailKey(state, shown, key) : onMatrixKey(state, shown, key))
  );
};

const turned = ({ tab }: RunUi, by: 1 | -1): RunUi['tab'] =>
  detailTabs[(detailTabs.indexOf(tab) + by + detailTabs.length) % detailTabs.length]!;

/** The variables of the host under the cursor, as its task sees them, are asked for when they are to be seen. */
export const withVariables = (state: AppState, before: ShownRun): Step => {
  const { shown } = state;
  if (shown?.ui.tab !== 'variables' || shown.replay) return step(state);
  const focus = focusOf(shown.run, shown.ui);
  const host = shown.run.hosts[focus.host];
  const path = shown.run.tasks[focus.task]?.path;
  const known = before.ui.tab === 'variables' ? before.ui.variables : undefined;
  const isThere = known?.host === host && known?.path === path;
  return host === undefined || isThere ? step(state) : step(state, { type: 'run-variables', host, path });
};

const jump = (state: AppState, shown: ShownRun, by: 1 | -1): Step => {
  const { run, ui } = shown;
  const found = findNext(run, readFilter(ui.filter), focusOf(run, ui), by);
  if (!found) return step(say(state, ui.filter === '' ? 'nothing has failed' : 'nothing is like the filter'));
  return withVariables(withUi(state, shown, { focus: found, isFollowing: false, scroll: 0 }), shown);
};

const editTask = (state: AppState, { run, ui }: ShownRun): Step => {
  const path = run.tasks[focusOf(run, ui).task]?.path;
  return path ? step(state, { type: 'edit', place: path }) : step(state);
};

/** Keys that ask the run itself for something. */
const onControlKey = (state: AppState, shown: ShownRun, key: string): Step | undefined => {
  if (shown.replay) {
    const wish = replayWishes[key];
    if (wish) return step(state, { type: 'replay', wish });
  }
  const { phase, id, run } = shown;
  switch (key) {
    case 'p':
      if (phase === 'running') return step(withPhase(state, 'paused'), { type: 'pause' });
      return phase === 'paused' ? step(withPhase(state, 'running'), { type: 'resume' }) : undefined;
    case 's':
      return stop(state, shown);
    case 'r': {
      if (phase !== 'ended' && phase !== 'replay') return step(say(state, 'the run goes on; s stops it'));
      return id === undefined
        ? step(say(state, 'there is no record to run again'))
        : step(askToRepeat(state, id, run.lostHosts, run.exitCode === 0));
    }
  }
  return undefined;
};

const replayWishes: Readonly<Record<string, Extract<Effect, { type: 'replay' }>['wish']>> = {
  ' ': 'toggle',
  '.': 'step',
  '+': 'faster',
  '=': 'faster',
  '-': 'slower',
  b: 'restart',
  z: 'finish',
};

/** A run that goes on is asked to end; asked again, it stops now. */
export const stop = (state: AppState, shown: ShownRun): Step => {
  if (shown.phase === 'ended' || shown.phase === 'replay') return step(say(state, 'the run has ended'));
  if (shown.phase === 'stopping') return step(say(state, 'stopping now', 'changed'), { type: 'interrupt', how: 'now' });
  const text = 'running tasks come to their end, nothing more begins; s again stops now';
  return step(say(withPhase(state, 'stopping'), text, 'changed'), { type: 'interrupt' });
};

/** The shown run in another phase. */
export const withPhase = (state: AppState, phase: ShownRun['phase']): AppState =>
  state.shown ? { ...state, shown: { ...state.shown, phase } } : state;

const onMatrixKey = (state: AppState, shown: ShownRun, key: string): Step | undefined => {
  const { run, ui } = shown;
  const focus = focusOf(run, ui);
  const moved = moveFocus(shown, focus, key, Math.max(1, Math.floor(state.size.rows / 3)));
  if (!moved) return undefined;
  // Going to other hosts is no reason to lose sight of what runs.
  const isFollowing = ui.isFollowing && moved.task === focus.task;
  return withVariables(withUi(state, shown, { focus: moved, isFollowing, scroll: 0 }), shown);
};

const moveFocus = ({ run, ui }: ShownRun, focus: Position, key: string, page: number): Position | undefined => {
  const shown = findShown(run, readFilter(ui.filter));
  const host = (by: number): Position => ({ ...focus, host: moved(shown.hosts, run.hosts.length, focus.host, by) });
  const task = (by: number): Position => ({ ...focus, task: moved(shown.tasks, run.tasks.length, focus.task, by) });
  switch (key) {
    case 'up':
    case 'k':
      return host(-1);
    case 'down':
    case 'j':
      return host(1);
    case 'pageup':
    case 'ctrl-b':
      return host(-page);
    case 'pagedown':
    case 'ctrl-f':
      return host(page);
    case 'g':
      return host(Number.NEGATIVE_INFINITY);
    case 'G':
      return host(Number.POSITIVE_INFINITY);
    case 'left':
    case 'h':
      return task(-1);
    case 'right':
      return task(1);
    case 'home':
      return task(Number.NEGATIVE_INFINITY);
    case 'end':
      return task(Number.POSITIVE_INFINITY);
  }
  return undefined;
};

/** Another entry of a list that a filter may have thinned out. */
const moved = (shown: readonly number[] | undefined, count: number, from: number, by: number): number => {
  const last = (shown?.length ?? count) - 1;
  const at = shown === undefined ? from : Math.max(0, shown.indexOf(from));
  const next = Math.max(0, Math.min(last, at + by));
  return shown?.[next] ?? next;
};

const onDetailKey = (state: AppState, shown: ShownRun, key: string): Step | undefined => {
  const { run, ui } = shown;
  const page = Math.max(1, Math.floor(state.size.rows / 3));
  const last = Math.max(0, detailLines(run, focusOf(run, ui), ui).length - 1);
  const by: Readonly<Record<string, number>> = {
    up: -1,
    k: -1,
    down: 1,
    j: 1,
    pageup: -page,
    'ctrl-b': -page,
    pagedown: page,
    'ctrl-f': page,
    g: Number.NEGATIVE_INFINITY,
    home: Number.NEGATIVE_INFINITY,
    G: Number.POSITIVE_INFINITY,
    end: Number.POSITIVE_INFINITY,
  };
  const distance = by[key];
  if (distance === undefined) return onMatrixKey(state, shown, key);
  const from = Math.min(ui.isFollowing && ui.tab === 'output' ? last : ui.scroll, last);
  const scroll = Math.max(0, Math.min(last, from + distance));
  return step(withUi(state, shown, { scroll, isFollowing: false, focus: focusOf(run, ui) }));
};
