const separator = 0x1e;

/** Splits a stream at a session's marks (`\x1eWORD text\x1e`), which end the output of scripts. */
export class MarkReader {
  readonly #mark: Buffer;
  readonly #onData: (chunk: Buffer) => void;
  readonly #onMark: (text: string) => void;
  #pending: Buffer = Buffer.alloc(0);

  constructor(word: string, onData: (chunk: Buffer) => void, onMark: (text: string) => void) {
    this.#mark = Buffer.from(`\x1e${word} `);
    this.#onData = onData;
    this.#onMark = onMark;
  }

  /** Takes the next piece of the stream. What may be the beginning of a mark waits for its rest. */
  push(chunk: Buffer): void {
    let rest = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    this.#pending = Buffer.alloc(0);
    while (rest.length > 0) {
      const start = rest.indexOf(this.#mark);
      const end = start === -1 ? -1 : rest.indexOf(separator, start + this.#mark.length);
      const safe = start === -1 ? this.#safeLength(rest) : start;
      if (safe > 0) this.#onData(rest.subarray(0, safe));
      if (end === -1) {
        this.#pending = rest.subarray(safe);
        return;
      }
      const text = rest.toString('latin1', start + this.#mark.length, end);
      rest = rest.subarray(end + 1);
      this.#onMark(text);
    }
  }

  /** How many bytes at the start cannot be part of a mark that is still to be completed. */
  #safeLength(bytes: Buffer): number {
    const start = bytes.lastIndexOf(separator);
    if (start === -1 || bytes.length - start > this.#mark.length) return bytes.length;
    return this.#mark.subarray(0, bytes.length - start).equals(bytes.subarray(start)) ? start : bytes.length;
  }
}
