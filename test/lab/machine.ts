import { spawn } from 'node:child_process';
import { existsSync, openSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type HostRecord, isRunning, startOf } from './record.ts';
import { attempt, run } from './run.ts';

const rootOf = (host: HostRecord): string => join(host.directory, 'root');

/** A machine that runs systemd gives its containers scopes; elsewhere they get cgroups made by hand. */
export const hasSystemd = (): boolean => existsSync('/run/systemd/system');

/** The cgroups for a host, where the machine does not run systemd itself. Without their own, two hosts would share one. */
export const cgroupsFor = (name: string): string[] => {
  if (hasSystemd()) return [];
  const hierarchies = ['/sys/fs/cgroup/systemd', '/sys/fs/cgroup/unified'].filter((path) => existsSync(path));
  const all = hierarchies.length === 0 && existsSync('/sys/fs/cgroup/cgroup.procs') ? ['/sys/fs/cgroup'] : hierarchies;
  return all.map((path) => join(path, name));
};

/** Lays the host's own files over the base system. */
export const mountRoot = async (host: HostRecord, base: string): Promise<void> => {
  const { upper, work } = layersOf(host);
  const root = rootOf(host);
  await Promise.all([upper, work, root].map((path) => mkdir(path, { recursive: true })));
  await run('mount', ['-t', 'overlay', 'overlay', '-o', `lowerdir=${base},upperdir=${upper},workdir=${work}`, root]);
};

const layersOf = (host: HostRecord): { upper: string; work: string } => ({
  upper: join(host.directory, 'upper'),
  work: join(host.directory, 'work'),
});

/** Writes files into a host that does not run yet. */
export const writeFiles = async (host: HostRecord, files: Readonly<Record<string, string>>): Promise<void> => {
  for (const [path, content] of Object.entries(files)) {
    const file = join(rootOf(host), path);
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, content, { mode: path.endsWith('_key') ? 0o600 : 0o644 });
  }
};

/** Boots a host. Its process is recorded in `host`; the caller saves that. */
export const startMachine = (host: HostRecord): void => {
  const nspawn = [
    'systemd-nspawn',
    '--quiet',
    `--directory=${rootOf(host)}`,
    `--machine=${host.name}`,
    '--boot',
    '--register=no',
    '--keep-unit',
    `--network-namespace-path=/run/netns/${host.namespace}`,
    '--capability=CAP_NET_ADMIN',
    '--resolv-conf=off',
    '--timezone=off',
    '--link-journal=no',
    '--console=pipe',
    ...(host.shared ?? []).map((path) => `--bind-ro=${path}`),
  ];
  const scope =
    host.scope === undefined ? [] : ['systemd-run', '--scope', '--collect', '--quiet', `--unit=${host.scope}`];
  const log = openSync(join(host.directory, 'console.log'), 'a');
  // It ends with 133 when the host reboots itself.
  const enter = `for group in $GROUPS_TO_JOIN; do mkdir -p "$group" && echo $$ >"$group/cgroup.procs" || exit 1; done
while :; do "$@"; code=$?; [ "$code" = 133 ] || exit "$code"; done`;
  const child = spawn('sh', ['-c', enter, 'sh', ...scope, ...nspawn], {
    detached: true,
    stdio: ['ignore', log, log],
    env: { PATH: process.env.PATH, GROUPS_TO_JOIN: host.cgroups.join(' '), SYSTEMD_NSPAWN_TMPFS_TMP: '0' },
  });
  child.on('error', () => {});
  child.unref();
  if (child.pid === undefined) throw new Error('the lab cannot start systemd-nspawn; see test/lab/README.md');
  host.process = { pid: child.pid, started: startOf(child.pid) ?? '' };
};

/** Switches a host off as if its power was cut, and waits until it is gone. */
export const stopMachine = async (host: HostRecord): Promise<void> => {
  if (host.scope !== undefined) await attempt('systemctl', ['kill', '--signal=KILL', `${host.scope}.scope`]);
  for (let tries = 0; tries < 100; tries++) {
    const alive = await processesOf(host);
    if (alive.length === 0) break;
    for (const pid of alive) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It went by itself.
      }
    }
    await sleep(20);
  }
  host.process = undefined;
};

/** Sends a signal to everything that runs on a host. */
export const signalMachine = async (host: HostRecord, signal: NodeJS.Signals): Promise<void> => {
  for (const pid of await processesOf(host)) {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended by itself.
    }
  }
};

/** The container's first process, whose end is that of all others, then its supervisor and whatever else is in its cgroups. */
const processesOf = async (host: HostRecord): Promise<number[]> => {
  const found = new Set<number>();
  if (host.process && isRunning(host.process)) {
    for (const supervisor of await childrenOf(host.process.pid)) {
      for (const child of await childrenOf(supervisor)) found.add(child);
      found.add(supervisor);
    }
    found.add(host.process.pid);
  }
  for (const group of host.cgroups) for (const pid of await pidsIn(group)) found.add(pid);
  found.delete(process.pid);
  return [...found];
};

const childrenOf = async (pid: number): Promise<number[]> => {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'latin1').catch(() => '');
  return children
    .split(' ')
    .filter((child) => child !== '')
    .map(Number);
};

const pidsIn = async (group: string): Promise<number[]> => {
  const entries = await readdir(group, { withFileTypes: true }).catch(() => []);
  const below = await Promise.all(
    entries.filter((entry) => entry.isDirectory()).map((entry) => pidsIn(join(group, entry.name))),
  );
  const own = await readFile(join(group, 'cgroup.procs'), 'latin1').catch(() => '');
  return [
    ...own
      .split('\n')
      .filter((line) => line !== '')
      .map(Number),
    ...below.flat(),
  ];
};

/** Takes a stopped host's files away, all but what lies outside of its layers. */
export const removeRoot = async (host: HostRecord): Promise<void> => {
  const root = rootOf(host);
  for (let tries = 0; tries < 50 && (await isMounted(root)); tries++) {
    if ((await attempt('umount', [root])) === undefined) await sleep(50);
  }
  if (await isMounted(root)) throw new Error(`cannot unmount ${root}`);
  const { upper, work } = layersOf(host);
  await Promise.all([upper, work].map((path) => rm(path, { recursive: true, force: true })));
};

const isMounted = async (path: string): Promise<boolean> =>
  (await readFile('/proc/self/mounts', 'utf8')).split('\n').some((line) => line.split(' ')[1] === path);

/** Removes a stopped host's cgroups, the inner ones first. */
export const removeCgroups = async (groups: readonly string[]): Promise<void> => {
  for (const group of groups) {
    const entries = await readdir(group, { withFileTypes: true }).catch(() => []);
    await removeCgroups(entries.filter((entry) => entry.isDirectory()).map((entry) => join(group, entry.name)));
    await rmdir(group).catch(() => {});
  }
};
