const mark = 0x1e;
/** Longer than a trailer can be. */
const longest = 512;

/** What a script wrote behind a command's own output: fields, a record separator in front of each. */
export interface Trailer {
  readonly fields: readonly string[];
  /** Where it begins. */
  readonly start: number;
}

/** The last `count` fields at the end of `bytes`, or undefined when there are fewer. */
export const readTrailer = (bytes: Buffer, count: number): Trailer | undefined => {
  const fields: string[] = [];
  let end = bytes.length;
  while (fields.length < count) {
    const start = end === 0 ? -1 : bytes.lastIndexOf(mark, end - 1);
    if (start === -1) return undefined;
    fields.unshift(bytes.toString('utf8', start + 1, end));
    end = start;
  }
  return { fields, start: end };
};

/** Hands a command's output on as it arrives, but for what may turn out to be the trailer. */
export class LiveOutput {
  readonly #emit: (chunk: Buffer) => void;
  #held = Buffer.alloc(0);
  #emitted = 0;

  constructor(emit: (chunk: Buffer) => void) {
    this.#emit = emit;
  }

  add(chunk: Buffer): void {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const from = Math.max(0, bytes.length - longest);
    const found = bytes.indexOf(mark, from);
    this.#release(bytes, found === -1 ? bytes.length : found);
  }

  /** The output has ended and `length` bytes of it were the command's own. */
  end(length: number): void {
    this.#release(this.#held, Math.max(0, length - this.#emitted));
  }

  #release(bytes: Buffer, length: number): void {
    if (length > 0) this.#emit(bytes.subarray(0, length));
    this.#emitted += length;
    this.#held = Buffer.from(bytes.subarray(length));
  }
}
