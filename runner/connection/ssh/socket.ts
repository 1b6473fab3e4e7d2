import { spawn } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { UnreachableError } from '../../errors/index.ts';
import type { SshSettings } from './settings.ts';

/** A byte stream to an ssh server. `said` gives what a proxy command wrote to its error output. */
export interface ServerSocket {
  readonly stream: Duplex;
  readonly said: () => Promise<string>;
}

/** Connects by TCP. Rejects with UnreachableError. */
export const connectTcp = async (settings: SshSettings): Promise<ServerSocket> => {
  const { hostName, port, family, bindAddress, timeoutMs } = settings;
  const host = family === undefined ? hostName : await resolveName(hostName, family);
  const socket = connect({ host, port, localAddress: bindAddress, noDelay: true });
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new UnreachableError(`cannot connect to ${hostName} port ${port}: timed out after ${timeoutMs / 1000} s`));
    }, timeoutMs);
    socket.once('connect', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(connectError(settings, error));
    });
  });
  return { stream: gathering(socket), said: async () => '' };
};

/** What is written in one turn leaves together: packets come in several pieces, and requests follow each other. */
const gathering = (socket: Socket): Socket => {
  const write = socket.write.bind(socket) as (chunk: Uint8Array) => boolean;
  let isCorked = false;
  return Object.assign(socket, {
    write: (chunk: Uint8Array): boolean => {
      if (!isCorked) {
        isCorked = true;
        socket.cork();
        process.nextTick(() => {
          isCorked = false;
          socket.uncork();
        });
      }
      return write(chunk);
    },
  });
};

const resolveName = async (name: string, family: 4 | 6): Promise<string> => {
  try {
    return (await lookup(name, { family })).address;
  } catch (error) {
    throw new UnreachableError(`cannot find an IPv${family} address of ${name}`, { cause: error });
  }
};

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset by the host',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network is unreachable',
  ETIMEDOUT: 'connection timed out',
  EACCES: 'permission denied by this machine',
};

const connectError = ({ hostName, port }: SshSettings, error: NodeJS.ErrnoException): UnreachableError => {
  if (error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN') {
    return new UnreachableError(
      {
        message: `cannot resolve the name ${hostName}${error.code === 'EAI_AGAIN' ? ' (temporary failure of name resolution)' : ''}`,
        hint: 'set ansible_host to an address, or mend the name',
      },
      { cause: error },
    );
  }
  // With several addresses the first one's error tells the most.
  const first = error instanceof AggregateError ? (error.errors[0] as NodeJS.ErrnoException) : error;
  const reason = reasons[first.code ?? ''] ?? first.message;
  return new UnreachableError(
    {
      message: `cannot connect to ${hostName} port ${port}: ${reason}`,
      hint: 'is the host up, and sshd running there? ansible_host and ansible_port say where it is looked for',
    },
    { cause: error },
  );
};

const lastWordsMs = 300;

/** Runs a ProxyCommand; its standard streams are the connection. */
export const connectCommand = (command: string): ServerSocket => {
  const child = spawn('/bin/sh', ['-c', `exec ${command}`], { stdio: 'pipe' });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2000);
  });
  child.stdin.on('error', () => {});
  const stream = Duplex.from({ readable: child.stdout, writable: child.stdin });
  stream.once('close', () => child.kill());
  const ended = once(child, 'close');
  return {
    stream,
    said: async () => {
      // A command that failed may not have told yet why.
      await Promise.race([ended, sleep(lastWordsMs, undefined, { ref: false })]);
      return said.trim();
    },
  };
};
