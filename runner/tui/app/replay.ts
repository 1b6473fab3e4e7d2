import { setImmediate as turn } from 'node:timers/promises';
import type { Timed } from '../../events/index.ts';

const speeds = [1, 2, 5, 10, 50, 100, 1000] as const;

export interface ReplayOptions {
  /** The events of the record, from its beginning on. */
  readonly open: () => AsyncIterable<Timed>;
  /** The run is to be shown from its beginning again. */
  readonly reset: () => void;
  readonly take: (event: Timed) => void;
  /** Speed, or whether it plays, has changed. */
  readonly changed: () => void;
}

/** Plays the events of a record: all at once, as they came or faster, or result by result. */
export class Replay {
  readonly #options: ReplayOptions;
  #events: AsyncIterator<Timed> | undefined;
  #waiting: Timed | undefined;
  #lastTime: number | undefined;
  /** The number of the last event that was taken. */
  #lastSeq = 0;
  #speed = 0;
  #timer: NodeJS.Timeout | undefined;
  #isPlaying = false;
  /** Wishes are done one after the other: each leaves the events where the next one goes on. */
  #work: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: ReplayOptions) {
    this.#options = options;
  }

  get speed(): number {
    return speeds[this.#speed]!;
  }

  /** There was nothing more when it was looked last. */
  get isAtEnd(): boolean {
    return this.#isAtEnd;
  }

  get isPlaying(): boolean {
    return this.#isPlaying;
  }

  /** Everything that is still to come, at once; at the end, what has come since. */
  finish(): Promise<void> {
    this.#hold();
    return this.#enqueue(async () => {
      if (this.#isAtEnd) await this.#reopen();
      for (let count = 1; await this.#takeNext(); count++) {
        if (this.#isClosed) return;
        // Keys are heard in between.
        if (count % 2000 === 0) await turn();
      }
    });
  }

  /** Up to the next result. */
  step(): Promise<void> {
    this.#hold();
    return this.#enqueue(async () => {
      for (;;) {
        const event = await this.#takeNext();
        if (!event || event.type === 'host_result') return;
      }
    });
  }

  /** Back to the beginning, and held there. */
  restart(): Promise<void> {
    this.#hold();
    return this.#enqueue(() => this.#rewind());
  }

  /** Goes on, from the beginning where the end was reached; or holds. */
  toggle(): Promise<void> {
    if (this.#isPlaying) {
      this.#hold();
      return Promise.resolve();
    }
    return this.#enqueue(async () => {
      if (this.#isAtEnd) await this.#rewind();
      this.#isPlaying = true;
      this.#options.changed();
      void this.#goOn();
    });
  }

  /** The next faster, or slower, speed. */
  turn(by: 1 | -1): void {
    this.#speed = Math.max(0, Math.min(speeds.length - 1, this.#speed + by));
    this.#options.changed();
    if (!this.#isPlaying || !this.#timer) return;
    clearTimeout(this.#timer);
    void this.#goOn();
  }

  close(): void {
    this.#isClosed = true;
    this.#hold();
    void this.#events?.return?.();
  }

  #isAtEnd = false;

  #enqueue(work: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(() => (this.#isClosed ? undefined : work()));
    return this.#work;
  }

  #hold(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#isPlaying) return;
    this.#isPlaying = false;
    this.#options.changed();
  }

  async #rewind(): Promise<void> {
    await this.#reopen();
    this.#lastTime = undefined;
    this.#lastSeq = 0;
    this.#options.reset();
  }

  /** The events from their beginning on; those that were taken before are passed over. */
  async #reopen(): Promise<void> {
    await this.#events?.return?.();
    this.#events = undefined;
    this.#waiting = undefined;
    this.#isAtEnd = false;
  }

  /** The event that comes next, without taking it. */
  async #peek(): Promise<Timed | undefined> {
    this.#events ??= this.#options.open()[Symbol.asyncIterator]();
    if (this.#waiting) return this.#waiting;
    for (;;) {
      const { value, done } = await this.#events.next();
      if (done) {
        this.#isAtEnd = true;
        return undefined;
      }
      if (value.seq <= this.#lastSeq) continue;
      this.#waiting = value;
      return value;
    }
  }

  async #takeNext(): Promise<Timed | undefined> {
    const event = await this.#peek();
    this.#waiting = undefined;
    if (!event) return undefined;
    this.#lastTime = event.time;
    this.#lastSeq = event.seq;
    this.#options.take(event);
    return event;
  }

  /** Takes what is due, and waits for what is not. */
  async #goOn(): Promise<void> {
    this.#timer = undefined;
    await this.#enqueue(async () => {
      for (let count = 1; this.#isPlaying; count++) {
        const event = await this.#peek();
        if (!event) return this.#hold();
        const wait = this.#lastTime === undefined ? 0 : (event.time - this.#lastTime) / this.speed;
        if (wait >= 1) {
          this.#timer = setTimeout(() => {
            this.#lastTime = event.time;
            void this.#goOn();
          }, wait);
          return;
        }
        await this.#takeNext();
        if (count % 2000 === 0) await turn();
      }
    });
  }
}
