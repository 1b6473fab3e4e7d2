import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type Channel, LocalTransport, quote, type Transport } from '../../runner/connection/index.ts';

/**
 * This machine's whole file system with every change to it thrown away at the end: an overlay in a mount namespace of its
 * own, so that tests may install and remove real packages. Needs root and overlayfs.
 */
export class OverlayTransport implements Transport {
  readonly #inside = new LocalTransport();
  readonly #keeper: ChildProcess;
  readonly #root: string;

  private constructor(keeper: ChildProcess, root: string) {
    this.#keeper = keeper;
    this.#root = root;
  }

  static async open(): Promise<OverlayTransport> {
    const keeper = spawn('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', mountScript], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [root] = (await Promise.race([
      once(createInterface(keeper.stdout!), 'line'),
      once(keeper, 'exit').then(() => {
        throw new Error('these tests need root, unshare and overlayfs');
      }),
    ])) as [string];
    return new OverlayTransport(keeper, root);
  }

  /** The words of a command that runs another one in it. */
  get within(): readonly string[] {
    return ['nsenter', '-t', String(this.#keeper.pid), '-m', 'chroot', this.#root];
  }

  exec(command: string): Promise<Channel> {
    return this.#inside.exec(`exec ${this.within.map(quote).join(' ')} /bin/sh -c ${quote(`cd; ${command}`)}`);
  }

  forward(to: { path: string } | { host: string; port: number }): ReturnType<Transport['forward']> {
    return this.#inside.forward(to);
  }

  async close(): Promise<void> {
    await this.#inside.close();
    const ended = once(this.#keeper, 'exit');
    this.#keeper.stdin!.end();
    await ended;
  }
}

// The directory on the machine itself is only the place where the overlay is mounted; it stays empty.
const mountScript = `set -e
d=$(mktemp -d /tmp/muster-overlay.XXXXXX)
mount -t tmpfs tmpfs "$d"
mkdir "$d/upper" "$d/work" "$d/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$d/upper,workdir=$d/work" "$d/root"
mount --rbind /proc "$d/root/proc"
mount --rbind /dev "$d/root/dev"
echo "$d/root"
read -r _ || :
umount -R "$d" 2>/dev/null || umount -l "$d"
rmdir "$d"`;
