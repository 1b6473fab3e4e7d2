import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Lab, LabHost, Output } from '../lab.ts';
import { labDirectory } from '../places.ts';
import { isRunning } from '../record.ts';
import { lastWords, makeDisks, plugCable, signal, startVm, stopVm } from './machine.ts';
import { addressOf, initrdIn, keyIn, knownHostsLine, originNames, rootIn, stateIn, vmOrigin } from './origin.ts';
import { freeTcpPort, freeUdpPort } from './ports.ts';
import { readVms, type VmRecord, type VmsRecord, writeVms } from './record.ts';
import { dropConnection, execOnVm, type Login, waitForShell } from './shell.ts';

export interface VmsOptions {
  /** One or two machines, vm1 and vm2. */
  readonly hosts?: 1 | 2;
  readonly name?: string;
  readonly tell?: (text: string) => void;
}

/** Throw-away virtual machines: what a lab has, and what only a machine with a kernel and disks of its own can do. */
export interface Vms extends Lab {
  /** As a lab's, with a limit of time: its code is 255 when that is over. */
  exec(host: string, command: string, limitMs?: number): Promise<Output>;
  /** Stops a machine's processor, and lets it go on. */
  freeze(host: string): void;
  thaw(host: string): void;
  /** Pulls out the cable of the private network, and puts it in again. */
  cut(): Promise<void>;
  restore(): Promise<void>;
  /** The end of what a machine said on its console. */
  console(host: string): Promise<string>;
}

/** Makes virtual machines that go on from a kept state, in a few seconds. The very first take some minutes to make that. */
export const openVms = async (options: VmsOptions = {}): Promise<Vms> => {
  const { hosts = 2, tell = () => {} } = options;
  const name = options.name ?? `vms-${randomBytes(4).toString('hex')}`;
  if (userInfo().uid !== 0) throw new Error('virtual machines of the lab need root, who makes their disks');
  if (readVms(name)) throw new Error(`there is a lab '${name}' already; remove it: npm run lab -- down --name ${name}`);
  const origin = await vmOrigin(tell);
  const record: VmsRecord = {
    name,
    origin,
    cable: [await freeUdpPort(), await freeUdpPort()],
    machines: await Promise.all(
      originNames.slice(0, hosts).map(async (host) => ({
        name: host,
        address: addressOf(host),
        directory: join(labDirectory(name), host),
        port: await freeTcpPort(),
        process: undefined,
      })),
    ),
  };
  writeVms(record);
  try {
    await Promise.all(record.machines.map((vm) => mkdir(vm.directory, { recursive: true })));
    await writeTexts(record);
    await Promise.all(record.machines.map((vm) => freshen(record, vm)));
    return vmsOf(record);
  } catch (error) {
    await removeVms(name);
    throw error;
  }
};

/** The machines of this name that another process made; undefined when there are none. */
export const findVms = (name: string): Vms | undefined => {
  const record = readVms(name);
  return record && vmsOf(record);
};

/** Removes everything that was made for some machines; what is gone already is no matter. */
export const removeVms = async (name: string): Promise<void> => {
  const record = readVms(name);
  if (!record) return;
  await Promise.all(record.machines.map((vm) => switchOff(record, vm)));
  await rm(labDirectory(name), { recursive: true, force: true });
};

/** Whether each machine runs. */
export const vmsStatus = (name: string): { host: LabHost; isRunning: boolean }[] =>
  readVms(name)?.machines.map((vm) => ({ host: hostOf(vm), isRunning: isRunning(vm.process) })) ?? [];

const hostOf = ({ name, port }: VmRecord): LabHost => ({ name, address: '127.0.0.1', port });

const loginOf = (record: VmsRecord): Login => ({
  key: keyIn(record.origin.directory),
  knownHosts: join(labDirectory(record.name), 'known_hosts'),
});

const writeTexts = async (record: VmsRecord): Promise<void> => {
  const { key, knownHosts } = loginOf(record);
  const lines = await Promise.all(record.machines.map((vm) => knownHostsLine(vm, record.origin.directory)));
  await writeFile(knownHosts, lines.join(''));
  const hosts = record.machines.map(
    ({ name, port, address }) => `${name} ansible_host=127.0.0.1 ansible_port=${port} private_address=${address}`,
  );
  const vars = [
    'ansible_user=root',
    `ansible_ssh_private_key_file=${key}`,
    `ansible_ssh_common_args='-F none -o UserKnownHostsFile=${knownHosts} -o IdentitiesOnly=yes'`,
    'ansible_python_interpreter=/usr/bin/python3',
    // Emulated machines take their time.
    'ansible_ssh_timeout=60',
  ];
  const text = `[lab]\n${hosts.join('\n')}\n\n[lab:vars]\n${vars.join('\n')}\n`;
  await writeFile(join(labDirectory(record.name), 'inventory.ini'), text);
};

const start = async (record: VmsRecord, vm: VmRecord, isFresh: boolean): Promise<void> => {
  const { directory, image, accelerator } = record.origin;
  const [first, second] = record.cable;
  const cable = vm.name === originNames[0] ? ([first, second] as const) : ([second, first] as const);
  const state = isFresh ? { state: stateIn(directory, vm.name) } : {};
  await startVm(vm, { image, accelerator, cable, initrd: initrdIn(directory, vm.name), ...state });
  writeVms(record);
  await waitForShell(vm, loginOf(record));
};

const switchOff = async (record: VmsRecord, vm: VmRecord): Promise<void> => {
  await stopVm(vm);
  await dropConnection(vm, loginOf(record));
  writeVms(record);
};

/** Puts a machine back to its kept state, all but the clock. */
const freshen = async (record: VmsRecord, vm: VmRecord): Promise<void> => {
  await switchOff(record, vm);
  await makeDisks(vm, rootIn(record.origin.directory, vm.name), 'qcow2');
  await start(record, vm, true);
  await execOnVm(vm, loginOf(record), `date -u -s @${Math.ceil(Date.now() / 1000)}`);
};

const vmsOf = (record: VmsRecord): Vms => {
  const { key, knownHosts } = loginOf(record);
  const directory = labDirectory(record.name);
  const find = (name: string): VmRecord => {
    const vm = record.machines.find((candidate) => candidate.name === name);
    if (!vm) throw new Error(`lab '${record.name}' has no machine '${name}'`);
    return vm;
  };
  return {
    name: record.name,
    directory,
    hosts: record.machines.map(hostOf),
    inventory: join(directory, 'inventory.ini'),
    key,
    knownHosts,
    exec: (host, command, limitMs) => execOnVm(find(host), loginOf(record), command, limitMs),
    freshen: async (...names) => {
      const chosen = names.length === 0 ? record.machines : names.map(find);
      await Promise.all(chosen.map((vm) => freshen(record, vm)));
    },
    powerOff: (host) => switchOff(record, find(host)),
    powerOn: (host) => start(record, find(host), false),
    freeze: (host) => signal(find(host), 'SIGSTOP'),
    thaw: (host) => signal(find(host), 'SIGCONT'),
    cut: async () => void (await Promise.all(record.machines.map((vm) => plugCable(vm, false)))),
    restore: async () => void (await Promise.all(record.machines.map((vm) => plugCable(vm, true)))),
    console: (host) => lastWords(find(host)),
    close: () => removeVms(record.name),
  };
};
