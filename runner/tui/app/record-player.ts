import { findNext } from '../run/find-cells.ts';
import { reduceRun } from '../run/reduce.ts';
import { newRun } from '../run/run-state.ts';
import { showRun } from '../screens/run.ts';
import type { Services } from '../sources/services.ts';
import { Replay } from './replay.ts';
import type { AppState, Effect } from './state.ts';

/** What records are shown on: the state, and who is told that it has changed. */
export interface Stage {
  readonly state: () => AppState;
  readonly put: (state: AppState) => void;
  /** The run that is shown was changed in its place. */
  readonly changed: () => void;
}

/** Shows records of runs, and plays them as it is asked to. */
export class RecordPlayer {
  readonly #stage: Stage;
  readonly #events: Services['events'];
  #replay: Replay | undefined;

  constructor(stage: Stage, events: Services['events']) {
    this.#stage = stage;
    this.#events = events;
  }

  /** Shows a record to its end, with the cursor on its first failure. */
  async open(id: string): Promise<void> {
    this.close();
    const { state, put, changed } = this.#stage;
    const replay: Replay = new Replay({
      open: () => this.#events(id),
      reset: () => this.#put(replay, newRun()),
      take: (event) => {
        const { shown } = state();
        if (shown) reduceRun(shown.run, event);
        changed();
      },
      changed: () => this.#put(replay),
    });
    this.#replay = replay;
    const shown = { run: newRun(), phase: 'replay', id, replay: { speed: 1, isPlaying: false } } as const;
    put(showRun(state(), shown));
    await replay.finish();
    const { shown: now } = state();
    if (!now?.replay) return;
    const last = { host: now.run.hosts.length - 1, task: now.run.tasks.length - 1 };
    const focus = findNext(now.run, undefined, last, 1) ?? { host: 0, task: 0 };
    // What is over is not followed.
    put({ ...state(), shown: { ...now, ui: { ...now.ui, isFollowing: false, focus } } });
  }

  async wish(wish: Extract<Effect, { type: 'replay' }>['wish']): Promise<void> {
    const replay = this.#replay;
    if (!replay) return;
    if (wish === 'faster' || wish === 'slower') return replay.turn(wish === 'faster' ? 1 : -1);
    await replay[wish]();
    this.#stage.changed();
  }

  /** Takes what has come since in a run that goes on elsewhere. */
  async catchUp(isGoingOn: (id: string) => boolean): Promise<void> {
    const { shown } = this.#stage.state();
    if (!this.#replay?.isAtEnd || shown?.id === undefined || shown.run.exitCode !== undefined) return;
    if (isGoingOn(shown.id)) await this.#replay.finish();
  }

  close(): void {
    this.#replay?.close();
    this.#replay = undefined;
  }

  #put({ speed, isPlaying }: Replay, run = this.#stage.state().shown?.run): void {
    const state = this.#stage.state();
    const { shown } = state;
    if (!shown?.replay || !run) return;
    const ui = isPlaying && !shown.replay.isPlaying ? { ...shown.ui, isFollowing: true } : shown.ui;
    this.#stage.put({ ...state, shown: { ...shown, run, ui, replay: { speed, isPlaying } } });
  }
}
