import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import type { Duplex } from 'node:stream';
import { MusterError } from '../errors/index.ts';
import { type Channel, type SocketAddress, settleEnd, type Transport } from './transport.ts';

export interface LocalOptions {
  /** What interprets command lines. */
  readonly shell?: string;
  /** Variables for all commands; this process's own when not given. */
  readonly environment?: NodeJS.ProcessEnv;
  readonly directory?: string;
}

/** This machine as a host, with no connection in between. */
export class LocalTransport implements Transport {
  readonly user = userInfo().username;
  readonly #channels = new Set<Channel>();
  readonly #options: LocalOptions;

  constructor(options: LocalOptions = {}) {
    this.#options = options;
  }

  async exec(command: string): Promise<Channel> {
    const { shell = '/bin/sh', environment, directory } = this.#options;
    // In a process group of its own, so that Ctrl-C at the terminal reaches muster alone, which then decides.
    const child = spawn(shell, ['-c', command], { stdio: 'pipe', env: environment, cwd: directory, detached: true });
    child.stdin.on('error', () => {});
    const exited = new Promise<{ code: number | null; signal: string | null }>((resolve, reject) => {
      child.on('exit', (code, signal) => resolve({ code, signal }));
      child.on('error', (error) =>
        reject(new MusterError(`cannot start ${shell}: ${error.message}`, { cause: error })),
      );
    });
    const channel: Channel = {
      stdin: child.stdin,
      stdout: child.stdout,
      stderr: child.stderr,
      ended: settleEnd({ exited, closed: once(child, 'close') }),
      kill: () => void child.kill(),
    };
    this.#channels.add(channel);
    const forget = (): void => void this.#channels.delete(channel);
    channel.ended.then(forget, forget);
    return channel;
  }

  async forward(to: SocketAddress): Promise<Duplex> {
    const socket = 'path' in to ? connect(to.path) : connect(to.port, to.host);
    await once(socket, 'connect');
    return socket;
  }

  async close(): Promise<void> {
    for (const channel of this.#channels) channel.kill();
  }
}
