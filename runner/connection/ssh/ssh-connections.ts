import { SourceError } from '../../errors/index.ts';
import type { PoolOptions } from '../connection-pool.ts';
import type { ConnectionSpec } from '../connection-spec.ts';
import { quote } from '../script.ts';
import { parseSshArguments } from './arguments.ts';
import type { Credentials } from './authentication.ts';
import { SshEnvironment } from './environment.ts';
import { parseJump, resolveSshSettings, type SshRequest, type SshSettings } from './settings.ts';
import { Slots } from './slots.ts';
import { SshTransport } from './ssh-transport.ts';

// Each handshake takes some milliseconds of this process; more at a time would only make all of them late.
const defaultHandshakes = 32;
const mostJumps = 16;

/** Makes the ssh connections of a run; those to jump hosts are shared. */
export class SshConnections {
  readonly #environment: SshEnvironment;
  readonly #options: PoolOptions;
  readonly #handshakes: Slots;
  readonly #jumps = new Map<string, Jump>();

  constructor(environment: SshEnvironment, options: PoolOptions) {
    this.#environment = environment;
    this.#options = options;
    this.#handshakes = new Slots(options.handshakes ?? defaultHandshakes);
  }

  static async open(options: PoolOptions): Promise<SshConnections> {
    return new SshConnections(await SshEnvironment.open(options.warn, options.ask), options);
  }

  /** A connection to a host, not made yet. Throws SourceError for what is wrong in arguments and files. */
  transport(spec: ConnectionSpec): SshTransport {
    const request: SshRequest = {
      name: spec.address,
      port: spec.port,
      user: spec.user,
      privateKeyFile: spec.privateKeyFile,
      arguments: spec.sshArgs,
      timeout: spec.timeout,
      hostKeyChecking: spec.hostKeyChecking,
    };
    const settings = resolveSshSettings(request, this.#environment);
    const { password, passphrase } = spec;
    // The first of the files is the one that was named.
    const privateKeyFile = spec.privateKeyFile === undefined ? undefined : settings.identityFiles[0];
    const credentials = { password, passphrase, privateKeyFile };
    return this.#make(settings, credentials, this.#jump(settings, spec), this.#handshakes);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#jumps.values()].map(({ transport }) => transport.close()));
  }

  /** The connection to the last of the jump hosts, each reached through the one before. */
  #jump(settings: SshSettings, spec: ConnectionSpec, depth = 0): Jump | undefined {
    if (depth > mostJumps) {
      throw new SourceError({
        message: `the jump hosts of ${settings.hostName} lead in a circle`,
        hint: 'look at ProxyJump in the ssh configuration',
      });
    }
    const { configFile } = parseSshArguments(spec.sshArgs);
    let last: Jump | undefined;
    for (const hop of settings.jumps) {
      const own = resolveSshSettings(
        {
          ...parseJump(hop),
          arguments: configFile === undefined ? [] : [`-F ${quote(configFile)}`],
          timeout: spec.timeout,
          hostKeyChecking: spec.hostKeyChecking,
        },
        this.#environment,
      );
      // As in ssh, the jump hosts of a jump host count for the first one only.
      last = this.#jumpTo(own, last ?? this.#jump(own, spec, depth + 1));
    }
    return last;
  }

  #jumpTo(settings: SshSettings, before: Jump | undefined): Jump {
    const key = `${before?.key ?? ''} ${JSON.stringify(settings)}`;
    let jump = this.#jumps.get(key);
    if (!jump) {
      // What waits for its jump host holds a place meanwhile, so jump hosts must not need one themselves.
      jump = { key, transport: this.#make(settings, noCredentials, before, new Slots(Number.POSITIVE_INFINITY)) };
      this.#jumps.set(key, jump);
    }
    return jump;
  }

  #make(settings: SshSettings, credentials: Credentials, jump: Jump | undefined, handshakes: Slots): SshTransport {
    const { retries } = this.#options;
    return new SshTransport({
      settings,
      credentials,
      environment: this.#environment,
      jump: jump?.transport,
      retries,
      handshakes,
    });
  }
}

/** The connection to a jump host. `key` names it and the way to it. */
interface Jump {
  readonly key: string;
  readonly transport: SshTransport;
}

const noCredentials: Credentials = {
  password: undefined,
  passphrase: undefined,
  privateKeyFile: undefined,
  mayAsk: true,
};
