import type {
  BeginLine,
  DecisionLine,
  FileLine,
  ItemLine,
  JobLine,
  JournalLine,
  PlayLine,
  StepLine,
} from './journal.ts';

/** What one host did in one play. */
class HostPast {
  readonly steps = new Map<number, StepLine>();
  readonly items = new Map<number, Map<number, ItemLine>>();
  readonly decisions = new Map<number, DecisionLine>();
  begun: BeginLine | undefined;
  job: JobLine | undefined;
  /** Handlers that ran behind where the host is resumed. */
  readonly handlers = new Set<string>();
  /** How far the steps of this run are behind those that are recorded, where tasks came or went. */
  shift = 0;
  isLive = false;

  /** Forgets all from a step on. Items of that step itself stay when `keepsItems`. */
  cut(step: number, keepsItems: boolean): void {
    for (const key of [...this.steps.keys()]) if (key >= step) this.steps.delete(key);
    for (const key of [...this.decisions.keys()]) if (key >= step) this.decisions.delete(key);
    for (const key of [...this.items.keys()]) if (key > step || (key === step && !keepsItems)) this.items.delete(key);
  }

  /** Ends where the first task ended badly. */
  settle(): void {
    const steps = [...this.steps.values()].sort((left, right) => left.step - right.step);
    const bad = steps.find(({ isBad }) => isBad);
    if (!bad) return;
    for (const line of steps) if (line.step > bad.step && line.isHandler && !line.isBad) this.handlers.add(line.task);
    // It came to an end, though a bad one.
    if (this.begun?.step === bad.step) this.begun = undefined;
    if (this.job?.step === bad.step) this.job = undefined;
    this.cut(bad.step, true);
  }

  get last(): number {
    return Math.max(0, ...this.steps.keys(), ...this.items.keys());
  }
}

/** What an earlier run came to: of each host all up to the first task that did not end well. */
export class Past {
  readonly plays = new Map<number, PlayLine>();
  readonly answers = new Map<string, string>();
  readonly files = new Map<string, FileLine>();
  readonly #hosts = new Map<string, HostPast>();
  readonly #lasts = new Map<HostPast, number>();

  constructor(lines: Iterable<JournalLine>) {
    for (const line of lines) this.#take(line);
    for (const past of this.#hosts.values()) past.settle();
  }

  /** How many tasks need not be run again. */
  get size(): number {
    let count = 0;
    for (const { steps } of this.#hosts.values()) count += steps.size;
    return count;
  }

  /** The hosts that came to the end of a task. */
  get hosts(): ReadonlySet<string> {
    return new Set([...this.#hosts].flatMap(([key, { steps }]) => (steps.size > 0 ? [key.split('\0')[1]!] : [])));
  }

  answerTo(play: number, name: string): string | undefined {
    return this.answers.get(`${play}\0${name}`);
  }

  /** What is recorded of the task that a host comes to as its `step`-th in a play; `isMoved` when others came or went before. */
  find(play: number, host: string, step: number, task: string): { line: StepLine; isMoved: boolean } | undefined {
    const past = this.#of(play, host);
    if (!past) return undefined;
    const at = step + past.shift;
    const line = past.steps.get(at);
    if (!line) return undefined;
    if (line.task === task) return { line, isMoved: past.shift !== 0 };
    const later = [...past.steps.values()].filter((one) => one.step > at && one.task === task);
    const next = later.sort((left, right) => left.step - right.step)[0];
    past.shift = next ? next.step - step : past.shift - 1;
    return next && { line: next, isMoved: true };
  }

  /** The recorded items of the task that a host comes to as its `step`-th, by their place in the loop. */
  itemsOf(play: number, host: string, step: number): ReadonlyMap<number, ItemLine> | undefined {
    const past = this.#of(play, host);
    return past?.items.get(step + past.shift);
  }

  /** Whether the conditions of the `meta` task held that a host comes to as its `step`-th. */
  decision(play: number, host: string, step: number): boolean | undefined {
    const past = this.#of(play, host);
    // Where tasks came and went, a step may be another one.
    return past?.shift === 0 ? past.decisions.get(step)?.holds : undefined;
  }

  /** Whether a task, or an item of its loop, was under way when the run ended: it may have made its change. */
  isInDoubt(play: number, host: string, step: number, index?: number): boolean {
    const past = this.#of(play, host);
    return past !== undefined && isOpen(past, past.begun, step, index);
  }

  /** The job as which a task, or an item of its loop, was about to begin or under way when the run ended. */
  job(play: number, host: string, step: number, index?: number): string | undefined {
    const past = this.#of(play, host);
    return past && isOpen(past, past.job, step, index) ? past.job?.id : undefined;
  }

  /** Whether something is recorded of a host at this step of a play or behind it. */
  reaches(play: number, host: string, step: number): boolean {
    const past = this.#of(play, host);
    if (!past || past.isLive) return false;
    let last = this.#lasts.get(past);
    if (last === undefined) {
      last = past.last;
      this.#lasts.set(past, last);
    }
    return step + past.shift <= last;
  }

  /** The host has left what is recorded behind. Gives the handlers that ran out of their turn, the first time. */
  goLive(play: number, host: string): ReadonlySet<string> | undefined {
    const past = this.#of(play, host);
    if (!past || past.isLive) return undefined;
    past.isLive = true;
    return past.handlers;
  }

  /** All that counts, as the beginning of another journal. */
  *lines(): Iterable<JournalLine> {
    yield* this.files.values();
    yield* this.plays.values();
    for (const [key, answer] of this.answers) {
      const [play, name] = key.split('\0');
      yield { type: 'answer', play: Number(play), name: name!, answer };
    }
    for (const [key, past] of this.#hosts) {
      const [play, host] = key.split('\0');
      for (const items of past.items.values()) yield* items.values();
      yield* past.decisions.values();
      yield* past.steps.values();
      if (past.begun) yield past.begun;
      if (past.job) yield past.job;
      for (const task of past.handlers) yield { type: 'handler', play: Number(play), host: host!, task };
    }
  }

  #of(play: number, host: string): HostPast | undefined {
    return this.#hosts.get(`${play}\0${host}`);
  }

  #make(play: number, host: string): HostPast {
    let past = this.#of(play, host);
    if (!past) {
      past = new HostPast();
      this.#hosts.set(`${play}\0${host}`, past);
    }
    return past;
  }

  #take(line: JournalLine): void {
    if (line.type === 'play') this.plays.set(line.play, line);
    else if (line.type === 'answer') this.answers.set(`${line.play}\0${line.name}`, line.answer);
    else if (line.type === 'file') this.files.set(line.path, line);
    else this.#takeOfHost(line, this.#make(line.play, line.host));
  }

  #takeOfHost(line: Exclude<JournalLine, PlayLine | FileLine | { type: 'answer' }>, past: HostPast): void {
    switch (line.type) {
      case 'step':
        past.steps.set(line.step, line);
        break;
      case 'item': {
        const items = past.items.get(line.step) ?? new Map<number, ItemLine>();
        past.items.set(line.step, items.set(line.index, line));
        break;
      }
      case 'decision':
        past.decisions.set(line.step, line);
        break;
      case 'begin':
        past.begun = line;
        break;
      case 'job':
        past.job = line;
        break;
      case 'handler':
        past.handlers.add(line.task);
        break;
      case 'live':
        past.handlers.clear();
        break;
      case 'cut':
        past.cut(line.step, false);
    }
  }
}

/** Whether a line tells of the beginning of this task or item, and none of its end. */
const isOpen = (past: HostPast, line: BeginLine | JobLine | undefined, step: number, index?: number): boolean => {
  if (line?.step !== step + past.shift || line.index !== index || past.steps.has(line.step)) return false;
  return index === undefined || !past.items.get(line.step)?.has(index);
};
