import { randomBytes } from 'node:crypto';
import { UnreachableError } from '../errors/index.ts';
import { quote, type Script, type ShellFunction } from './script.ts';
import type { Channel } from './transport.ts';

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
}

/**
 * One long-lived POSIX sh on a target. Scripts run one after the other, each in a subshell of its own with /dev/null as
 * standard input, so that `cd`, `exit` and variables stay inside; requests may be sent before earlier ones have answered,
 * which makes them share a round trip.
 *
 * The end of a script's output is marked on both streams by a line that holds a random word of this session, so a
 * script's own output can hold any bytes.
 */
export class ShellSession {
  readonly #channel: Channel;
  readonly #word = randomBytes(9).toString('hex');
  readonly #defined = new Set<ShellFunction>();
  readonly #waiting: Request[] = [];
  readonly #pending: Record<OutputStream, Buffer> = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  #failure: Error | undefined;
  /** How many requests were written while no other was under way: each costs one round trip. */
  roundTrips = 0;

  constructor(channel: Channel) {
    this.#channel = channel;
    channel.stdout.on('data', (chunk: Buffer) => this.#receive('stdout', chunk));
    channel.stderr.on('data', (chunk: Buffer) => this.#receive('stderr', chunk));
    channel.stdin.on('error', () => {});
    channel.ended.then(
      ({ code, signal }) =>
        this.#fail(new UnreachableError(`the shell on the host ended (${signal ?? `exit code ${code}`})`)),
      (error: Error) => this.#fail(error),
    );
  }

  get isOpen(): boolean {
    return this.#failure === undefined;
  }

  /** Runs a script. Rejects only when the session breaks; a script that fails resolves with its exit code. */
  run(script: Script, options: ShellOptions = {}): Promise<ShellReply> {
    if (this.#failure) return Promise.reject(this.#failure);
    if (this.#waiting.length === 0) this.roundTrips++;
    return new Promise((resolve, reject) => {
      this.#waiting.push(new Request(resolve, reject, options.onOutput));
      this.#channel.stdin.write(this.#frame(script, options.environment));
    });
  }

  close(): void {
    this.#channel.stdin.end();
    this.#channel.kill();
  }

  #frame(script: Script, environment: Readonly<Record<string, string>> = {}): string {
    const exports = Object.entries(environment)
      .map(([name, value]) => `export ${name}=${quote(value)}\n`)
      .join('');
    // The definitions stand outside the subshell, where they stay for later requests.
    return `${this.#define(script.functions)}(\n${exports}${script.text}\n) </dev/null
m_rc=$?; printf '\\036${this.#word} %d\\036' $m_rc; printf '\\036${this.#word} \\036' >&2\n`;
  }

  #define(functions: Iterable<ShellFunction>): string {
    let text = '';
    for (const needed of functions) {
      if (this.#defined.has(needed)) continue;
      this.#defined.add(needed);
      text += `${this.#define(needed.needs)}${needed.name}() {\n${needed.body}\n}\n`;
    }
    return text;
  }

  #receive(stream: OutputStream, chunk: Buffer): void {
    let rest = this.#pending[stream].length === 0 ? chunk : Buffer.concat([this.#pending[stream], chunk]);
    const mark = Buffer.from(`\x1e${this.#word} `);
    for (;;) {
      const request = this.#waiting.find((waiting) => !waiting.done[stream]);
      const start = rest.indexOf(mark);
      const end = start === -1 ? -1 : rest.indexOf(0x1e, start + mark.length);
      if (end === -1) {
        // What may be the beginning of a mark waits for its rest.
        const safe = start === -1 ? safeLength(rest, mark) : start;
        request?.add(stream, rest.subarray(0, safe));
        this.#pending[stream] = rest.subarray(safe);
        return;
      }
      request?.add(stream, rest.subarray(0, start));
      const code = rest.subarray(start + mark.length, end).toString('latin1');
      rest = rest.subarray(end + 1);
      if (!request) continue;
      request.end(stream, stream === 'stdout' ? Number(code) : undefined);
      if (request.isComplete) {
        this.#waiting.splice(this.#waiting.indexOf(request), 1);
        request.finish();
      }
    }
  }

  #fail(error: Error): void {
    if (this.#failure) return;
    this.#failure = error;
    // What the host said last often tells why it ended.
    const said = this.#waiting[0]?.errorOutput ?? '';
    const told = said === '' ? error : new UnreachableError(`${error.message}: ${said}`, { cause: error });
    for (const request of this.#waiting.splice(0)) request.fail(told);
  }
}

/** How many bytes at the start cannot be part of a mark that is still to be completed. */
const safeLength = (bytes: Buffer, mark: Buffer): number => {
  const start = bytes.lastIndexOf(mark[0]!);
  if (start === -1 || bytes.length - start > mark.length) return bytes.length;
  return mark.subarray(0, bytes.length - start).equals(bytes.subarray(start)) ? start : bytes.length;
};

class Request {
  readonly done = { stdout: false, stderr: false };
  readonly #chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  readonly #resolve: (reply: ShellReply) => void;
  readonly #reject: (error: Error) => void;
  readonly #onOutput: ShellOptions['onOutput'];
  #code = 0;

  constructor(
    resolve: (reply: ShellReply) => void,
    reject: (error: Error) => void,
    onOutput: ShellOptions['onOutput'],
  ) {
    this.#resolve = resolve;
    this.#reject = reject;
    this.#onOutput = onOutput;
  }

  get isComplete(): boolean {
    return this.done.stdout && this.done.stderr;
  }

  get errorOutput(): string {
    return Buffer.concat(this.#chunks.stderr).toString().trim();
  }

  add(stream: OutputStream, chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.#chunks[stream].push(chunk);
    this.#onOutput?.(stream, chunk);
  }

  end(stream: OutputStream, code: number | undefined): void {
    this.done[stream] = true;
    if (code !== undefined) this.#code = code;
  }

  finish(): void {
    this.#resolve({
      stdout: Buffer.concat(this.#chunks.stdout),
      stderr: Buffer.concat(this.#chunks.stderr),
      code: this.#code,
    });
  }

  fail(error: Error): void {
    this.#reject(error);
  }
}
