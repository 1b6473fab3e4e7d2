import { EventEmitter } from 'node:events';

const hideCursor = '\x1b[?25l';
const clear = '\x1b[2J';
// Terminals that know these show what stands between them at once; others ignore them.
const begin = '\x1b[?2026h';
const end = '\x1b[?2026l';

/**
 * Takes the whole frames that Ink makes and writes only the lines that have changed, each to its place: little goes over
 * slow connections, and nothing flickers.
 */
export class FrameWriter extends EventEmitter {
  readonly #out: Pick<NodeJS.WriteStream, 'write' | 'columns' | 'rows'>;
  readonly #took: (milliseconds: number) => void;
  #before: readonly string[] = [];
  #isOpen = true;

  /** `took` is told how long the terminal took to take a frame: it holds up everything else meanwhile. */
  constructor(
    out: Pick<NodeJS.WriteStream, 'write' | 'columns' | 'rows'>,
    took: (milliseconds: number) => void = () => {},
  ) {
    super();
    this.#out = out;
    this.#took = took;
  }

  get columns(): number {
    return this.#out.columns || 80;
  }

  get rows(): number {
    return this.#out.rows || 24;
  }

  /** Nothing on the screen is what it was. */
  forget(): void {
    this.#before = [];
  }

  write(frame: string): boolean {
    if (!this.#isOpen) return true;
    const begun = performance.now();
    this.#writeChanges(frame);
    this.#took(performance.now() - begun);
    return true;
  }

  #writeChanges(frame: string): void {
    const lines = frame.split('\n');
    const changed = lines.flatMap((line, index) =>
      line === this.#before[index] ? [] : [`\x1b[${index + 1};1H\x1b[0m${line}\x1b[K`],
    );
    if (changed.length === 0) return;
    const start = this.#before.length === 0 ? hideCursor + clear : '';
    this.#before = lines;
    this.#out.write(begin + start + changed.join('') + end);
  }

  close(): void {
    this.#isOpen = false;
  }
}
