import { close, openSync, write } from 'node:fs';
import { promisify } from 'node:util';

const writeSome = promisify(write);
const closeFile = promisify(close);

// What nobody hurries may be lost with the process when it is younger than this.
const longestWait = 200;

/** Appends lines to a file without holding anybody up. The first failure ends it, and is told once. */
export class EventLog {
  readonly #descriptor: number;
  readonly #fail: (error: Error) => void;
  #pending: string[] = [];
  #work: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isSoon = false;
  #hasEnded = false;

  constructor(file: string, fail: (error: Error) => void) {
    this.#descriptor = openSync(file, 'a', 0o600);
    this.#fail = fail;
  }

  /** `isUrgent`: it is written as soon as what happens now is over. */
  append(line: string, isUrgent: boolean): void {
    if (this.#hasEnded) return;
    this.#pending.push(line);
    if (isUrgent && !this.#isSoon) {
      this.#isSoon = true;
      setImmediate(() => this.#flush());
    }
    this.#timer ??= setTimeout(() => this.#flush(), longestWait).unref();
  }

  /** Writes what is left. */
  async close(): Promise<void> {
    if (this.#hasEnded) {
      await this.#work;
      return;
    }
    this.#flush();
    await this.#work;
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    await closeFile(this.#descriptor);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isSoon = false;
    this.#work ??= this.#writeAll().finally(() => {
      this.#work = undefined;
    });
  }

  async #writeAll(): Promise<void> {
    try {
      while (this.#pending.length > 0) {
        let bytes = Buffer.from(this.#pending.join(''));
        this.#pending = [];
        while (bytes.length > 0) {
          const { bytesWritten } = await writeSome(this.#descriptor, bytes);
          bytes = bytes.subarray(bytesWritten);
        }
      }
    } catch (error) {
      this.#hasEnded = true;
      this.#pending = [];
      this.#fail(error as Error);
      await closeFile(this.#descriptor).catch(() => {});
    }
  }
}
