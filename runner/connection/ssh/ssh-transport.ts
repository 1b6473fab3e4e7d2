import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, ClientChannel } from 'ssh2';
import { UnreachableError } from '../../errors/index.ts';
import type { Channel, ExecOptions, SocketAddress, Transport } from '../transport.ts';
import type { Credentials } from './authentication.ts';
import { HandshakeError, login } from './connect.ts';
import type { SshEnvironment } from './environment.ts';
import type { SshSettings } from './settings.ts';
import { Slots } from './slots.ts';
import { connectCommand, connectTcp, type ServerSocket } from './socket.ts';
import { sshChannel } from './ssh-channel.ts';

export interface SshTransportOptions {
  readonly settings: SshSettings;
  readonly credentials: Credentials;
  readonly environment: SshEnvironment;
  /** The connection of the last jump host, through which this one goes. */
  readonly jump?: Transport | undefined;
  /** Attempts beyond the first when the host cannot be reached. */
  readonly retries?: number | undefined;
  /** Limits how many connections are set up at the same time. */
  readonly handshakes: Slots;
}

// Servers allow ten by default.
const mostChannels = 8;
// Shells stay open; what comes and goes needs places too.
const mostLasting = 5;
const mostConnections = 6;
const mostRefusals = 500;
const mostRefusalsAlone = 20;
const refusalMs = 20;
// A server that is asked by many at once drops some of them; a few more attempts cost nothing then.
const dropRetries = 3;
const closeMs = 500;

/** One ssh connection, made on first use, and made anew when it is used after it was lost. */
export class SshTransport implements Transport {
  readonly user: string;
  readonly hasTerminals = true;
  readonly #options: SshTransportOptions;
  #slots = new Slots(mostChannels);
  #lasting = new Slots(mostLasting);
  readonly #open = new Set<Promise<void>>();
  #starting = 0;
  /** A further connection, for what this one has no place for. */
  #overflow: SshTransport | undefined;
  #client: Promise<Client> | undefined;
  #current: Client | undefined;
  #isClosed = false;
  readonly #depth: number;

  /** `depth` counts the connections to the same host that have no place any more. */
  constructor(options: SshTransportOptions, depth = 0) {
    this.#depth = depth;
    this.#options = options;
    this.user = options.settings.user;
  }

  exec(command: string, options: ExecOptions = {}): Promise<Channel> {
    return this.#exec(command, options, 0);
  }

  async #exec(command: string, options: ExecOptions, attempt: number): Promise<Channel> {
    const client = await this.#connected();
    if (options.lasting && !this.#lasting.isFree) return this.#next().exec(command, options);
    const places = options.urgent ? [] : options.lasting ? [this.#lasting, this.#slots] : [this.#slots];
    const taken = await Promise.all(places.map((place) => place.take()));
    const release = (): void => {
      for (const give of taken) give();
    };
    this.#starting++;
    try {
      const { environment } = this.#options.settings;
      const request = { pty: options.terminal ?? false, env: { ...environment } };
      const lost = this.#lossOf(client);
      // What ends at once has ended before anybody else comes to its turn, so that it is listened to at once.
      const channel = await call(
        lost,
        (done: Done<ClientChannel>) => client.exec(command, request, done),
        (stream) => sshChannel(stream, client, lost),
      );
      const ended = channel.ended.then(release, release).finally(() => this.#open.delete(ended));
      this.#open.add(ended);
      return channel;
    } catch (error) {
      release();
      if (!isRefusedChannel(error)) throw error;
      return this.#execElsewhere(command, options, attempt);
    } finally {
      this.#starting--;
    }
  }

  async forward(to: SocketAddress): Promise<Duplex> {
    const client = await this.#connected();
    return call(
      this.#lossOf(client),
      (done: Done<Duplex>) =>
        'path' in to
          ? client.openssh_forwardOutStreamLocal(to.path, done)
          : client.forwardOut('127.0.0.1', 0, to.host, to.port, done),
      (stream) => stream,
    );
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.reset();
  }

  /** Ends the connection; the next use makes a new one. */
  async reset(): Promise<void> {
    const [connecting, overflow] = [this.#client, this.#overflow];
    this.#client = undefined;
    this.#overflow = undefined;
    await Promise.all([connecting && endClient(connecting), overflow?.close()]);
  }

  #next(): SshTransport {
    this.#overflow ??= new SshTransport(this.#options, this.#depth + 1);
    return this.#overflow;
  }

  /** For a server that allows fewer channels on a connection than most do: takes another connection, or waits. */
  async #execElsewhere(command: string, options: ExecOptions, attempt: number): Promise<Channel> {
    const isAlone = this.#open.size === 0 && this.#starting <= 1;
    if (attempt > (isAlone ? mostRefusalsAlone : mostRefusals)) {
      throw new UnreachableError({
        message: `${this.#options.settings.hostName} refuses to run commands`,
        hint: "look at MaxSessions in the host's sshd_config",
      });
    }
    if (this.#depth < mostConnections && !isAlone) return this.#next().exec(command, options);
    // Another one may have the place and not know it yet, or the server may not have noticed yet that it is free.
    await (this.#open.size > 0 ? Promise.race(this.#open) : sleep(refusalMs));
    return this.#exec(command, options, attempt + 1);
  }

  #connected(): Promise<Client> {
    if (this.#isClosed) return Promise.reject(new UnreachableError('the connection was closed'));
    this.#client ??= this.#connect().catch((error: unknown) => {
      this.#client = undefined;
      throw error;
    });
    return this.#client;
  }

  async #connect(): Promise<Client> {
    const { settings, retries = 0, handshakes } = this.#options;
    const reachable = Math.max(retries, settings.attempts - 1);
    for (let attempt = 0; ; attempt++) {
      const release = await handshakes.take();
      try {
        return this.#watch(await this.#attempt());
      } catch (error) {
        const allowed = error instanceof HandshakeError ? Math.max(reachable, dropRetries) : reachable;
        if (!isPassing(error) || attempt >= allowed || this.#isClosed) throw error;
      } finally {
        release();
      }
      await sleep(backoff(attempt));
    }
  }

  async #attempt(): Promise<Client> {
    const { settings, credentials, environment } = this.#options;
    return login(await this.#socket(), settings, credentials, environment);
  }

  async #socket(): Promise<ServerSocket> {
    const { settings, jump } = this.#options;
    if (jump) {
      try {
        const stream = await jump.forward({ host: settings.hostName, port: settings.port });
        return { stream, said: async () => '' };
      } catch (error) {
        if (error instanceof UnreachableError) throw error;
        throw new UnreachableError(
          `cannot reach ${settings.hostName} port ${settings.port} from the jump host: ${(error as Error).message.replace(/^\(SSH\) Channel open failure: /, '')}`,
          { cause: error },
        );
      }
    }
    return settings.proxyCommand === undefined ? connectTcp(settings) : connectCommand(settings.proxyCommand);
  }

  /** Forgets the connection when it ends, and remembers why it did. */
  #watch(client: Client): Client {
    let cause: Error | undefined;
    this.#current = client;
    client.on('error', (error) => {
      cause = error;
    });
    client.once('close', () => {
      const why = cause
        ? `: ${cause.message === 'Keepalive timeout' ? 'the host does not answer any more' : cause.message}`
        : '';
      losses.set(client, new UnreachableError(`the connection to ${this.#options.settings.hostName} was lost${why}`));
      if (client !== this.#current) return;
      this.#client = undefined;
      this.#slots = new Slots(mostChannels);
      this.#lasting = new Slots(mostLasting);
    });
    return client;
  }

  #lossOf(client: Client): () => Error | undefined {
    return () => losses.get(client);
  }
}

const endClient = async (connecting: Promise<Client>): Promise<void> => {
  const client = await connecting.catch(() => undefined);
  if (!client) return;
  const closed = once(client, 'close').catch(() => {});
  client.end();
  await Promise.race([closed, sleep(closeMs, undefined, { ref: false })]);
  client.destroy();
};

const losses = new WeakMap<Client, Error>();

/** Whether another attempt may help: not when the login or the host key was refused. */
const isPassing = (error: unknown): boolean =>
  error instanceof HandshakeError || (error instanceof UnreachableError && error.message.startsWith('cannot connect'));

const isRefusedChannel = (error: unknown): boolean =>
  error instanceof Error && /channel open failure/i.test(error.message);

/** Milliseconds until the next attempt: longer each time, and not the same for all hosts. */
const backoff = (attempt: number): number => Math.min(8000, 250 * 2 ** attempt) * (0.5 + Math.random());

type Done<T> = (error: Error | undefined, value: T) => void;

/** A method of ssh2 as a promise of what `take` makes of its value. Losing the connection on the way is told as such. */
const call = <T, R>(
  loss: () => Error | undefined,
  start: (done: Done<T>) => unknown,
  take: (value: T) => R,
): Promise<R> =>
  new Promise((resolve, reject) => {
    try {
      start((error, value) => {
        if (!error) resolve(take(value));
        else setImmediate(() => reject(loss() ?? error));
      });
    } catch (error) {
      setImmediate(() =>
        reject(loss() ?? new UnreachableError('the connection to the host was lost', { cause: error })),
      );
    }
  });
