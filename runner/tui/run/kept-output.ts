/** A line of a running command. */
export interface OutputLine {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

const mostCells = 500;
const mostLines = 1000;

/** The last lines that commands have written, of the tasks and hosts that wrote last. */
export class KeptOutput {
  readonly #cells = new Map<number, OutputLine[]>();

  get(key: number): readonly OutputLine[] {
    return this.#cells.get(key) ?? [];
  }

  add(key: number, stream: OutputLine['stream'], lines: readonly string[]): void {
    const kept = this.#cells.get(key) ?? [];
    this.#cells.delete(key);
    this.#cells.set(key, kept);
    for (const text of lines) kept.push({ stream, text });
    // Cut now and then, not line by line.
    if (kept.length > 2 * mostLines) kept.splice(0, kept.length - mostLines);
    if (this.#cells.size > mostCells) this.#cells.delete(this.#cells.keys().next().value!);
  }
}
