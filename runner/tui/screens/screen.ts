import type { AppState, Step } from '../app/state.ts';
import type { Size } from '../run/run-view.ts';
import type { Line } from '../text/line.ts';

/** One of the screens: what keys do on it, and what it shows. */
export interface Screen {
  /** Keys with what they do; the first few stand at the bottom line, all of them in the help. */
  readonly keys: readonly (readonly [keys: string, what: string])[];
  /** The state after a key; undefined when the key means nothing here. */
  onKey(state: AppState, key: string): Step | undefined;
  view(state: AppState, size: Size): readonly Line[];
  /** The filter that is set, and the state with another one; for screens that have one. */
  filterOf?(state: AppState): string;
  withFilter?(state: AppState, filter: string): AppState;
}
