import type { VariableRow } from '../sources/variables.ts';
import type { Position } from './find-cells.ts';
import type { RunState } from './run-state.ts';

export const detailTabs = ['output', 'result', 'diff', 'variables', 'notes'] as const;
export type DetailTab = (typeof detailTabs)[number];

/** What of a run is looked at. */
export interface RunUi {
  readonly focus: Position;
  readonly pane: 'matrix' | 'detail';
  readonly tab: DetailTab;
  /** The first line of the detail pane that is shown; undefined: the end of what is there. */
  readonly scroll: number;
  readonly filter: string;
  /** The cursor goes along with the task that runs. */
  readonly isFollowing: boolean;
  readonly variables?:
    | {
        readonly host: string;
        readonly path: string | undefined;
        readonly rows: readonly VariableRow[];
      }
    | undefined;
}

/** How a run is looked at first. */
export const newRunUi = (isFollowing: boolean): RunUi => ({
  focus: { host: 0, task: 0 },
  pane: 'matrix',
  tab: 'output',
  scroll: 0,
  filter: '',
  isFollowing,
});

/** Where the cursor is now: on the task that began last, as long as it follows. */
export const focusOf = (run: RunState, ui: RunUi): Position => ({
  host: Math.max(0, Math.min(ui.focus.host, run.hosts.length - 1)),
  task: ui.isFollowing ? Math.max(0, run.tasks.length - 1) : Math.max(0, Math.min(ui.focus.task, run.tasks.length - 1)),
});
