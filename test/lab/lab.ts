import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { busyboxBase } from './busybox-base.ts';
import { debianBase } from './debian-base.ts';
import { inventoryText } from './inventory-text.ts';
import { withLock } from './lock.ts';
import {
  cgroupsFor,
  hasSystemd,
  mountRoot,
  removeCgroups,
  removeRoot,
  signalMachine,
  startMachine,
  stopMachine,
  writeFiles,
} from './machine.ts';
import { managersLayer } from './managers-layer.ts';
import {
  bridgeName,
  clearLoopback,
  freeSubnet,
  makeBridge,
  makeNamespace,
  plug,
  removeBridge,
  removeNamespace,
} from './network.ts';
import { labDirectory, stateDirectory } from './places.ts';
import { type HostKind, type HostRecord, isRunning, type LabRecord, readRecord, writeRecord } from './record.ts';
import { run } from './run.ts';

export interface LabOptions {
  readonly hosts: number;
  /** `debian`: systemd, sshd, python3, apt. `managers`: the same with dnf, zypper and pacman. `busybox`: busybox and sshd, nothing else. */
  readonly kind?: HostKind;
  /** What it is called, so that another process finds it; a random name when not given. */
  readonly name?: string;
  /** Files and directories of this machine that hosts see in the same place, without being able to write there. */
  readonly shared?: readonly string[];
  readonly tell?: (text: string) => void;
}

export interface LabHost {
  readonly name: string;
  readonly address: string;
  /** Of its sshd, where that is not 22. */
  readonly port?: number;
}

export interface Output {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** Throw-away hosts, each with a file system, an init and an sshd of its own. */
export interface Lab {
  readonly name: string;
  readonly directory: string;
  readonly hosts: readonly LabHost[];
  /** An inventory file, for muster and ansible-playbook alike. */
  readonly inventory: string;
  /** The private key that logs in as root, deploy (sudo without a password) and asked (sudo with the password `asked`). */
  readonly key: string;
  readonly knownHosts: string;
  /** Runs a command line on a host as root, by ssh. */
  exec(host: string, command: string): Promise<Output>;
  /** Puts hosts back to how they were at first: those of these names, or all. Takes about three seconds. */
  freshen(...hosts: string[]): Promise<void>;
  /** Switches a host off without warning, and on again with its disk kept. */
  powerOff(host: string): Promise<void>;
  powerOn(host: string): Promise<void>;
  /** Stops all processes of a host where they are, and lets them go on. */
  freeze(host: string): Promise<void> | void;
  thaw(host: string): Promise<void> | void;
  close(): Promise<void>;
}

/** Makes a lab and waits until its hosts can be logged in to. Needs root, and the tools that README.md names. */
export const openLab = async (options: LabOptions): Promise<Lab> => {
  const { hosts: count, kind = 'debian', shared = [], tell = () => {} } = options;
  const name = options.name ?? `lab-${randomBytes(4).toString('hex')}`;
  checkMachine(name, count);
  if (readRecord(name))
    throw new Error(`there is a lab '${name}' already; remove it: npm run lab -- down --name ${name}`);
  const base = await bases[kind](tell);
  const record = await withLock(join(stateDirectory(), '.lock'), async () => {
    const made: LabRecord = { name, kind, base, bridge: bridgeName(name), subnet: await freeSubnet(), hosts: [] };
    writeRecord(made);
    await makeBridge(made.bridge, made.subnet);
    return made;
  });
  try {
    await makeKey(name);
    for (let index = 1; index <= count; index++) {
      const host = hostRecord(record, index, shared);
      record.hosts.push(host);
      writeRecord(record);
      await makeNamespace(host.namespace, host.link, record.bridge, host.address);
      await boot(record, host);
    }
    await writeHostFiles(record);
    await Promise.all(record.hosts.map((host) => ready(record, host)));
    return labOf(record);
  } catch (error) {
    await removeLab(name);
    throw error;
  }
};

/** The lab of this name that another process made; undefined when there is none. */
export const findLab = (name: string): Lab | undefined => {
  const record = readRecord(name);
  return record && labOf(record);
};

/** Removes everything that was made for a lab; what is gone already is no matter. */
export const removeLab = async (name: string): Promise<void> => {
  const record = readRecord(name);
  if (!record) return;
  await Promise.all(
    record.hosts.map(async (host) => {
      await stopMachine(host);
      await removeRoot(host);
      await removeNamespace(host.namespace, host.link);
      await removeCgroups(host.cgroups);
    }),
  );
  await removeBridge(record.bridge);
  await rm(labDirectory(name), { recursive: true, force: true });
};

/** Whether each host of a lab runs. */
export const labStatus = (name: string): { host: LabHost; isRunning: boolean }[] =>
  readRecord(name)?.hosts.map((host) => ({ host, isRunning: isRunning(host.process) })) ?? [];

/** The root of each kind of host, as overlayfs takes it: directories, the upper one first. */
const bases: Readonly<Record<HostKind, (tell: (text: string) => void) => Promise<string>>> = {
  debian: debianBase,
  busybox: busyboxBase,
  managers: async (tell) => `${await managersLayer(tell)}:${await debianBase(tell)}`,
};

const checkMachine = (name: string, count: number): void => {
  if (userInfo().uid !== 0) throw new Error('the lab needs root; without it, test/lab/embedded serves hosts of a kind');
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(name))
    throw new Error(`'${name}' is no name for a lab: use small letters, digits and -`);
  if (!Number.isInteger(count) || count < 1 || count > 200) throw new Error('a lab has between 1 and 200 hosts');
};

const hostRecord = (record: LabRecord, index: number, shared: readonly string[]): HostRecord => {
  const name = `${record.kind === 'busybox' ? 'box' : 'web'}${index}`;
  const unit = `muster-lab-${record.name}-${name}`;
  return {
    name,
    address: `${record.subnet}.${10 + index}`,
    directory: join(labDirectory(record.name), name),
    namespace: unit,
    link: `${record.bridge}.${index}`,
    cgroups: cgroupsFor(unit),
    scope: hasSystemd() ? unit : undefined,
    process: undefined,
    shared,
  };
};

const keyOf = (name: string): string => join(labDirectory(name), 'key');

const makeKey = async (name: string): Promise<void> => {
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', `lab ${name}`, '-f', keyOf(name)]);
};

const boot = async (record: LabRecord, host: HostRecord): Promise<void> => {
  await mountRoot(host, record.base);
  const hostKey = join(host.directory, 'host_key');
  if (!existsSync(hostKey)) await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', host.name, '-f', hostKey]);
  const identity = createHash('sha256').update(`${record.name} ${host.name}`).digest('hex').slice(0, 32);
  await writeFiles(host, {
    'etc/hostname': `${host.name}\n`,
    'etc/hosts': `127.0.0.1 localhost\n::1 localhost\n${host.address} ${host.name}.lab.test ${host.name}\n`,
    'etc/machine-id': `${identity}\n`,
    'etc/ssh/lab_keys': await readFile(`${keyOf(record.name)}.pub`, 'utf8'),
    'etc/ssh/ssh_host_ed25519_key': await readFile(hostKey, 'utf8'),
    'etc/ssh/ssh_host_ed25519_key.pub': await readFile(`${hostKey}.pub`, 'utf8'),
  });
  startMachine(host);
  writeRecord(record);
};

const writeHostFiles = async (record: LabRecord): Promise<void> => {
  const directory = labDirectory(record.name);
  const keys = await Promise.all(
    record.hosts.map(async (host) => {
      const [type, key] = (await readFile(join(host.directory, 'host_key.pub'), 'utf8')).split(' ');
      return `${host.address} ${type} ${key}\n`;
    }),
  );
  await writeFile(join(directory, 'known_hosts'), keys.join(''));
  await writeFile(join(directory, 'inventory.ini'), inventoryText(record, directory));
};

const bootMs = 60_000;

/** Waits until a host has booted: sshd answers, and systemd, where there is one, has nothing left to start. */
const ready = async (record: LabRecord, host: HostRecord): Promise<void> => {
  const end = Date.now() + bootMs;
  const fail = async (what: string): Promise<never> => {
    const log = await readFile(join(host.directory, 'console.log'), 'utf8').catch(() => '');
    throw new Error(`${host.name} ${what}:\n${log.split('\n').slice(-20).join('\n')}`);
  };
  while (!(await answers(host.address))) {
    if (!isRunning(host.process)) await fail('stopped while it booted');
    if (Date.now() > end) await fail('does not boot');
    await sleep(50);
  }
  if (record.kind === 'busybox') return;
  const { stdout, code } = await execOn(record, host, 'systemctl is-system-running --wait');
  if (code !== 0 && stdout.trim() !== 'degraded') await fail(`did not boot well (${stdout.trim()})`);
};

const answers = (address: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: address, port: 22, timeout: 1000 });
    const settle = (isThere: boolean): void => {
      socket.destroy();
      resolve(isThere);
    };
    // The greeting counts, not the open port.
    socket.once('data', () => settle(true));
    socket.once('error', () => settle(false));
    socket.once('timeout', () => settle(false));
    socket.once('close', () => settle(false));
  });

const execOn = (record: LabRecord, host: HostRecord, command: string): Promise<Output> => {
  const directory = labDirectory(record.name);
  const args = [
    '-F',
    'none',
    '-q',
    '-i',
    keyOf(record.name),
    '-o',
    `UserKnownHostsFile=${join(directory, 'known_hosts')}`,
  ];
  return new Promise((resolve) => {
    execFile(
      'ssh',
      [...args, '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=3', `root@${host.address}`, command],
      (error, stdout, stderr) => {
        resolve({ stdout, stderr, code: error ? Number(error.code ?? 255) : 0 });
      },
    );
  });
};

const labOf = (record: LabRecord): Lab => {
  const directory = labDirectory(record.name);
  const find = (name: string): HostRecord => {
    const host = record.hosts.find((candidate) => candidate.name === name);
    if (!host) throw new Error(`lab '${record.name}' has no host '${name}'`);
    return host;
  };
  return {
    name: record.name,
    directory,
    hosts: record.hosts.map(({ name, address }) => ({ name, address })),
    inventory: join(directory, 'inventory.ini'),
    key: keyOf(record.name),
    knownHosts: join(directory, 'known_hosts'),
    exec: (host, command) => execOn(record, find(host), command),
    freshen: async (...names) => {
      const chosen = names.length === 0 ? record.hosts : names.map(find);
      await Promise.all(
        chosen.map(async (host) => {
          await stopMachine(host);
          await removeRoot(host);
          await clearLoopback(host.namespace);
          await plug(host.link, true);
          await boot(record, host);
          await ready(record, host);
        }),
      );
    },
    powerOff: async (name) => {
      // A host that dies with its network would still say goodbye.
      await plug(find(name).link, false);
      await stopMachine(find(name));
      await clearLoopback(find(name).namespace);
      writeRecord(record);
    },
    powerOn: async (name) => {
      await plug(find(name).link, true);
      startMachine(find(name));
      writeRecord(record);
      await ready(record, find(name));
    },
    freeze: (name) => signalMachine(find(name), 'SIGSTOP'),
    thaw: (name) => signalMachine(find(name), 'SIGCONT'),
    close: () => removeLab(record.name),
  };
};
