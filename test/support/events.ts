import type {
  HostResult,
  HostStats,
  ItemResult,
  PlayStarted,
  RunEvent,
  TaskStarted,
  Timed,
} from '../../runner/events/index.ts';
import type { JsonObject } from '../../runner/values/index.ts';

type Details<T> = Partial<Omit<T, 'type' | 'task' | 'host' | 'status' | 'result'>>;

/** Writes down what a run tells, event by event, with a clock that goes on only when it is told to. */
export class EventScript {
  readonly events: Timed[] = [];
  #time: number;
  readonly #start: number;
  #task = '';
  #play = 0;
  #tasks = 0;

  constructor(start = Date.UTC(2026, 0, 2, 3, 4, 5)) {
    this.#start = start;
    this.#time = start;
  }

  /** Lets time pass. */
  wait(milliseconds: number): this {
    this.#time += milliseconds;
    return this;
  }

  add(event: RunEvent): this {
    this.events.push({ ...event, seq: this.events.length + 1, time: this.#time });
    return this;
  }

  run(playbooks: readonly string[] = ['site.yml'], check = false): this {
    return this.add({ type: 'run_started', version: 1, playbooks, check, diff: false });
  }

  play(name: string, hosts: readonly string[], details: Partial<PlayStarted> = {}): this {
    return this.add({
      type: 'play_started',
      play: ++this.#play,
      name,
      hosts,
      strategy: 'linear',
      check: false,
      ...details,
    });
  }

  /** A task begins on its hosts. */
  task(name: string, hosts: readonly string[], details: Partial<TaskStarted> = {}): this {
    this.#task = `${this.#play}.${++this.#tasks}`;
    this.add({
      type: 'task_started',
      task: this.#task,
      play: this.#play,
      name,
      module: 'ansible.builtin.command',
      isHandler: false,
      check: false,
      path: `site.yml:${this.#tasks * 3}`,
      tags: [],
      hosts,
      ...details,
    });
    for (const host of hosts) this.add({ type: 'host_started', task: this.#task, host });
    return this;
  }

  output(host: string, lines: readonly string[], stream: 'stdout' | 'stderr' = 'stdout'): this {
    return this.add({ type: 'output', task: this.#task, host, stream, lines });
  }

  item(
    host: string,
    label: string,
    status: ItemResult['status'],
    result: JsonObject = {},
    details: Details<ItemResult> = {},
  ): this {
    return this.add({ type: 'item_result', ...this.#outcome(host, status, result), ...details, label });
  }

  result(host: string, status: HostResult['status'], result: JsonObject = {}, details: Details<HostResult> = {}): this {
    const outcome = this.#outcome(host, status, result);
    return this.add({ type: 'host_result', ...outcome, isLoop: false, duration: 10, rescued: false, ...details });
  }

  end(stats: Readonly<Record<string, Partial<HostStats>>>, exitCode = 0): this {
    const none: HostStats = { ok: 0, changed: 0, unreachable: 0, failed: 0, skipped: 0, rescued: 0, ignored: 0 };
    return this.add({
      type: 'run_ended',
      stats: Object.fromEntries(Object.entries(stats).map(([host, counters]) => [host, { ...none, ...counters }])),
      custom: {},
      exitCode,
      duration: this.#time - this.#start,
    });
  }

  /** The task that was begun last. */
  get current(): string {
    return this.#task;
  }

  #outcome(host: string, status: HostResult['status'], result: JsonObject) {
    return {
      task: this.#task,
      host,
      status,
      result,
      ignored: false,
      showsDiff: false,
      visibility: 'verbose' as const,
    };
  }
}

/** `web1`, `web2` … */
export const hostNames = (count: number, name = 'web'): string[] =>
  Array.from({ length: count }, (_, index) => `${name}${index + 1}`);
