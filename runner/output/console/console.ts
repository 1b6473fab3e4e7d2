import type { HostResult, MetaDone, PlayStarted, Reader, Retry, RunEnded, Timed, Warning } from '../../events/index.ts';
import { wrap } from '../fit.ts';
import { messageOf } from '../reason.ts';
import { safeText } from '../safe-text.ts';
import { paint, type Screen } from '../screen.ts';
import { describe, warningsOf } from './describe.ts';
import { type ConsoleOptions, liveAfter, patience, smallPlay } from './options.ts';
import { Printer } from './printer.ts';
import { progressText } from './progress.ts';
import { customStatsText, type Failure, failuresText, recapText, slowestText, verdictText } from './recap.ts';
import { TaskBoard } from './task-board.ts';
import type { TaskView } from './task-view.ts';

/** What happens in a run, for people: what matters as it happens, the rest as counts, and how it all went at the end. */
export const consoleOutput = (screen: Screen, options: ConsoleOptions): Reader => {
  const view = new Console(screen, options);
  return (event) => view.take(event);
};

class Console {
  readonly #screen: Screen;
  readonly #options: ConsoleOptions;
  readonly #printer: Printer;
  readonly #board: TaskBoard;
  readonly #failures = new Map<string, Failure>();
  /** Tasks that wait for a person. */
  readonly #waiting = new Set<string>();
  #isFree = false;
  #play: PlayStarted | undefined;
  #batch = 1;
  #timer: NodeJS.Timeout | undefined;
  #timerAt = Number.POSITIVE_INFINITY;

  constructor(screen: Screen, options: ConsoleOptions) {
    this.#screen = screen;
    this.#options = options;
    this.#printer = new Printer(screen);
    this.#board = new TaskBoard(this.#printer, options.verbosity);
  }

  take(event: Timed): void {
    this.#board.flush(event.time);
    this.#show(event);
    if (event.type === 'run_ended') {
      this.#stop();
      this.#printer.close();
    } else this.#schedule(event.time, true);
  }

  #show(event: Timed): void {
    const { time } = event;
    const isVerbose = this.#options.verbosity > 0;
    switch (event.type) {
      case 'run_started':
        if (event.check) this.#printer.print(paint(this.#screen, 'bold', 'CHECK MODE: nothing is changed'));
        break;
      case 'play_skipped':
        this.#board.closeAll();
        this.#printer.print(`\n${paint(this.#screen, 'bold', `PLAY ${safeText(event.name)}`)} (no host matches)`);
        break;
      case 'play_started':
        this.#startPlay(event);
        break;
      case 'task_started':
        this.#board.start(event, time);
        break;
      case 'host_started':
        this.#board.view(event.task, time).start(event.host);
        break;
      case 'output':
        this.#board.view(event.task, time).live.add(event);
        break;
      case 'item_result':
        this.#board.view(event.task, time).addItem(event);
        break;
      case 'host_result':
        this.#takeResult(event, time);
        break;
      case 'retry':
        this.#takeRetry(event, this.#board.view(event.task, time));
        break;
      case 'async_poll':
        if (isVerbose)
          this.#board.note(this.#board.view(event.task, time), `${event.host}: job ${event.job} still runs`);
        break;
      case 'included':
        if (isVerbose) this.#printer.print(this.#dim(`  included ${event.file} for ${event.hosts.join(', ')}`));
        break;
      case 'meta':
        this.#takeMeta(event, time);
        break;
      case 'no_more_hosts':
        this.#board.closeAll();
        this.#printer.print(paint(this.#screen, 'red', 'No host is left to go on with.'));
        break;
      case 'waiting':
        this.#waiting.add(event.task);
        this.#board.head(this.#board.view(event.task, time));
        this.#printer.print(safeText(event.message));
        break;
      case 'warning':
        this.#warn(event);
        break;
      case 'run_ended':
        this.#end(event);
        break;
    }
  }

  #startPlay(event: PlayStarted): void {
    this.#board.startPlay(event.hosts);
    this.#batch = this.#play?.play === event.play ? this.#batch + 1 : 1;
    this.#play = event;
    this.#isFree = /free|host_pinned/.test(event.strategy);
    const { length } = event.hosts;
    const hosts = length <= 3 ? event.hosts.join(', ') : `${length} hosts`;
    const text = `PLAY ${safeText(event.name)} (${this.#batch > 1 ? `batch ${this.#batch}: ` : ''}${hosts})`;
    this.#printer.print(`\n${paint(this.#screen, 'bold', this.#fold(text))}`);
  }

  #takeResult(event: HostResult, now: number): void {
    const view = this.#board.view(event.task, now);
    this.#waiting.delete(event.task);
    view.live.forget(event.host);
    const items = view.finish(event.host, now);
    const isDelegated = event.delegatedTo !== undefined && event.delegatedTo !== event.host;
    const host = isDelegated ? `${event.host} -> ${event.delegatedTo}` : event.host;
    for (const message of new Set([...items, ...(items.length === 0 ? [event] : [])].flatMap(warningsOf))) {
      view.gather({ label: 'warning', color: 'brightPurple', lines: [message], diff: '' }, host, now + patience);
    }
    const description = describe(event, items, view.task.module, this.#screen, this.#options);
    if (description) {
      const isShort = description.lines.length === 0 && description.diff === '';
      const isSmall = (this.#play?.hosts.length ?? 0) <= smallPlay;
      view.gather(description, host, isShort && isSmall ? now : now + patience);
      if (description.label === 'failed' || description.label === 'unreachable') {
        this.#remember(view, event.host, description.lines[0] ?? messageOf(event.result));
      }
    } else view.countQuiet(event.status);
    this.#board.flush(now);
    // Under free, hosts may come to the task until the play ends.
    if (view.isDone && !this.#isFree) this.#board.close(event.task);
  }

  #takeMeta(event: MetaDone, now: number): void {
    const view = this.#board.view(event.task, now);
    if (this.#options.verbosity > 1) this.#board.note(view, event.message);
    view.finish(event.host, now);
    if (view.isDone && !this.#isFree) this.#board.close(event.task);
  }

  #remember({ task }: TaskView, host: string, message: string): void {
    const key = JSON.stringify([task.path, task.name, message]);
    const failure = this.#failures.get(key);
    if (failure) failure.hosts.push(host);
    else this.#failures.set(key, { task: safeText(task.name), path: task.path, message, hosts: [host] });
  }

  #takeRetry(event: Retry & { readonly time: number }, view: TaskView): void {
    if (view.retrying.has(event.host) && this.#options.verbosity === 0) return;
    view.retrying.add(event.host);
    const line = `trying again, ${event.left} ${event.left === 1 ? 'try' : 'tries'} left`;
    view.gather({ label: 'retrying', color: 'yellow', lines: [line], diff: '' }, event.host, event.time + patience);
  }

  #warn({ kind, message }: Warning): void {
    const color = kind === 'warning' ? 'brightPurple' : kind === 'error' ? 'red' : 'purple';
    const text = `${kind}: ${safeText(message)}`;
    this.#printer.warn(paint(this.#screen, color, kind === 'error' ? text : this.#fold(text)));
  }

  #end(event: RunEnded): void {
    this.#board.closeAll();
    const lines = [
      ...slowestText(this.#board.times, this.#screen),
      ...failuresText([...this.#failures.values()], this.#screen),
      ...customStatsText(event.custom, this.#screen, this.#options),
      ...recapText(event.stats, this.#screen, this.#options.verbosity),
      ...verdictText(event, this.#board.count, this.#screen),
    ];
    this.#printer.print(lines.join('\n'));
  }

  #fold(text: string): string {
    return this.#screen.isTerminal ? wrap(text, this.#screen.width, 2) : text;
  }

  #dim(text: string): string {
    return paint(this.#screen, 'dim', safeText(text));
  }

  /** Sets the clock for what comes next; with nothing to come, there is no timer at all. */
  #schedule(now: number, hasNews: boolean): void {
    if (!this.#options.isLive) return;
    const progressAt = this.#nextProgress(hasNews);
    if (progressAt === Number.POSITIVE_INFINITY) this.#printer.draw('', now);
    const at = Math.min(this.#board.nextLine(), progressAt);
    if (at === Number.POSITIVE_INFINITY) {
      this.#stop();
      return;
    }
    if (this.#timer && this.#timerAt <= at) return;
    clearTimeout(this.#timer);
    this.#timerAt = at;
    this.#timer = setTimeout(() => this.#tick(), Math.max(1, at - now)).unref();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#timerAt = Number.POSITIVE_INFINITY;
    this.#printer.draw('', 0);
  }

  #tick(): void {
    const now = Date.now();
    this.#timer = undefined;
    this.#board.flush(now);
    if (this.#nextProgress(true) <= now) {
      this.#printer.draw(progressText(this.#board.running, now, this.#screen.width), now);
    }
    this.#schedule(now, false);
  }

  /** While somebody is asked, the line at the bottom belongs to the question. */
  #nextProgress(hasNews: boolean): number {
    if (!this.#screen.canRedraw || this.#waiting.size > 0) return Number.POSITIVE_INFINITY;
    const since = this.#board.runningSince;
    if (since === undefined) return Number.POSITIVE_INFINITY;
    return Math.max(since + liveAfter, this.#printer.dueAt(hasNews));
  }
}
