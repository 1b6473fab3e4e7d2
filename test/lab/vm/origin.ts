import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from '../lock.ts';
import { cacheDirectory } from '../places.ts';
import type { ProcessRecord } from '../record.ts';
import { run } from '../run.ts';
import { type Accelerator, findAccelerator } from './accelerator.ts';
import { vmImage } from './image.ts';
import { ownPart } from './initrd.ts';
import { keepState, makeDisks, startVm, stopVm } from './machine.ts';
import { freeTcpPort, freeUdpPort } from './ports.ts';
import type { VmRecord } from './record.ts';
import { execOnVm, waitForShell } from './shell.ts';

/** Two machines that were booted once, and whose state then was kept. */
export interface Origin {
  readonly directory: string;
  readonly image: string;
  readonly accelerator: Accelerator;
}

export const originNames = ['vm1', 'vm2'] as const;

export const addressOf = (name: string): string => `10.214.0.${name.slice(2)}`;
export const keyIn = (origin: string): string => join(origin, 'key');
const hostKeyIn = (origin: string, name: string): string => join(origin, name, 'host_key.pub');
export const initrdIn = (origin: string, name: string): string => join(origin, name, 'initrd');
export const stateIn = (origin: string, name: string): string => join(origin, name, 'state');
export const rootIn = (origin: string, name: string): string => join(origin, name, 'vda.img');

/** Counts up when the way machines are started changes. */
const version = 2;

/** Boots the two machines from which all others go on, and keeps them in the cache: once, in about a minute. */
export const vmOrigin = async (tell: (text: string) => void): Promise<Origin> => {
  const image = await vmImage(tell);
  const accelerator = await findAccelerator(image);
  // A state fits only the program and the processor that it was made with.
  const qemu = await run('qemu-system-x86_64', ['--version']);
  const processor = /^(model name|flags)\s*:.*$/gm;
  const fits = accelerator.includes('kvm')
    ? (await readFile('/proc/cpuinfo', 'utf8')).match(processor)?.slice(0, 2)
    : [];
  const text = JSON.stringify([version, image, accelerator, qemu, fits]);
  const path = join(cacheDirectory(), `vm-pair-${createHash('sha256').update(text).digest('hex').slice(0, 12)}`);
  const origin: Origin = { directory: path, image, accelerator };
  return withLock(`${path}.lock`, async () => {
    if (existsSync(path)) return origin;
    tell(`booting two virtual machines, whose state is kept in ${path}: this takes about a minute, once`);
    const unfinished = `${path}.unfinished`;
    await clear(unfinished);
    await mkdir(unfinished, { recursive: true });
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'lab', '-f', keyIn(unfinished)]);
    const cable = [await freeUdpPort(), await freeUdpPort()] as const;
    await Promise.all([
      bootOnce(origin, unfinished, 'vm1', cable),
      bootOnce(origin, unfinished, 'vm2', [cable[1], cable[0]]),
    ]);
    await rename(unfinished, path);
    return origin;
  });
};

const processFile = (folder: string, name: string): string => join(folder, name, 'process.json');

/** Removes what an interrupted attempt left, its machines too. */
const clear = async (unfinished: string): Promise<void> => {
  for (const name of originNames) {
    const text = await readFile(processFile(unfinished, name), 'utf8').catch(() => undefined);
    if (text !== undefined) await stopVm({ process: JSON.parse(text) as ProcessRecord });
  }
  await rm(unfinished, { recursive: true, force: true });
};

const bootOnce = async (
  { image, accelerator }: Origin,
  folder: string,
  name: string,
  cable: readonly [number, number],
): Promise<void> => {
  const vm: VmRecord = {
    name,
    address: addressOf(name),
    directory: join(folder, name),
    port: await freeTcpPort(),
    process: undefined,
  };
  await mkdir(vm.directory);
  const hostKey = join(vm.directory, 'host_key');
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', hostKey]);
  const initrd = initrdIn(folder, name);
  await writeFile(initrd, Buffer.concat([await readFile(join(image, 'initrd')), await ownFiles(vm, folder)]));
  const knownHosts = join(vm.directory, 'known_hosts');
  await writeFile(knownHosts, await knownHostsLine(vm, folder));
  await makeDisks(vm, join(image, 'disk.img'), 'raw');
  try {
    await startVm(vm, { image, accelerator, cable, initrd });
    await writeFile(processFile(folder, name), JSON.stringify(vm.process));
    const login = { key: keyIn(folder), knownHosts };
    await waitForShell(vm, login);
    await execOnVm(vm, login, 'sync');
    await keepState(vm, stateIn(folder, name));
  } finally {
    await stopVm(vm);
  }
};

const ownFiles = async (vm: VmRecord, folder: string): Promise<Buffer> => {
  const hosts = originNames.map((name) => `${addressOf(name)} ${name}.lab.test ${name}\n`).join('');
  const files = {
    'etc/hostname': `${vm.name}\n`,
    'etc/hosts': `127.0.0.1 localhost\n::1 localhost\n${hosts}`,
    'etc/machine-id': `${createHash('sha256').update(vm.name).digest('hex').slice(0, 32)}\n`,
    'etc/ssh/lab_keys': await readFile(`${keyIn(folder)}.pub`, 'utf8'),
    'etc/ssh/ssh_host_ed25519_key': await readFile(join(vm.directory, 'host_key'), 'utf8'),
    'etc/ssh/ssh_host_ed25519_key.pub': await readFile(hostKeyIn(folder, vm.name), 'utf8'),
  };
  return ownPart(files, ['eth0 10.0.2.15/24 10.0.2.2', `eth1 ${vm.address}/24`]);
};

/** The line of known_hosts for a machine's port. */
export const knownHostsLine = async (vm: VmRecord, origin: string): Promise<string> => {
  const [type, key] = (await readFile(hostKeyIn(origin, vm.name), 'utf8')).split(' ');
  return `[127.0.0.1]:${vm.port} ${type} ${key}\n`;
};
