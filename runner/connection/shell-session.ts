import { randomBytes } from 'node:crypto';
import { MusterError, UnreachableError } from '../errors/index.ts';
import type { Launch } from './launch.ts';
import { MarkReader } from './mark-reader.ts';
import { quote, type ShellFunction } from './script.ts';
import type { OutputStream, ShellRequest } from './shell-request.ts';

/**
 * One long-lived POSIX sh on a target. Scripts run one after the other, each in a subshell of its own with /dev/null as
 * standard input, so that `cd`, `exit`, variables and even syntax errors stay inside; requests may be sent before
 * earlier ones have answered, which makes them share a round trip.
 *
 * The end of a script's output is marked on both streams by a line that holds a random word of this session, so a
 * script's own output can hold any bytes, and what a script leaves running in the background does not hold up its reply.
 */
export class ShellSession {
  readonly #launch: Launch;
  readonly #onRoundTrip: () => void;
  readonly #word = randomBytes(9).toString('hex');
  readonly #defined = new Set<ShellFunction>();
  readonly #waiting: ShellRequest[] = [];
  #failure: Error | undefined;
  #isStained = false;
  /** What runs there is being ended, so that it is not for new requests. */
  isEnding = false;
  /** Its process id on the target, once it runs. */
  pid: number | undefined;
  /** How many requests were written while no other was under way: each costs one round trip. */
  roundTrips = 0;
  /** Resolves once it runs, or cannot. */
  readonly settled: Promise<void>;
  /** Resolves when it cannot be used any more, for whatever reason. */
  readonly ended: Promise<void>;
  #setEnded!: () => void;

  /** `onRoundTrip` is told of each request that was written while no other was under way. */
  constructor(launch: Launch, onRoundTrip: () => void = () => {}) {
    this.#launch = launch;
    this.#onRoundTrip = onRoundTrip;
    this.ended = new Promise((resolve) => {
      this.#setEnded = resolve;
    });
    this.#send(beginning(launch.hasTerminal));
    this.settled = launch.started.then(
      (pid) => {
        this.pid = pid;
        this.#listen();
      },
      (error: Error) => this.#fail(error),
    );
  }

  get isOpen(): boolean {
    return this.#failure === undefined;
  }

  get hasTerminal(): boolean {
    return this.#launch.hasTerminal;
  }

  /** Whether a script is under way. */
  get isBusy(): boolean {
    return this.#waiting.length > 0;
  }

  /** Whether something that an earlier script left running writes into this session, so that a fresh one is better. */
  get isStained(): boolean {
    return this.#isStained;
  }

  /** Sends a script. The request fails only when the session breaks; a script that fails gives its exit code. */
  submit(request: ShellRequest): void {
    if (this.#failure) {
      request.fail(this.#failure);
      return;
    }
    const badName = Object.keys(request.options.environment ?? {}).find((name) => !/^[A-Za-z_]\w*$/.test(name));
    if (badName !== undefined) {
      request.fail(new MusterError(`'${badName}' cannot be the name of an environment variable`));
      return;
    }
    if (this.#waiting.length === 0) {
      this.roundTrips++;
      this.#onRoundTrip();
    }
    this.#waiting.push(request);
    if (this.#waiting.length === 1) request.begin();
    this.#send(this.#frame(request));
  }

  /** How many scripts are under way or wait. */
  get load(): number {
    return this.#waiting.length;
  }

  /** Removes this directory of the target when the shell ends, however that comes about. */
  removeAtEnd(directory: string): void {
    this.#send(`trap ${quote(`rm -rf ${quote(directory)}`)} 0\n`);
  }

  /** Lets the shell end by itself, so that it removes what it was told to. */
  finish(): Promise<void> {
    this.#launch.channel.stdin.end(this.#launch.hasTerminal ? 'exit\n' : undefined);
    return this.ended;
  }

  /** Ends it at once; `error` is what requests under way fail with. */
  close(error: Error = new UnreachableError('the connection was closed')): void {
    this.#fail(error);
    this.#launch.channel.stdin.end();
    this.#launch.channel.kill();
  }

  #send(text: string): void {
    this.#launch.channel.stdin.write(text);
  }

  /** Reads the replies. With a terminal both streams come as one, the error output after the rest. */
  #listen(): void {
    const { channel, hasTerminal } = this.#launch;
    let current: OutputStream = 'stdout';
    const reader = (stream: OutputStream): MarkReader =>
      new MarkReader(
        this.#word,
        (chunk) => this.#receive(hasTerminal ? current : stream, chunk),
        (text) => {
          const ended = hasTerminal ? current : stream;
          if (hasTerminal) current = current === 'stdout' ? 'stderr' : 'stdout';
          this.#end(ended, text);
        },
      );
    for (const stream of ['stdout', 'stderr'] as const) {
      const marks = reader(stream);
      channel[stream].on('data', (chunk: Buffer) => marks.push(chunk));
      channel[stream].resume();
    }
    channel.ended.then(
      ({ code, signal }) =>
        this.#fail(new UnreachableError(`the shell on the host ended (${signal ?? `exit code ${code}`})`)),
      (error: Error) => this.#fail(error),
    );
  }

  #frame({ script, options }: ShellRequest): string {
    let exports = '';
    for (const [name, value] of Object.entries(options.environment ?? {}))
      exports += `export ${name}=${quote(value)}\n`;
    // The definitions stand outside the subshell, where they stay for later requests.
    const start = `${this.#define(script.functions)}(\n${exports}eval ${quote(script.text)}\n) </dev/null`;
    return this.#launch.hasTerminal
      ? `${start} 2>&8\nm_rc=$?; printf '\\036${this.#word} %d\\036' $m_rc; cat <&9; printf '\\036${this.#word} \\036'\n`
      : `${start}\nm_rc=$?; printf '\\036${this.#word} %d\\036' $m_rc; printf '\\036${this.#word} \\036' >&2\n`;
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
    const request = this.#waiting.find((waiting) => !waiting.done[stream]);
    if (request) request.add(stream, chunk);
    else this.#isStained = true;
  }

  #end(stream: OutputStream, code: string): void {
    const request = this.#waiting.find((waiting) => !waiting.done[stream]);
    if (!request) return;
    request.end(stream, stream === 'stdout' ? Number(code) : undefined);
    if (!request.isComplete) return;
    this.#waiting.splice(this.#waiting.indexOf(request), 1);
    request.finish();
    this.#waiting[0]?.begin();
  }

  #fail(error: Error): void {
    if (this.#failure) return;
    this.#failure = error;
    this.#setEnded();
    // What the host said last often tells why it ended.
    const said = this.#waiting[0]?.output('stderr').toString().trim() ?? '';
    const told =
      said !== '' && error instanceof UnreachableError
        ? new UnreachableError({ ...error.problems[0]!, message: `${error.message}: ${said}` }, { cause: error })
        : error;
    for (const request of this.#waiting.splice(0)) request.fail(told);
  }
}

/**
 * What each session begins with. An interrupt from the keyboard ends what runs, not the session; a directory that the
 * user may not read is left. With a terminal, error output is kept apart in a file that has no name any more.
 */
const beginning = (hasTerminal: boolean): string =>
  `trap : INT\n[ -r . ] || cd "$HOME" 2>/dev/null || cd /\n${hasTerminal ? separateErrors : ''}`;

const separateErrors = `m_err=\${TMPDIR:-/tmp}/.muster-$$
rm -f "$m_err"; (umask 077; set -C; : >"$m_err") && exec 8>>"$m_err" 9<"$m_err" && rm -f "$m_err"
`;
