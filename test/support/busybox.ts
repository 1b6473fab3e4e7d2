import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { type Channel, LocalTransport } from '../../runner/connection/index.ts';
import { openFolder, type ScratchFolder } from './scratch-folder.ts';

/** This machine as a host that has nothing but busybox: its ash as the shell, and only its applets on the PATH. */
export class BusyboxTransport extends LocalTransport {
  readonly #applets: ScratchFolder;

  constructor(applets: ScratchFolder) {
    super();
    this.#applets = applets;
  }

  /** Rejects where busybox is not installed. */
  static async open(): Promise<BusyboxTransport> {
    const applets = openFolder('muster-busybox-');
    await promisify(execFile)('busybox', ['--install', '-s', applets.path]);
    return new BusyboxTransport(applets);
  }

  override async exec(command: string): Promise<Channel> {
    const ownShell = command.replaceAll('/bin/sh', this.#applets.at('sh'));
    const child = spawn(this.#applets.at('sh'), ['-c', ownShell], {
      stdio: 'pipe',
      env: { HOME: process.env.HOME, PATH: this.#applets.path },
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
    this.#applets.remove();
  }
}
