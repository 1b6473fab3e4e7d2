import type { RunPhase } from '../run/head-lines.ts';
import type { RunState } from '../run/run-state.ts';
import type { RunUi } from '../run/run-ui.ts';
import type { Size } from '../run/run-view.ts';
import type { RunRequest } from '../sources/run-request.ts';
import type { ScheduleRow } from '../sources/schedules.ts';
import type { HistoryRow, InventoryRow, PendingQuestion, PlaybookRow, Repetition } from '../sources/services.ts';
import type { VariableRow } from '../sources/variables.ts';
import type { Tone } from '../text/line.ts';
import type { FormState } from './form-state.ts';
import type { LineInput } from './line-input.ts';
import type { ListState } from './list-state.ts';

export const screenNames = ['playbooks', 'inventory', 'run', 'history', 'schedules'] as const;
export type ScreenName = (typeof screenNames)[number];

/** The run that is shown: one that goes on, or a record of one. */
export interface ShownRun {
  readonly run: RunState;
  readonly ui: RunUi;
  readonly phase: RunPhase;
  /** The name of its record. */
  readonly id: string | undefined;
  /** How a record is played; undefined for a run that was started here. */
  readonly replay: { readonly speed: number; readonly isPlaying: boolean } | undefined;
}

/** Something that has to be decided before anything else: a key for each answer. */
export interface Choice {
  readonly text: string;
  readonly answers: readonly { readonly key: string; readonly label: string; readonly effects: readonly Effect[] }[];
}

/** All that is on the screen. */
export interface AppState {
  readonly size: Size;
  readonly now: number;
  readonly screen: ScreenName;
  /** Where Esc leads. */
  readonly trail: readonly ScreenName[];
  readonly isHelpOpen: boolean;
  /** What is typed at the bottom line. */
  readonly prompt: { readonly kind: 'filter' | 'command'; readonly input: LineInput } | undefined;
  readonly choice: Choice | undefined;
  readonly question:
    | { readonly asked: PendingQuestion; readonly input: LineInput; readonly first?: string }
    | undefined;
  readonly message: { readonly text: string; readonly tone: Tone } | undefined;
  readonly playbooks: ListState<PlaybookRow>;
  readonly inventory: ListState<InventoryRow>;
  readonly variables: {
    readonly of: InventoryRow | undefined;
    readonly rows: readonly VariableRow[];
    readonly cursor: number;
    readonly hasFocus: boolean;
  };
  readonly history: ListState<HistoryRow>;
  readonly schedules: ListState<ScheduleRow>;
  readonly form: FormState | undefined;
  readonly shown: ShownRun | undefined;
}

/** What is to be done outside: the state itself never does anything. */
export type Effect =
  | { readonly type: 'quit' }
  | { readonly type: 'load'; readonly what: Exclude<ScreenName, 'run'> }
  | { readonly type: 'inventory-variables'; readonly row: InventoryRow }
  | { readonly type: 'run-variables'; readonly host: string; readonly path: string | undefined }
  | { readonly type: 'form'; readonly path: string }
  | { readonly type: 'start'; readonly request: RunRequest }
  | { readonly type: 'repeat'; readonly id: string; readonly how: Repetition }
  | { readonly type: 'interrupt'; readonly how?: 'graceful' | 'now' }
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  | { readonly type: 'answer'; readonly text: string | undefined }
  | { readonly type: 'open-record'; readonly id: string }
  | { readonly type: 'replay'; readonly wish: 'toggle' | 'step' | 'faster' | 'slower' | 'restart' | 'finish' }
  | { readonly type: 'edit'; readonly place: string }
  | { readonly type: 'schedule'; readonly wish: 'run' | 'pause' | 'resume'; readonly name: string };

/** The state after something happened, and what is to be done. */
export interface Step {
  readonly state: AppState;
  readonly effects: readonly Effect[];
}

/** A state, and what is to be done besides. */
export const step = (state: AppState, ...effects: readonly Effect[]): Step => ({ state, effects });

/** Tells whoever looks on something at the bottom line. */
export const say = (state: AppState, text: string, tone: Tone = 'plain'): AppState => ({
  ...state,
  message: { text, tone },
});
