import { fitText, widthOf } from '../text/fit-line.ts';
import { type Line, lineOf, type Span, span } from '../text/line.ts';
import { type Cell, cell, cellSigns, cellTones, isFailure } from './cell.ts';
import { type Position, placeOf, type Shown } from './find-cells.ts';
import type { RunState } from './run-state.ts';
import { windowAround } from './window.ts';

/** Hosts by tasks, as much of it as fits around the cursor. What is not on the screen is not looked at. */
export const matrixLines = (
  run: RunState,
  shown: Shown,
  focus: Position,
  hasCursor: boolean,
  width: number,
  height: number,
): Line[] => {
  const hostCount = shown.hosts?.length ?? run.hosts.length;
  const taskCount = shown.tasks?.length ?? run.tasks.length;
  if (hostCount === 0 || taskCount === 0) return [lineOf(emptyText(run), 'faint')];
  const hostAt = (index: number): number => shown.hosts?.[index] ?? index;
  const taskAt = (index: number): number => shown.tasks?.[index] ?? index;
  const rows = windowAround(shown.hosts ? placeOf(shown.hosts, focus.host) : focus.host, hostCount, height - 1);
  const hosts = Array.from({ length: rows.count }, (_, index) => hostAt(rows.start + index));
  const countsWidth = width >= 100 ? 18 : 0;
  const nameWidth = Math.min(Math.max(12, ...hosts.map((host) => widthOf(run.hosts[host]!))), Math.floor(width / 3));
  const room = width - nameWidth - 4 - countsWidth;
  const cellWidth = taskCount * 2 <= room ? 2 : 1;
  const columns = windowAround(
    shown.tasks ? placeOf(shown.tasks, focus.task) : focus.task,
    taskCount,
    Math.floor(room / cellWidth),
  );
  const tasks = Array.from({ length: columns.count }, (_, index) => taskAt(columns.start + index));
  const heading = `${' '.repeat(nameWidth + 2)}${countsWidth > 0 ? '   ok  chg  fail  ' : ''}  `;
  return [
    [span(heading, 'faint'), ...ruler(tasks, focus.task, cellWidth)],
    ...hosts.map((host): Line => {
      const isFocused = hasCursor && host === focus.host;
      return [
        span(`${isFocused ? '> ' : '  '}${fitText(run.hosts[host]!, nameWidth)}`, toneOfHost(run, host), isFocused),
        ...(countsWidth > 0 ? countSpans(run, host) : []),
        span('  '),
        ...cellSpans(run, host, tasks, focus, isFocused, cellWidth),
      ];
    }),
  ];
};

const emptyText = (run: RunState): string =>
  run.tasks.length === 0 ? 'no task has begun yet' : 'nothing is like the filter';

const toneOfHost = ({ matrix }: RunState, host: number): Span['tone'] => {
  if (matrix.ofHost(host, cell.failed) > 0) return 'failed';
  return matrix.ofHost(host, cell.unreachable) > 0 ? 'unreachable' : 'plain';
};

/** A mark above the task under the cursor, and at each tenth task. */
const ruler = (tasks: readonly number[], focused: number, cellWidth: number): Span[] =>
  tasks.map((task) => {
    const mark = task === focused ? 'v' : (task + 1) % 10 === 0 ? String(((task + 1) / 10) % 10) : ' ';
    return span(mark.padEnd(cellWidth), task === focused ? 'strong' : 'faint');
  });

const countSpans = ({ matrix }: RunState, host: number): Span[] => {
  const failed = matrix.ofHost(host, cell.failed) + matrix.ofHost(host, cell.unreachable);
  const changed = matrix.ofHost(host, cell.changed);
  return [
    span(String(matrix.ofHost(host, cell.ok) + changed).padStart(5), 'ok'),
    span(String(changed).padStart(5), changed > 0 ? 'changed' : 'faint'),
    span(String(failed).padStart(6), failed > 0 ? 'failed' : 'faint'),
    span('  '),
  ];
};

/** The cells of a row; neighbours of one kind are one piece. */
const cellSpans = (
  { matrix }: RunState,
  host: number,
  tasks: readonly number[],
  focus: Position,
  isFocused: boolean,
  cellWidth: number,
): Span[] => {
  const spans: Span[] = [];
  let text = '';
  let kind: Cell = cell.none;
  const flush = (): void => {
    if (text !== '') spans.push(span(text, cellTones[kind]));
    text = '';
  };
  for (const task of tasks) {
    const here = matrix.get(host, task);
    const isCursor = isFocused && task === focus.task;
    if (here !== kind || isCursor) flush();
    kind = here;
    if (isCursor) spans.push(span(cellSigns[here], isFailure(here) ? 'failed' : cellTones[here], true));
    text += isCursor ? ' '.repeat(cellWidth - 1) : cellSigns[here].padEnd(cellWidth);
  }
  flush();
  return spans;
};
