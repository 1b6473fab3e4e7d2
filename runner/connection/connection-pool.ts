import { connectionKind } from './connection-kind.ts';
import type { ConnectionSpec } from './connection-spec.ts';
import { LocalTransport } from './local-transport.ts';
import { SessionGroup } from './session-group.ts';
import { ShellTarget } from './shell-target.ts';
import type { AskSecret } from './ssh/environment.ts';
import type { SshConnections } from './ssh/ssh-connections.ts';
import type { Transport } from './transport.ts';

export interface PoolOptions {
  /** Told about ssh arguments and options that have no effect; each once. */
  readonly warn: (message: string) => void;
  /** Asks for passphrases and passwords that are not given; without it they count as missing. */
  readonly ask?: AskSecret;
  /** How many ssh connections are set up at the same time; 32 when not given. */
  readonly handshakes?: number | undefined;
  /** Further attempts when a host cannot be reached; none when not given. */
  readonly retries?: number | undefined;
}

interface Connection {
  readonly host: string;
  readonly transport: Transport;
  readonly groups: Map<string, SessionGroup>;
}

/**
 * The connections of a run: one for each host and way to log in, one group of shells on it for each user. They are made
 * when they are first used, kept until `close`, and made anew when they were lost.
 */
export class ConnectionPool {
  readonly #options: PoolOptions;
  readonly #connections = new Map<string, Promise<Connection>>();
  readonly #counts = new Map<string, number>();
  #ssh: Promise<SshConnections> | undefined;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** A target for one task. Nothing is sent yet. Rejects with SourceError for connections that there are not. */
  async target(spec: ConnectionSpec): Promise<ShellTarget> {
    const { become, shell, timeout } = spec;
    const connection = await this.#connection(spec);
    const key = JSON.stringify([become, shell, timeout]);
    let group = connection.groups.get(key);
    if (!group) {
      group = new SessionGroup(spec.host, connection.transport, { become, shell, timeout });
      connection.groups.set(key, group);
    }
    return new ShellTarget(spec.host, group, {}, (user) => endSessionsOf(connection, user));
  }

  /** How many round trips a host has cost so far, as all its users. */
  async roundTrips(host: string): Promise<number> {
    let count = this.#counts.get(host) ?? 0;
    for (const connection of await this.#of(host)) {
      for (const group of connection.groups.values()) count += group.roundTrips;
    }
    return count;
  }

  /** Ends the connections to a host, so that the next task logs in anew. */
  async reset(host: string): Promise<void> {
    const ended = await this.#of(host);
    this.#counts.set(host, await this.roundTrips(host));
    for (const [key, connection] of this.#connections) {
      if (ended.includes(await connection)) this.#connections.delete(key);
    }
    await Promise.all(ended.map(closeConnection));
  }

  /** Ends everything, all hosts at the same time; temporary directories are removed on the way. */
  async close(): Promise<void> {
    const connections = await settled(this.#connections.values());
    this.#connections.clear();
    await Promise.all(connections.map(closeConnection));
    await (await this.#ssh)?.close();
  }

  #connection(spec: ConnectionSpec): Promise<Connection> {
    const { become: _become, shell: _shell, ...way } = spec;
    const key = JSON.stringify(way);
    let connection = this.#connections.get(key);
    if (!connection) {
      connection = this.#make(spec).catch((error: unknown) => {
        this.#connections.delete(key);
        throw error;
      });
      this.#connections.set(key, connection);
    }
    return connection;
  }

  async #make(spec: ConnectionSpec): Promise<Connection> {
    const { directory } = spec;
    const transport =
      connectionKind(spec.connection) === 'local'
        ? new LocalTransport(directory === undefined ? {} : { directory })
        : (await this.#sshConnections()).transport(spec);
    return { host: spec.host, transport, groups: new Map() };
  }

  #sshConnections(): Promise<SshConnections> {
    this.#ssh ??= import('./ssh/ssh-connections.ts').then(({ SshConnections }) => SshConnections.open(this.#options));
    return this.#ssh;
  }

  async #of(host: string): Promise<Connection[]> {
    const connections = await settled(this.#connections.values());
    return connections.filter((connection) => connection.host === host);
  }
}

/** The shells of the users that tasks became; the one that logged in keeps its own. */
const endSessionsOf = async ({ groups }: Connection, user: string): Promise<void> => {
  const ended = [...groups].filter(([, group]) => group.settings.become?.user === user);
  for (const [key] of ended) groups.delete(key);
  await Promise.all(ended.map(([, group]) => group.close()));
};

const closeConnection = async ({ transport, groups }: Connection): Promise<void> => {
  await Promise.all([...groups.values()].map((group) => group.close()));
  await transport.close();
};

/** Those that could be made. */
const settled = async (connections: Iterable<Promise<Connection>>): Promise<Connection[]> =>
  (await Promise.allSettled(connections)).flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
