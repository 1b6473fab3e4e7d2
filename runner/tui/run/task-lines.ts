import { durationText } from '../../output/duration-text.ts';
import { type Column, columnLines } from '../text/columns.ts';
import { type Line, lineOf } from '../text/line.ts';
import { type Cell, cell } from './cell.ts';
import { type Position, placeOf, type Shown } from './find-cells.ts';
import type { RunState } from './run-state.ts';
import { windowAround } from './window.ts';

/** Tasks by their names, around the one under the cursor, with what came of each; as many as fit. */
export const taskLines = (
  run: RunState,
  shown: Shown,
  focus: Position,
  width: number,
  height: number,
): readonly Line[] => {
  if (height < 3) return [];
  const total = shown.tasks?.length ?? run.tasks.length;
  const at = shown.tasks ? placeOf(shown.tasks, focus.task) : focus.task;
  const { start, count } = windowAround(at, total, height - 2);
  const tasks = Array.from({ length: count }, (_, index) => shown.tasks?.[start + index] ?? start + index);
  const lines = columnLines(columnsOf(run), tasks, width, -1);
  const cursor = tasks.indexOf(focus.task);
  return [
    lineOf('-'.repeat(width), 'faint'),
    ...lines.map((line, index) => (index === cursor + 1 && cursor !== -1 ? [{ text: 'v ' }, ...line.slice(1)] : line)),
  ];
};

const columnsOf = (run: RunState): readonly Column<number>[] => {
  const count = (
    title: string,
    tone: 'ok' | 'changed' | 'failed' | 'running',
    ...kinds: readonly Cell[]
  ): Column<number> => {
    const of = (task: number): number => kinds.reduce<number>((sum, kind) => sum + run.matrix.ofTask(task, kind), 0);
    return {
      title,
      align: 'right',
      text: (task) => (of(task) === 0 ? '-' : String(of(task))),
      tone: (task) => (of(task) === 0 ? 'faint' : tone),
    };
  };
  return [
    { title: '', align: 'right', text: (task) => String(task + 1), tone: () => 'faint' },
    { title: 'TASK', text: (task) => run.tasks[task]!.name, grows: true },
    count('OK', 'ok', cell.ok),
    count('CHANGED', 'changed', cell.changed),
    count('FAILED', 'failed', cell.failed, cell.unreachable),
    count('RUNNING', 'running', cell.running, cell.waiting),
    { title: 'TIME', align: 'right', text: (task) => timeOf(run, task) },
  ];
};

const timeOf = ({ tasks }: RunState, task: number): string => {
  const { startedAt, lastAt } = tasks[task]!;
  return lastAt > startedAt ? durationText(lastAt - startedAt) : '-';
};
