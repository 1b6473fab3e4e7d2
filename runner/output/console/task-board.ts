import type { TaskStarted } from '../../events/index.ts';
import { wrap } from '../fit.ts';
import { safeText } from '../safe-text.ts';
import { paint } from '../screen.ts';
import { type Group, groupText } from './group.ts';
import * as limits from './options.ts';
import type { Printer } from './printer.ts';
import type { TaskTime } from './recap.ts';
import { TaskView } from './task-view.ts';

/** The tasks that go on, and the lines about them: each under its heading, when its time has come. */
export class TaskBoard {
  readonly times: TaskTime[] = [];
  /** How many tasks there were. */
  count = 0;
  readonly #printer: Printer;
  readonly #verbosity: number;
  readonly #views = new Map<string, TaskView>();
  /** Those of this play that have ended too: an include tells of its file's mistakes afterwards. */
  readonly #known = new Map<string, TaskStarted>();
  #order = new Map<string, number>();
  #headed: TaskView | undefined;

  constructor(printer: Printer, verbosity: number) {
    this.#printer = printer;
    this.#verbosity = verbosity;
  }

  /** A play begins: hosts are named in its order. */
  startPlay(hosts: readonly string[]): void {
    this.closeAll();
    this.#known.clear();
    this.#order = new Map(hosts.map((host, index) => [host, index]));
  }

  start(event: TaskStarted, now: number): void {
    this.count++;
    const most = this.#verbosity > 0 ? Number.POSITIVE_INFINITY : limits.mostOutput;
    const view = new TaskView(event, event.hosts, now, most);
    this.#views.set(event.task, view);
    this.#known.set(event.task, event);
    if (this.#verbosity > 1) this.head(view);
  }

  /** A task that nobody announced, or that has ended already, is shown all the same. */
  view(id: string, now: number): TaskView {
    let view = this.#views.get(id);
    if (!view) {
      const task = this.#known.get(id) ?? unknownTask;
      view = new TaskView(task, [], now, limits.mostOutput);
      this.#views.set(id, view);
    }
    return view;
  }

  /** The tasks that hosts are working on. */
  get running(): TaskView[] {
    return [...this.#views.values()].filter(({ busyCount }) => busyCount > 0);
  }

  /** Since when the last of them is worked on. */
  get runningSince(): number | undefined {
    let since: number | undefined;
    for (const view of this.#views.values()) if (view.busyCount > 0) since = view.startedAt;
    return since;
  }

  /** Says which task the next lines belong to, unless the last ones were of the same. */
  head(view: TaskView): void {
    if (this.#headed === view) return;
    this.#headed = view;
    view.isHeaded = true;
    this.#printer.print(paint(this.#printer.screen, 'bold', this.#fold(headingOf(view))));
    if (this.#verbosity > 1 && view.task.path) this.#printDim(`  ${view.task.path}`);
  }

  /** A line about a task that is neither a result nor output. */
  note(view: TaskView, text: string): void {
    this.head(view);
    this.#printDim(`  ${safeText(text)}`);
  }

  /** Shows what has waited long enough by now. */
  flush(now: number): void {
    for (const view of this.#views.values()) {
      for (const group of view.groups.values()) if (group.due <= now) this.#showGroup(view, group);
      if (view.live.isWaiting && now - view.startedAt >= limits.liveAfter) this.#showOutput(view);
      if (this.#headsBy(view) <= now) this.head(view);
    }
  }

  /** When the next line is due. */
  nextLine(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const view of this.#views.values()) {
      for (const { hosts, due } of view.groups.values()) if (hosts.length > 0) next = Math.min(next, due);
      if (view.live.isWaiting) next = Math.min(next, view.startedAt + limits.liveAfter);
      next = Math.min(next, this.#headsBy(view));
    }
    return next;
  }

  /** A task has ended on all its hosts. */
  close(id: string): void {
    const view = this.#views.get(id);
    if (!view) return;
    this.#views.delete(id);
    for (const group of view.groups.values()) this.#showGroup(view, group);
    if (view.live.dropped > 0 && view.isHeaded) {
      this.note(view, `... ${view.live.dropped} more lines of output (-v shows them)`);
    }
    // Of a meta task only -vv tells.
    if (/(^|\.)meta$/.test(view.task.module)) {
      this.count--;
      if (this.#headed === view) this.#headed = undefined;
      return;
    }
    const { quietText } = view;
    const time = paint(this.#printer.screen, 'dim', `(${view.durationText})`);
    if (!view.isHeaded) {
      this.#printer.print(`${this.#fold(`${headingOf(view)}: ${quietText || 'no result'}`)} ${time}`);
    } else if (quietText !== '' || view.duration >= 1000) {
      this.head(view);
      this.#printer.print(`  ${quietText}${quietText ? ' ' : ''}${time}`);
    }
    this.times.push({ name: safeText(view.task.name), duration: view.duration });
    if (this.#headed === view) this.#headed = undefined;
  }

  closeAll(): void {
    for (const id of this.#views.keys()) this.close(id);
  }

  #showGroup(view: TaskView, group: Group): void {
    if (group.hosts.length === 0) return;
    const place = (host: string): number => this.#order.get(host.replace(/ -> .*$/, '')) ?? 0;
    group.hosts.sort((left, right) => place(left) - place(right));
    this.head(view);
    this.#printer.print(groupText(group, this.#printer.screen, this.#verbosity));
    group.wasShown = true;
    group.hosts.length = 0;
  }

  #showOutput(view: TaskView): void {
    const { screen } = this.#printer;
    this.head(view);
    const lines = view.live
      .take()
      .map(
        ({ host, isError, text }) =>
          `  ${paint(screen, 'dim', `${host} |`)} ${paint(screen, isError ? 'purple' : undefined, text)}`,
      );
    this.#printer.print(lines.join('\n'));
  }

  /** When a heading is to tell what goes on, because no progress line can. */
  #headsBy(view: TaskView): number {
    const isNeeded = !this.#printer.screen.canRedraw && !view.isHeaded && !view.isDone;
    return isNeeded ? view.startedAt + limits.headingAfter : Number.POSITIVE_INFINITY;
  }

  #printDim(text: string): void {
    this.#printer.print(paint(this.#printer.screen, 'dim', text));
  }

  #fold(text: string): string {
    return this.#printer.screen.isTerminal ? wrap(text, this.#printer.screen.width, 2) : text;
  }
}

const unknownTask = { name: 'a task', module: '', isHandler: false, path: '' };

const headingOf = ({ task }: TaskView): string =>
  `${task.isHandler ? 'HANDLER' : 'TASK'} ${safeText(task.name).replaceAll('\n', ' ')}`;
