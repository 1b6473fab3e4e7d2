import type { Duplex, Readable, Writable } from 'node:stream';
import { UnreachableError } from '../errors/index.ts';
import type { LaunchSettings } from './launch.ts';
import { LocalTransport } from './local-transport.ts';
import type { Script } from './script.ts';
import { SessionGroup } from './session-group.ts';
import { type ShellOptions, type ShellReply, ShellRequest } from './shell-request.ts';
import type { ShellSession } from './shell-session.ts';
import type { Target } from './target.ts';
import { getFile, openCommand, putFile } from './transfer.ts';
import type { Channel, SocketAddress, Transport } from './transport.ts';

/**
 * A target over a transport. Each task gets one of its own; those of one host and user share their sessions. Scripts that
 * one of them is given run in the order in which they were given.
 */
export class ShellTarget implements Target {
  readonly host: string;
  readonly #group: SessionGroup;
  #session: Promise<ShellSession> | undefined;
  #underWay = 0;
  #lead: ShellTarget | undefined;
  /** Others follow it or it follows them, so it stays in their session however much is waiting there. */
  #isInLine = false;

  readonly endSessionsOf: (user: string) => Promise<void>;

  constructor(
    host: string,
    over: Transport | SessionGroup,
    settings: LaunchSettings = {},
    endSessionsOf: (user: string) => Promise<void> = async () => {},
  ) {
    this.host = host;
    this.endSessionsOf = endSessionsOf;
    this.#group = over instanceof SessionGroup ? over : new SessionGroup(host, over, settings);
  }

  async run(script: Script, options: ShellOptions = {}): Promise<ShellReply> {
    const lead = this.#lead;
    this.#lead = undefined;
    const session = lead ? lead.#session! : this.session();
    if (lead) this.#session = session;
    this.#underWay++;
    try {
      const request = new ShellRequest(script, options);
      const there = await session;
      // On a terminal, what is under way there might read what is sent.
      if (lead && (!there.isOpen || there.isStained || there.isEnding || there.hasTerminal)) {
        throw new UnreachableError(`the shell on ${this.host} is not to be used any more`);
      }
      this.#group.run(there, request);
      return await request.reply;
    } finally {
      this.#underWay--;
    }
  }

  /** What is run next goes behind what the other one was given, in its session. */
  follow(lead: Target): boolean {
    const other = lead.under ?? lead;
    if (!(other instanceof ShellTarget) || other.#group !== this.#group || !other.#session) return false;
    this.#lead = other;
    this.#isInLine = true;
    other.#isInLine = true;
    return true;
  }

  /** The session that the next script goes to. */
  session(): Promise<ShellSession> {
    if (!this.#session || this.#underWay === 0) this.#session = this.#acquire(this.#session);
    return this.#session;
  }

  get place(): object {
    return this.#group;
  }

  /** How many round trips this host and user have cost so far. */
  get roundTrips(): number {
    return this.#group.roundTrips;
  }

  put(content: Buffer | Readable, path: string): Promise<void> {
    return putFile(this.#group, content, path);
  }

  get(path: string, sink: Writable): Promise<void> {
    return getFile(this.#group, path, sink);
  }

  temporaryDirectory(): Promise<string> {
    return this.#group.temporaryDirectory();
  }

  forward(to: SocketAddress): Promise<Duplex> {
    return this.#group.transport.forward(to);
  }

  open(command: Script): Promise<Channel> {
    return openCommand(this.#group, command);
  }

  get isLocal(): boolean {
    return this.#group.transport instanceof LocalTransport;
  }

  async close(): Promise<void> {
    await this.#group.close();
    await this.#group.transport.close();
  }

  /** Stays with the session of the script before, where nobody else has taken it meanwhile. */
  async #acquire(last: Promise<ShellSession> | undefined): Promise<ShellSession> {
    const session = await last?.catch(() => undefined);
    const isFree = this.#isInLine || session?.isBusy === false;
    if (session?.isOpen && isFree && !session.isStained && !session.isEnding) return session;
    return this.#group.acquire();
  }
}
