import { type Script, type ShellReply, shellFunction, type Target } from '../../../connection/index.ts';
import { ModuleFailure } from '../../../errors/index.ts';

/** Reads what a script printed: fields, each ended by a NUL byte, and at last perhaps raw bytes. */
export class ReplyReader {
  readonly #bytes: Buffer;
  #position = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#position >= this.#bytes.length;
  }

  /** The next field as text. */
  field(): string {
    return this.bytes().toString('utf8');
  }

  /** The next field as bytes. */
  bytes(): Buffer {
    const end = this.#bytes.indexOf(0, this.#position);
    if (end === -1) throw new Error('the reply of the host ends too early');
    const field = this.#bytes.subarray(this.#position, end);
    this.#position = end + 1;
    return field;
  }

  /** So many bytes. */
  take(size: number): Buffer {
    const bytes = this.#bytes.subarray(this.#position, this.#position + size);
    this.#position += size;
    return bytes;
  }

  /** Everything after the fields that were read. */
  rest(): Buffer {
    const rest = this.#bytes.subarray(this.#position);
    this.#position = this.#bytes.length;
    return rest;
  }
}

const failureCode = 90;

/** `m_die STEP`: ends the script; the step's name reaches the controller, which words the error. */
export const die = shellFunction('m_die', `printf '\\0%s' "$1"; exit ${failureCode}`);

/** A step of a script that did not work: which one, and what the tool said. */
export class StepFailure extends Error {
  readonly step: string;
  readonly reply: ShellReply;

  constructor(step: string, reply: ShellReply) {
    super(`${step}: ${reply.stderr.toString().trim()}`);
    this.step = step;
    this.reply = reply;
  }

  /** The tool's message. */
  get said(): string {
    return this.reply.stderr.toString().trim();
  }

  /** The reason alone, as in "Permission denied". */
  get reason(): string {
    const lastLine = this.said.split('\n').at(-1) ?? '';
    return lastLine.slice(lastLine.lastIndexOf(': ') + 1).trim();
  }
}

/** Runs a script of ours. Throws StepFailure where it called `m_die`, ModuleFailure where the shell itself broke. */
export const runScript = async (target: Target, script: Script): Promise<ReplyReader> =>
  readReply(await target.run(script));

/** The fields of a reply, after the same checks as in `runScript`. */
export const readReply = (reply: ShellReply): ReplyReader => {
  if (reply.code === failureCode) {
    const step = reply.stdout.subarray(reply.stdout.lastIndexOf(0) + 1).toString();
    throw new StepFailure(step, reply);
  }
  if (reply.code !== 0) {
    throw new ModuleFailure(`the shell on the host failed: ${reply.stderr.toString().trim()}`, { rc: reply.code });
  }
  return new ReplyReader(reply.stdout);
};
