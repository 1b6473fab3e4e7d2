import { fitLines } from '../text/fit-line.ts';
import { type Line, lineOf, span } from '../text/line.ts';
import { detailHeading, detailLines } from './detail-lines.ts';
import { findShown, readFilter } from './find-cells.ts';
import { headLines, type RunPhase } from './head-lines.ts';
import { matrixLines } from './matrix-lines.ts';
import type { RunState } from './run-state.ts';
import { focusOf, type RunUi } from './run-ui.ts';
import { taskLines } from './task-lines.ts';

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** With less room than this left below the matrix, tasks are not listed there. */
const leastList = 6;

/** From this width on the detail pane stands beside the matrix, below it on narrower screens. */
const wide = 140;

/** The screen of a run: how it stands, the matrix, and what is known of the task and host under the cursor. */
export const runView = (run: RunState, ui: RunUi, phase: RunPhase, now: number, size: Size): Line[] => {
  const { columns, rows } = size;
  const focus = focusOf(run, ui);
  const shown = findShown(run, readFilter(ui.filter));
  const head = headLines(run, phase, now);
  const height = rows - head.length;
  if (columns >= wide) {
    const left = Math.floor(columns * 0.55);
    const rest = height - (shown.hosts?.length ?? run.hosts.length) - 1;
    const listHeight = rest >= leastList ? rest : 0;
    const matrix = [
      ...fitLines(
        matrixLines(run, shown, focus, ui.pane === 'matrix', left, height - listHeight),
        left,
        height - listHeight,
      ),
      ...taskLines(run, shown, focus, left, listHeight),
    ];
    const detail = detailPane(run, ui, height);
    const between = span(' | ', 'faint');
    return fitLines(
      [...head, ...sideBySide(fitLines(matrix, left, height), between, fitLines(detail, columns - left - 3, height))],
      columns,
      rows,
    );
  }
  const matrixHeight = Math.max(4, Math.min(Math.floor(height * 0.45), (shown.hosts?.length ?? run.hosts.length) + 1));
  const matrix = matrixLines(run, shown, focus, ui.pane === 'matrix', columns, matrixHeight);
  const below = height - matrixHeight - 1;
  return fitLines(
    [
      ...head,
      ...fitLines(matrix, columns, matrixHeight),
      lineOf('-'.repeat(columns), 'faint'),
      ...detailPane(run, ui, below),
    ],
    columns,
    rows,
  );
};

const sideBySide = (left: readonly Line[], between: Line[number], right: readonly Line[]): Line[] =>
  left.map((line, index) => [...line, between, ...right[index]!]);

/** Only the lines that are on the screen are handed on. */
const detailPane = (run: RunState, ui: RunUi, height: number): Line[] => {
  const focus = focusOf(run, ui);
  const heading = detailHeading(run, focus, ui);
  const lines = detailLines(run, focus, ui);
  const room = Math.max(0, height - heading.length);
  const start = scrollStart(ui, lines.length, room);
  return [...heading, ...lines.slice(start, start + room)];
};

/** Output that is followed shows its end; anything else where it was scrolled to. */
const scrollStart = (ui: RunUi, total: number, room: number): number => {
  const last = Math.max(0, total - room);
  return ui.isFollowing && ui.tab === 'output' ? last : Math.min(ui.scroll, last);
};
