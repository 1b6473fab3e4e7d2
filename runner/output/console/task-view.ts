import type { ItemResult, ResultStatus, TaskStarted } from '../../events/index.ts';
import { durationText } from '../duration-text.ts';
import type { Description } from './describe.ts';
import { type Group, groupKey } from './group.ts';
import { LiveLines } from './live-lines.ts';

/** What the console knows of a task that runs. */
export class TaskView {
  readonly task: Pick<TaskStarted, 'name' | 'module' | 'isHandler' | 'path'>;
  readonly startedAt: number;
  readonly live: LiveLines;
  readonly groups = new Map<string, Group>();
  readonly retrying = new Set<string>();
  isHeaded = false;
  endedAt: number;
  /** How many results were there, and of which kind those are that no line tells of. */
  done = 0;
  readonly #quiet = new Map<ResultStatus, number>();
  readonly #hosts: Set<string>;
  readonly #busy = new Set<string>();
  readonly #items = new Map<string, ItemResult[]>();

  constructor(task: TaskView['task'], hosts: readonly string[], now: number, mostOutput: number) {
    this.task = task;
    this.startedAt = now;
    this.endedAt = now;
    this.#hosts = new Set(hosts);
    this.live = new LiveLines(mostOutput);
  }

  get total(): number {
    return this.#hosts.size;
  }

  get busyCount(): number {
    return this.#busy.size;
  }

  get busy(): readonly string[] {
    return [...this.#busy];
  }

  /** Every host that was to run it has a result. */
  get isDone(): boolean {
    return this.done >= this.#hosts.size && this.#busy.size === 0;
  }

  start(host: string): void {
    this.#hosts.add(host);
    this.#busy.add(host);
  }

  addItem(event: ItemResult): void {
    const items = this.#items.get(event.host);
    if (items) items.push(event);
    else this.#items.set(event.host, [event]);
  }

  /** A host's result is there; gives the results of its loop's items. */
  finish(host: string, now: number): readonly ItemResult[] {
    this.#busy.delete(host);
    this.#hosts.add(host);
    this.done++;
    this.endedAt = now;
    const items = this.#items.get(host) ?? [];
    this.#items.delete(host);
    return items;
  }

  countQuiet(status: ResultStatus): void {
    this.#quiet.set(status, (this.#quiet.get(status) ?? 0) + 1);
  }

  /** Adds a host to those of which the same is to be said. */
  gather(description: Description, host: string, due: number): void {
    const key = groupKey(description);
    const group = this.groups.get(key);
    if (!group) this.groups.set(key, { ...description, hosts: [host], due, wasShown: false });
    else {
      if (group.hosts.length === 0) group.due = due;
      group.hosts.push(host);
    }
  }

  /** `3 ok, 1 skipped`: the hosts that no line tells of. */
  get quietText(): string {
    return (['ok', 'changed', 'skipped', 'failed', 'unreachable'] as const)
      .flatMap((status) => (this.#quiet.has(status) ? [`${this.#quiet.get(status)} ${status}`] : []))
      .join(', ');
  }

  get duration(): number {
    return this.endedAt - this.startedAt;
  }

  get durationText(): string {
    return durationText(this.duration);
  }
}
