import { StringDecoder } from 'node:string_decoder';

type OutputStream = 'stdout' | 'stderr';

/** Cuts a command's output into whole lines as it comes, so that nobody ever sees half of one. */
export class LiveOutput {
  readonly #emit: (stream: OutputStream, lines: readonly string[]) => void;
  readonly #decoders = { stdout: new StringDecoder(), stderr: new StringDecoder() };
  readonly #rest = { stdout: '', stderr: '' };

  constructor(emit: (stream: OutputStream, lines: readonly string[]) => void) {
    this.#emit = emit;
  }

  add(stream: OutputStream, chunk: Buffer): void {
    const lines = (this.#rest[stream] + this.#decoders[stream].write(chunk)).split('\n');
    this.#rest[stream] = lines.pop()!;
    if (lines.length > 0) this.#emit(stream, lines);
  }

  /** The command has ended: what is left is a line too. */
  end(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      const rest = this.#rest[stream] + this.#decoders[stream].end();
      this.#rest[stream] = '';
      if (rest !== '') this.#emit(stream, [rest]);
    }
  }
}
