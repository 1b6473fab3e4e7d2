import type { Script } from './script.ts';

export type OutputStream = 'stdout' | 'stderr';

export interface ShellReply {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** Exit code of the script's last command, or what it gave to `exit`. */
  readonly code: number;
}

export interface ShellOptions {
  /** Called with each piece of output as it arrives, while the script still runs. */
  readonly onOutput?: ((stream: OutputStream, chunk: Buffer) => void) | undefined;
  /** Variables to export for this script only. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** Aborting it ends the script and everything that it started; `run` then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Ends the script when it runs longer; `run` then rejects with ScriptTimeoutError. */
  readonly timeoutMs?: number | undefined;
}

/** A script under way, or waiting for those before it. */
export class ShellRequest {
  readonly script: Script;
  readonly options: ShellOptions;
  readonly reply: Promise<ShellReply>;
  /** Resolves when no other script is before it any more. */
  readonly turn: Promise<void>;
  readonly done = { stdout: false, stderr: false };
  readonly #chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  #resolve!: (reply: ShellReply) => void;
  #reject!: (error: Error) => void;
  #code = 0;
  #begin!: () => void;
  #error: Error | undefined;

  constructor(script: Script, options: ShellOptions) {
    this.script = script;
    this.options = options;
    this.reply = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.turn = new Promise((resolve) => {
      this.#begin = resolve;
    });
  }

  get isComplete(): boolean {
    return this.done.stdout && this.done.stderr;
  }

  /** What was written so far. */
  output(stream: OutputStream): Buffer {
    const chunks = this.#chunks[stream];
    return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
  }

  add(stream: OutputStream, chunk: Buffer): void {
    this.#chunks[stream].push(chunk);
    this.options.onOutput?.(stream, chunk);
  }

  end(stream: OutputStream, code: number | undefined): void {
    this.done[stream] = true;
    if (code !== undefined) this.#code = code;
  }

  begin(): void {
    this.#begin();
  }

  /** Makes it fail with this error as soon as it has ended, however it ends. */
  failWith(error: Error): void {
    this.#error = error;
  }

  finish(): void {
    if (this.#error) {
      this.#reject(this.#error);
      return;
    }
    this.#resolve({ stdout: this.output('stdout'), stderr: this.output('stderr'), code: this.#code });
  }

  fail(error: Error): void {
    this.#reject(this.#error ?? error);
  }
}
