import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import type { Channel, Transport } from './transport.ts';

/** This machine as a host, with no connection in between. */
export class LocalTransport implements Transport {
  readonly #channels = new Set<Channel>();

  async exec(command: string): Promise<Channel> {
    const child = spawn('/bin/sh', ['-c', command], { stdio: 'pipe' });
    const channel: Channel = {
      stdin: child.stdin,
      stdout: child.stdout,
      stderr: child.stderr,
      ended: new Promise((resolve, reject) => {
        child.on('error', reject);
        child.on('close', (code, signal) => resolve({ code, signal }));
      }),
      kill: () => void child.kill(),
    };
    this.#channels.add(channel);
    channel.ended.then(
      () => this.#channels.delete(channel),
      () => this.#channels.delete(channel),
    );
    return channel;
  }

  async forward(to: { path: string } | { host: string; port: number }): Promise<import('node:net').Socket> {
    const socket = connect(to as { path: string });
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return socket;
  }

  async close(): Promise<void> {
    for (const channel of this.#channels) channel.kill();
  }
}
