import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Channel, LocalTransport } from '../../runner/connection/index.ts';

/** This machine as a host that has nothing but busybox: its ash as the shell, and only its applets on the PATH. */
export class BusyboxTransport extends LocalTransport {
  readonly #applets: string;

  constructor(applets: string) {
    super();
    this.#applets = applets;
  }

  /** Rejects where busybox is not installed. */
  static async open(): Promise<BusyboxTransport> {
    const applets = await mkdtemp(join(tmpdir(), 'muster-busybox-'));
    await promisify(execFile)('busybox', ['--install', '-s', applets]);
    return new BusyboxTransport(applets);
  }

  override async exec(command: string): Promise<Channel> {
    const ownShell = command.replaceAll('/bin/sh', join(this.#applets, 'sh'));
    const child = spawn(join(this.#applets, 'sh'), ['-c', ownShell], {
      stdio: 'pipe',
      env: { HOME: process.env.HOME, PATH: this.#applets },
    });
    return {
      stdin: child.stdin,
      stdout: child.stdout,
      stderr: child.stderr,
      ended: new Promise((resolve, reject) => {
        child.on('error', reject);
        child.on('close', (code, signal) => resolve({ code, signal }));
      }),
      kill: () => void child.kill(),
    };
  }

  override async close(): Promise<void> {
    await super.close();
    await rm(this.#applets, { recursive: true, force: true });
  }
}
