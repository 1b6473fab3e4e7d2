import { closeSync, openSync, writeSync } from 'node:fs';

// What nobody hurries may be lost with the process when it is younger than this.
const longestWait = 200;

/**
 * Appends lines to a file. They are written by the thread that runs tasks: waking another one for so little takes many
 * times as long. The first failure ends it, and is told once.
 */
export class EventLog {
  readonly #fail: (error: Error) => void;
  #descriptor: number | undefined;
  #pending: string[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isSoon = false;

  constructor(file: string, fail: (error: Error) => void) {
    this.#descriptor = openSync(file, 'a', 0o600);
    this.#fail = fail;
  }

  /** `isUrgent`: it is written as soon as what happens now is over. */
  append(line: string, isUrgent: boolean): void {
    if (this.#descriptor === undefined) return;
    this.#pending.push(line);
    if (isUrgent && !this.#isSoon) {
      this.#isSoon = true;
      setImmediate(() => this.#flush());
    }
    this.#timer ??= setTimeout(() => this.#flush(), longestWait).unref();
  }

  /** Writes what is left. */
  close(): void {
    this.#flush();
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isSoon = false;
    if (this.#descriptor === undefined || this.#pending.length === 0) return;
    const text = this.#pending.join('');
    this.#pending = [];
    try {
      for (let bytes = Buffer.from(text); bytes.length > 0; ) {
        bytes = bytes.subarray(writeSync(this.#descriptor, bytes));
      }
    } catch (error) {
      closeSync(this.#descriptor);
      this.#descriptor = undefined;
      this.#fail(error as Error);
    }
  }
}
