import type { Duplex } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import { raw, sh, type Target } from '../../../connection/index.ts';
import { ModuleFailure, UnreachableError } from '../../../errors/index.ts';
import { expandedWord } from '../commands/expand.ts';
import type { DockerArguments } from './arguments.ts';
import { channelStream } from './channel-stream.ts';

/** A way to open streams to an engine. */
export interface EngineAddress {
  /** For the Host header and for messages. */
  readonly name: string;
  open(): Promise<Duplex>;
}

const defaultSocket = '/var/run/docker.sock';

/** Works out where the engine listens: by the arguments, else by the environment of the task on the target. */
export const engineAddress = async (args: DockerArguments, target: Target): Promise<EngineAddress> => {
  // Mostly it is the usual socket, which is opened while the environment is looked at.
  const early = args.docker_host === undefined ? openSocket(target, defaultSocket, true) : undefined;
  early?.catch(() => {});
  const environment = early ? await dockerEnvironment(target) : {};
  const url = args.docker_host ?? environment.host ?? `unix://${defaultSocket}`;
  const isVerified = args.validate_certs || Boolean(environment.verify);
  const usesTls = isVerified || args.tls || url.startsWith('https://');
  const socket = /^(?:http\+)?unix:\/\/(.*)$/.exec(url)?.[1];
  if (socket !== undefined) {
    const path = socket.startsWith('/') ? socket : `/${socket}`;
    const isDefault = early !== undefined && path === defaultSocket;
    let first = isDefault ? early : undefined;
    if (!first) drop(early);
    const open = (): Promise<Duplex> => {
      const ready = first ?? openSocket(target, path, isDefault);
      first = undefined;
      return alive(ready);
    };
    return { name: url, open };
  }
  drop(early);
  const [, host, port] = /^(?:tcp|http|https):\/\/(\[[^\]]+\]|[^:/]+)(?::(\d+))?\/?$/.exec(url) ?? [];
  if (host === undefined) {
    throw new ModuleFailure(
      `cannot reach a Docker Engine at '${url}': docker_host is unix:///path or tcp://host:port, as seen from the target`,
    );
  }
  const address = { host: host.replace(/^\[|\]$/g, ''), port: Number(port ?? (usesTls ? 2376 : 2375)) };
  return {
    name: url,
    open: async () => {
      const stream = await explained(target.forward(address), url);
      return usesTls ? secure(stream, address.host, isVerified, args, environment.folder, target) : stream;
    },
  };
};

/** A stream that was opened early may have failed by now; whoever used it would wait for ever. */
const alive = async (opened: Promise<Duplex>): Promise<Duplex> => {
  const stream = await opened;
  if (stream.errored) throw stream.errored;
  return stream;
};

/** Gives up a stream that turned out not to be needed. */
const drop = (stream: Promise<Duplex> | undefined): void => {
  stream?.then(
    (open) => open.destroy(),
    () => {},
  );
};

interface DockerEnvironment {
  readonly host?: string | undefined;
  readonly verify?: string | undefined;
  /** Where certificates are. */
  readonly folder?: string | undefined;
}

const dockerEnvironment = async (target: Target): Promise<DockerEnvironment> => {
  const { stdout } = await target.run(
    raw(`printf '%s\\0' "\${DOCKER_HOST-}" "\${DOCKER_TLS_VERIFY-}" "\${DOCKER_CERT_PATH-}"`),
  );
  const [host, verify, folder] = stdout.toString().split('\0');
  return { host: host || undefined, verify: verify || undefined, folder: folder || undefined };
};

/**
 * A stream to the engine's socket. Where the user that logs in may not use it, the docker command of the target passes
 * the stream on, as the user that the task runs as.
 */
const openSocket = async (target: Target, path: string, isDefault: boolean): Promise<Duplex> => {
  try {
    return await target.forward({ path });
  } catch (error) {
    if (!target.open) throw unreachable(`unix://${path}`, error);
    const command = isDefault ? sh`docker system dial-stdio` : sh`docker -H ${`unix://${path}`} system dial-stdio`;
    try {
      return channelStream(await target.open(command), (said) => unreachable(`unix://${path}`, new Error(said)));
    } catch (second) {
      if (second instanceof UnreachableError) throw second;
      throw unreachable(`unix://${path}`, error);
    }
  }
};

const explained = (stream: Promise<Duplex>, url: string): Promise<Duplex> =>
  stream.catch((error: unknown) => {
    throw error instanceof UnreachableError ? error : unreachable(url, error);
  });

const unreachable = (url: string, error: unknown): ModuleFailure =>
  new ModuleFailure(
    `Error connecting: there is no Docker Engine to be reached at ${url}: ${(error as Error).message.trim()}. Is it running, and may the user of the task use it?`,
  );

/** TLS over a stream, with certificates that lie on the target. */
const secure = async (
  stream: Duplex,
  host: string,
  isVerified: boolean,
  args: DockerArguments,
  folder: string | undefined,
  target: Target,
): Promise<Duplex> => {
  const { connect } = await import('node:tls');
  const read = async (path: string | undefined, name: string): Promise<Buffer | undefined> => {
    const file = path ?? (folder === undefined ? undefined : `${folder}/${name}`);
    if (file === undefined) return undefined;
    const { stdout, stderr, code } = await target.run(sh`cat -- ${expandedWord(file)}`);
    if (code !== 0) throw new ModuleFailure(`TLS config error: ${stderr.toString().trim()}`);
    return stdout;
  };
  const [ca, cert, key] = await Promise.all([
    isVerified ? read(args.ca_cert, 'ca.pem') : undefined,
    read(args.client_cert, 'cert.pem'),
    read(args.client_key, 'key.pem'),
  ]);
  const options: ConnectionOptions = {
    socket: stream,
    host,
    servername: args.tls_hostname ?? (/^[\d.]+$|:/.test(host) ? undefined : host),
    rejectUnauthorized: isVerified,
    ca,
    cert,
    key,
  };
  return new Promise((resolve, reject) => {
    const socket = connect(options, () => resolve(socket));
    socket.once('error', (error) => reject(new ModuleFailure(`SSL Exception: ${error.message}`)));
  });
};
