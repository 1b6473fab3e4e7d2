import type { Duplex, Readable, Writable } from 'node:stream';
import { Readable as ReadableStream } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { MusterError } from '../errors/index.ts';
import { quote, type Script, sh } from './script.ts';
import { type ShellOptions, type ShellReply, ShellSession } from './shell-session.ts';
import type { Target } from './target.ts';
import type { Transport } from './transport.ts';

/** A target over a transport, with one shell session that is opened on first use. */
export class ShellTarget implements Target {
  readonly host: string;
  readonly #transport: Transport;
  #session: Promise<ShellSession> | undefined;
  #directory: Promise<string> | undefined;

  constructor(host: string, transport: Transport) {
    this.host = host;
    this.#transport = transport;
  }

  async run(script: Script, options?: ShellOptions): Promise<ShellReply> {
    return (await this.session()).run(script, options);
  }

  /** The session itself, for counting round trips. */
  session(): Promise<ShellSession> {
    this.#session ??= this.#transport.exec('exec /bin/sh').then((channel) => new ShellSession(channel));
    return this.#session;
  }

  async put(content: Buffer | Readable, path: string): Promise<void> {
    const channel = await this.#transport.exec(`umask 077; exec cat > ${quote(path)}`);
    const [, { code }] = await Promise.all([
      pipeline(Buffer.isBuffer(content) ? ReadableStream.from([content]) : content, channel.stdin),
      channel.ended,
    ]);
    if (code !== 0) throw new MusterError(`cannot write ${path} on ${this.host}`);
  }

  async get(path: string, sink: Writable): Promise<void> {
    const channel = await this.#transport.exec(`exec cat < ${quote(path)}`);
    const [, { code }] = await Promise.all([pipeline(channel.stdout, sink), channel.ended]);
    if (code !== 0) throw new MusterError(`cannot read ${path} on ${this.host}`);
  }

  temporaryDirectory(): Promise<string> {
    this.#directory ??= this.run(sh`umask 077; mktemp -d "\${TMPDIR:-/tmp}/muster.XXXXXXXX"`).then(({ stdout }) =>
      stdout.toString().trim(),
    );
    return this.#directory;
  }

  forward(to: { path: string } | { host: string; port: number }): Promise<Duplex> {
    return this.#transport.forward(to);
  }

  async close(): Promise<void> {
    if (this.#directory) await this.run(sh`rm -rf ${await this.#directory}`);
    (await this.#session)?.close();
    await this.#transport.close();
  }
}
