import { formatError, MusterError } from '../../errors/index.ts';
import type { Timed } from '../../events/index.ts';
import { reduceRun } from '../run/reduce.ts';
import { newRun } from '../run/run-state.ts';
import type { Size } from '../run/run-view.ts';
import { showRun, withPhase, withVariables } from '../screens/run.ts';
import type { RunRequest } from '../sources/run-request.ts';
import type { LiveRun, Services } from '../sources/services.ts';
import type { Line } from '../text/line.ts';
import { newForm } from './form-state.ts';
import { Frames } from './frames.ts';
import { loadScreen } from './load-screen.ts';
import { isRunning } from './navigation.ts';
import { withQuestion } from './question.ts';
import { RecordPlayer } from './record-player.ts';
import { type AppState, type Effect, type ScreenName, type Step, say } from './state.ts';
import { newApp, onKey } from './update.ts';
import { appView } from './view.ts';

export interface AppOptions {
  readonly services: Services;
  readonly size: Size;
  readonly screen?: ScreenName;
  /** Opens a file, at a line, in somebody's editor, and comes back when that was closed. */
  readonly edit: (place: string) => Promise<void>;
  /** Whoever looks on wants to leave. */
  readonly quit: () => void;
  readonly now?: () => number;
  readonly framesPerSecond?: number;
}

/** What is on the screen, and what keys do: holds the state and does what it asks for. */
export class App {
  state: AppState;
  readonly frames: Frames;
  readonly #options: AppOptions;
  readonly #now: () => number;
  readonly #readers = new Set<() => void>();
  readonly #working = new Set<Promise<void>>();
  readonly #clock: NodeJS.Timeout;
  readonly #records: RecordPlayer;
  #live: LiveRun | undefined;
  #isLeaving = false;
  #lines: { readonly frame: number; readonly lines: Line[] } | undefined;
  /** How the run that was started here last ended. */
  exitCode: number | undefined;

  constructor(options: AppOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.state = newApp(options.size, options.screen, this.#now());
    this.frames = new Frames(() => {
      for (const reader of this.#readers) reader();
    }, options.framesPerSecond);
    const stage = {
      state: () => this.state,
      put: (state: AppState) => this.#put(state),
      changed: () => this.frames.request(),
    };
    this.#records = new RecordPlayer(stage, (id) => options.services.events(id));
    // Times on the screen go on although nothing happens here, and other processes change what there is to see.
    let ticks = 0;
    this.#clock = setInterval(() => {
      if (isRunning(this.state) || this.state.question) this.#put(this.state);
      // The cursor may have gone along with the run, to a task that sees others.
      if (isRunning(this.state)) this.#take(withVariables(this.state, this.state.shown!));
      if (++ticks % 3 !== 0) return;
      if (this.state.screen === 'schedules') this.#do({ type: 'load', what: 'schedules' });
      if (this.state.screen === 'run')
        void this.#records.catchUp((id) => options.services.isGoingOn(id)).catch(() => {});
    }, 1000);
    this.#clock.unref();
    const { asking } = options.services;
    asking.onQuestion(() => this.#put(withQuestion(this.state, asking.question)));
    if (this.state.screen !== 'run') this.#do({ type: 'load', what: this.state.screen });
  }

  /** Called when there is something new to draw. */
  subscribe(reader: () => void): () => void {
    this.#readers.add(reader);
    return () => void this.#readers.delete(reader);
  }

  /** The screen, worked out once for each frame. */
  lines(): readonly Line[] {
    const { count } = this.frames;
    if (this.#lines?.frame !== count) {
      this.state = { ...this.state, now: this.#now() };
      this.#lines = { frame: count, lines: appView(this.state) };
    }
    return this.#lines!.lines;
  }

  press(key: string): void {
    this.#take(onKey(this.state, key));
    this.frames.request(true);
  }

  resize(size: Size): void {
    this.#put({ ...this.state, size });
  }

  /** Starts a run and shows it. */
  start(request: RunRequest): void {
    if (this.#live && isRunning(this.state)) {
      this.#put(say(this.state, 'a run goes on; only one at a time can be started here', 'failed'));
      return;
    }
    const run = newRun();
    // What cannot even begin leaves what is shown as it is.
    const live = this.#options.services.start(request, (event: Timed) => {
      reduceRun(run, event);
      if (event.type === 'run_started' && this.state.shown?.phase === 'starting') {
        this.#put(withPhase(this.state, 'running'));
      } else this.frames.request();
    });
    this.#records.close();
    this.#put(showRun(this.state, { run, phase: 'starting', id: undefined, replay: undefined }));
    this.#live = live;
    void this.#untilDone(live);
  }

  /** Leaves as soon as a run that goes on has ended; asked again, it is ended at once. */
  leave(): void {
    if (isRunning(this.state)) this.#live?.interrupt();
    this.#do({ type: 'quit' });
  }

  /** Once everything is done that keys asked for. */
  async idle(): Promise<void> {
    while (this.#working.size > 0) await Promise.all(this.#working);
  }

  /** Everything that goes on by itself is over. */
  close(): void {
    clearInterval(this.#clock);
    this.frames.close();
    this.#records.close();
  }

  /** The name of the record of the run that was started last. */
  get runId(): string | undefined {
    return this.#live?.id;
  }

  async #untilDone(live: LiveRun): Promise<void> {
    try {
      this.exitCode = await live.done;
      const failed = this.state.shown?.run.lostHosts ?? 0;
      if (failed > 0) {
        const text = `${failed} ${failed === 1 ? 'host' : 'hosts'} failed; n goes to the failures, r runs this again`;
        this.state = say(this.state, text, 'failed');
      }
    } catch (error) {
      this.exitCode = 1;
      this.#showFailure(error);
    }
    const { shown } = this.state;
    if (this.#live === live && shown && !shown.replay) {
      this.#put({ ...this.state, question: undefined, shown: { ...shown, phase: 'ended', id: live.id } });
    }
    if (this.#isLeaving) this.#options.quit();
  }

  /** What kept a run from beginning is long, and may be several mistakes: it goes where there is room. */
  #showFailure(error: unknown): void {
    const text = textOfError(error);
    const { shown } = this.state;
    shown?.run.notes.push({ kind: 'error', text });
    if (!shown) return;
    const ui = { ...shown.ui, tab: 'notes', pane: 'detail', scroll: 0 } as const;
    this.#put(say({ ...this.state, shown: { ...shown, ui } }, text.split('\n', 1)[0]!, 'failed'));
  }

  #put(state: AppState): void {
    this.state = { ...state, now: this.#now() };
    this.frames.request();
  }

  #take({ state, effects }: Step): void {
    this.#put(state);
    for (const effect of effects) this.#do(effect);
  }

  /** Does what the state asks for; what goes wrong there is told and no more. */
  #do(effect: Effect): void {
    const work = this.#perform(effect)
      .catch((error: unknown) => this.#put(say(this.state, textOfError(error).split('\n', 1)[0]!, 'failed')))
      .finally(() => this.#working.delete(work));
    this.#working.add(work);
  }

  async #perform(effect: Effect): Promise<void> {
    const { services, edit, quit } = this.#options;
    switch (effect.type) {
      case 'quit':
        if (isRunning(this.state)) {
          this.#isLeaving = true;
          this.#put(say(withPhase(this.state, 'stopping'), 'leaving when running tasks have ended', 'changed'));
        } else quit();
        return;
      case 'load':
        return loadScreen(effect.what, services, (change) => this.#take(change(this.state)));
      case 'inventory-variables': {
        const rows = await services.inventoryVariables(effect.row);
        const { inventory, variables } = this.state;
        this.#put({ ...this.state, inventory, variables: { ...variables, of: effect.row, rows, cursor: 0 } });
        return;
      }
      case 'run-variables': {
        const { host, path } = effect;
        const rows = (await this.#live?.variables(host, path)) ?? [];
        const { shown } = this.state;
        if (shown)
          this.#put({ ...this.state, shown: { ...shown, ui: { ...shown.ui, variables: { host, path, rows } } } });
        return;
      }
      case 'form':
        this.#put({ ...this.state, form: newForm(effect.path, await services.form(effect.path)) });
        return;
      case 'start':
        return this.start(effect.request);
      case 'repeat':
        return this.start(await services.repeat(effect.id, effect.how));
      case 'interrupt':
        return this.#live?.interrupt(effect.how);
      case 'pause':
        return this.#live?.pause();
      case 'resume':
        return this.#live?.resume();
      case 'answer':
        return services.asking.answer(effect.text);
      case 'open-record':
        return this.#openRecord(effect.id);
      case 'replay':
        return this.#records.wish(effect.wish);
      case 'edit':
        return edit(effect.place);
      case 'schedule': {
        const { schedules } = services;
        if (effect.wish === 'run') await schedules.runNow(effect.name);
        else await schedules[effect.wish](effect.name);
        const said = { run: 'started', pause: 'paused', resume: 'goes on' }[effect.wish];
        this.#put(say(this.state, `${effect.name}: ${said}`));
        return loadScreen('schedules', services, (change) => this.#take(change(this.state)));
      }
    }
  }

  async #openRecord(id: string): Promise<void> {
    if (this.#live && isRunning(this.state)) {
      this.#put(say(this.state, 'a run goes on; records can be opened when it has ended', 'failed'));
      return;
    }
    await this.#records.open(id);
  }
}

const textOfError = (error: unknown): string =>
  error instanceof MusterError ? formatError(error) : error instanceof Error ? error.message : String(error);
