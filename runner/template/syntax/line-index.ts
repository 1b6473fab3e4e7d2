import type { Position } from '../positions.ts';

/** Finds the line and column of an offset in a text. Quick for offsets that grow. */
export class LineIndex {
  readonly #text: string;
  #line = 0;
  #start = 0;
  // Where the line after the last one that was found begins.
  #next: number;

  constructor(text: string) {
    this.#text = text;
    this.#next = this.#after(0);
  }
  #after(start: number): number {
    const end = this.#text.indexOf('\n', start);
    return end === -1 ? Number.POSITIVE_INFINITY : end + 1;
  }
  at(offset: number): Position {
    if (offset < this.#start) {
      this.#line = 0;
      this.#start = 0;
      this.#next = this.#after(0);
    }
    while (offset >= this.#next) {
      this.#line++;
      this.#start = this.#next;
      this.#next = this.#after(this.#start);
    }
    return { line: this.#line, column: offset - this.#start };
  }
}
