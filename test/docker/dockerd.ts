import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { isRoot } from '../support/sshd.ts';

const execute = promisify(execFile);

const find = (name: string): string | undefined =>
  ['/usr/sbin', '/usr/bin', '/usr/local/bin', '/bin'].map((folder) => join(folder, name)).find(existsSync);

/** What there is not, of what an engine needs. */
export const lackingForDocker = (): string[] => [
  ...(isRoot ? [] : ['root']),
  ...['dockerd', 'docker', 'containerd', 'runc', 'busybox', 'unshare', 'ip'].filter((name) => !find(name)),
];

/** The registry that an engine finds beside it. */
export const registry = { port: 5000, user: 'keeper', password: 'registrypass9' } as const;

/** A Docker Engine for one test: in namespaces of its own, whose end is the end of all of its containers. */
export interface Dockerd {
  readonly folder: string;
  readonly socket: string;
  /** Runs the docker command on it. */
  docker(...args: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

/** Starts an engine, with a registry at a port of its own loopback. */
export const startDockerd = async (): Promise<Dockerd> => {
  const folder = await mkdtemp(join(tmpdir(), 'muster-dockerd-'));
  const socket = join(folder, 'socket');
  const log = join(folder, 'log');
  const registryCommand = [
    process.execPath,
    ...['--import', import.meta.resolve('tsx')],
    join(import.meta.dirname, 'registry.ts'),
    ...[String(registry.port), registry.user, registry.password],
  ];
  const command = [
    find('dockerd')!,
    ...['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec'), '--pidfile', join(folder, 'pid')],
    ...['--host', `unix://${socket}`, '--storage-driver', 'vfs'],
    ...['--bridge=none', '--iptables=false', '--ip-masq=false', '--ip6tables=false'],
  ];
  const script = 'exec >"$1" 2>&1; ip link set lo up; shift; "$1" "$2" "$3" "$4" "$5" "$6" "$7" & shift 7; exec "$@"';
  const engine = spawn(
    'unshare',
    [
      ...['--net', '--mount', '--pid', '--fork', '--mount-proc', '--kill-child'],
      ...['sh', '-c', script, 'sh', log, ...registryCommand, ...command],
    ],
    { stdio: 'ignore' },
  );
  const ended = once(engine, 'exit');
  const docker = async (...args: readonly string[]): Promise<string> => {
    const { stdout } = await execute(find('docker')!, ['--host', `unix://${socket}`, ...args], { timeout: 60_000 });
    return stdout;
  };
  const close = async (): Promise<void> => {
    engine.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
  for (let attempt = 0; ; attempt++) {
    const said = await readFile(log, 'utf8').catch(() => '');
    const answer = said.includes('the registry listens') && (await docker('version').catch(() => undefined));
    if (answer) break;
    if (attempt === 300 || engine.exitCode !== null) {
      await close();
      throw new Error(`dockerd does not start: ${said}`);
    }
    await sleep(100);
  }
  return { folder, socket, docker, close };
};

const tools = ['sh', 'sleep', 'cat', 'echo', 'env', 'id', 'ls', 'true', 'false', 'pwd', 'printf', 'kill', 'trap'];

/** Makes a folder with an image as files: busybox, and a program that ends when it is told to. */
export const makeImageTree = async (folder: string): Promise<string> => {
  const root = join(folder, 'root');
  await mkdir(join(root, 'bin'), { recursive: true });
  await mkdir(join(root, 'etc'));
  await mkdir(join(root, 'tmp'));
  const busybox = find('busybox')!;
  await cp(busybox, join(root, 'bin/busybox'), { dereference: true });
  const { stdout } = await execute('ldd', [busybox]).catch(() => ({ stdout: '' }));
  for (const [path] of stdout.matchAll(/\/[^\s()]+\.so[^\s()]*/g)) {
    await mkdir(join(root, dirname(path)), { recursive: true });
    await cp(path, join(root, path), { dereference: true });
  }
  for (const tool of tools) await symlink('busybox', join(root, 'bin', tool));
  await writeFile(join(root, 'etc/passwd'), 'root:x:0:0:root:/:/bin/sh\napp:x:1000:1000::/tmp:/bin/sh\n');
  await writeFile(join(root, 'etc/group'), 'root:x:0:\napp:x:1000:\n');
  const serve = `#!/bin/sh\ntrap 'exit 0' TERM\necho serving "$@"\nwhile :; do sleep 1 & wait; done\n`;
  await writeFile(join(root, 'bin/serve'), serve, { mode: 0o755 });
  const archive = join(folder, 'root.tar');
  await execute('tar', ['-C', root, '--owner=0', '--group=0', '-cf', archive, '.']);
  return archive;
};
