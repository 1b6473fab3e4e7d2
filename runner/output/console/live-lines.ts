import type { Output } from '../../events/index.ts';
import { safeText } from '../safe-text.ts';

export interface LiveLine {
  readonly host: string;
  readonly isError: boolean;
  readonly text: string;
}

/** The output of a task's commands as it comes: kept while the task is young, and no more than a number of lines. */
export class LiveLines {
  /** How many lines were left out. */
  dropped = 0;
  /** What came last, shown or not. */
  last: LiveLine | undefined;
  #waiting: LiveLine[] = [];
  #room: number;

  constructor(most: number) {
    this.#room = most;
  }

  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  add({ host, stream, lines }: Output): void {
    for (const line of lines) {
      this.last = { host, isError: stream === 'stderr', text: safeText(line) };
      if (this.#room > 0) {
        this.#room--;
        this.#waiting.push(this.last);
      } else this.dropped++;
    }
  }

  /** The lines to show now. */
  take(): LiveLine[] {
    const taken = this.#waiting;
    this.#waiting = [];
    return taken;
  }

  /** Forgets a host's lines that nobody saw yet: it is done, and was quick. */
  forget(host: string): void {
    const before = this.#waiting.length;
    this.#waiting = this.#waiting.filter((line) => line.host !== host);
    this.#room += before - this.#waiting.length;
    if (this.last?.host === host) this.last = undefined;
  }
}
