import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, startOf } from '../record.ts';
import { run } from '../run.ts';
import type { Accelerator } from './accelerator.ts';
import { qmp } from './qmp.ts';
import type { VmRecord } from './record.ts';

export interface Hardware {
  readonly image: string;
  readonly accelerator: Accelerator;
  /** The ends of the private cable, as UDP ports: this machine's first. */
  readonly cable: readonly [number, number];
  /** Where the machine's own initrd is. */
  readonly initrd: string;
  /** A kept state to go on from; without one it boots. */
  readonly state?: string;
}

// An emulated processor's own clock is measured wrongly on a busy machine, and its services may seem to hang.
const kernelOptions = [
  'root=/dev/vda rw console=ttyS0 net.ifnames=0 quiet panic=5 clocksource=hpet tsc=unstable no_timer_check',
  'systemd.show_status=0 systemd.service_watchdogs=no fsck.mode=skip raid=noautodetect',
  'mitigations=off random.trust_cpu=on audit=0 cryptomgr.notests',
].join(' ');

/** Empty disks, besides the root: enough for a volume group and for a partition table. */
const dataDisks = { vdb: '512M', vdc: '256M' };

const monitorOf = (vm: VmRecord): string => join(vm.directory, 'monitor');
const consoleOf = (vm: VmRecord): string => join(vm.directory, 'console.log');
const diskOf = (vm: VmRecord, name: string): string => join(vm.directory, `${name}.img`);

/** Makes new disks: a root that lies over another one, and empty ones for data. */
export const makeDisks = async (vm: VmRecord, root: string, format: 'raw' | 'qcow2'): Promise<void> => {
  await run('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', root, '-F', format, diskOf(vm, 'vda')]);
  for (const [name, size] of Object.entries(dataDisks)) {
    await rm(diskOf(vm, name), { force: true });
    await run('qemu-img', ['create', '-q', '-f', 'raw', diskOf(vm, name), size]);
  }
};

/**
 * Its disks are written to this machine's memory only: they survive the end of the process, which is what a power cut is
 * here, and flushing costs nothing.
 */
const disk = (vm: VmRecord, name: string): string[] => [
  '-drive',
  `file=${diskOf(vm, name)},if=virtio,format=${name === 'vda' ? 'qcow2' : 'raw'},cache=unsafe`,
];

const network = (vm: VmRecord, cable: readonly [number, number]): string[] => {
  const cards = [
    ['outside', `user,id=outside,hostfwd=tcp:127.0.0.1:${vm.port}-:22`],
    ['cable', `socket,id=cable,localaddr=127.0.0.1:${cable[0]},udp=127.0.0.1:${cable[1]}`],
  ] as const;
  const mac = (index: number): string => `52:54:00:00:0${index}:${vm.address.split('.')[3]!.padStart(2, '0')}`;
  return cards.flatMap(([id, backend], index) => [
    '-netdev',
    backend,
    '-device',
    `virtio-net-pci,netdev=${id},mac=${mac(index)},romfile=`,
  ]);
};

/** Starts a machine. Rejects when QEMU ends at once, as it does when a port was taken in the meantime. */
export const startVm = async (vm: VmRecord, hardware: Hardware): Promise<void> => {
  const { image, accelerator, cable, initrd, state } = hardware;
  const args = [
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-name', vm.name, '-machine', 'q35', '-m', '1024'],
    ...accelerator,
    ...['-kernel', join(image, 'vmlinuz'), '-initrd', initrd, '-append', kernelOptions],
    ...['vda', ...Object.keys(dataDisks)].flatMap((name) => disk(vm, name)),
    ...network(vm, cable),
    ...['-device', 'virtio-rng-pci', '-serial', `file:${consoleOf(vm)}`],
    ...['-qmp', `unix:${monitorOf(vm)},server=on,wait=off`],
    ...(state === undefined ? [] : ['-incoming', 'defer']),
  ];
  await rm(monitorOf(vm), { force: true });
  const log = openSync(join(vm.directory, 'qemu.log'), 'w');
  const child = spawn('qemu-system-x86_64', args, { detached: true, stdio: ['ignore', log, log] });
  child.on('error', () => {});
  child.unref();
  if (child.pid === undefined) throw new Error('the lab cannot start qemu-system-x86_64; see test/lab/README.md');
  vm.process = { pid: child.pid, started: startOf(child.pid) ?? '' };
  await waitFor(vm, async () => (await monitor(vm, 'query-status')) !== undefined);
  if (state !== undefined) await resume(vm, state);
};

const monitor = (vm: VmRecord, execute: string): Promise<unknown> =>
  qmp(monitorOf(vm), { execute }).catch(() => undefined);

const waitFor = async (vm: VmRecord, isSo: () => Promise<boolean>): Promise<void> => {
  const end = Date.now() + 60_000;
  while (!(await isSo())) {
    if (!isRunning(vm.process) || Date.now() > end)
      throw new Error(`${vm.name} does not start:\n${await lastWords(vm)}`);
    await sleep(20);
  }
};

const statusOf = async (vm: VmRecord): Promise<string | undefined> =>
  ((await monitor(vm, 'query-status')) as { status: string } | undefined)?.status;

// A state is written and read by a shell of QEMU's.
const quoted = (path: string): string => `'${path.replaceAll("'", "'\\''")}'`;

/** Lets a machine go on where its kept state ends. */
const resume = async (vm: VmRecord, state: string): Promise<void> => {
  const uri = `exec:cat ${quoted(state)}`;
  await qmp(monitorOf(vm), { execute: 'migrate-incoming', arguments: { uri } });
  await waitFor(vm, async () => (await statusOf(vm)) === 'paused');
  await qmp(monitorOf(vm), { execute: 'cont' });
};

/** Keeps the state of a machine in a file, and ends the machine. Its disk must stay as it is then. */
export const keepState = async (vm: VmRecord, state: string): Promise<void> => {
  const parameters = { 'max-bandwidth': 2 ** 40 };
  const uri = `exec:cat >${quoted(state)}`;
  await qmp(
    monitorOf(vm),
    { execute: 'stop' },
    { execute: 'migrate-set-parameters', arguments: parameters },
    { execute: 'migrate', arguments: { uri } },
  );
  await waitFor(vm, async () => (await statusOf(vm)) === 'postmigrate');
  await qmp(monitorOf(vm), { execute: 'quit' });
  const end = Date.now() + 30_000;
  while (isRunning(vm.process) && Date.now() < end) await sleep(20);
  await stopVm(vm);
};

/** Ends a machine as a power cut does, and waits until it is gone. */
export const stopVm = async (vm: Pick<VmRecord, 'process'>): Promise<void> => {
  for (let tries = 0; tries < 500 && isRunning(vm.process); tries++) {
    signal(vm, 'SIGKILL');
    await sleep(20);
  }
  vm.process = undefined;
};

/** To a machine's process, if that is what its number still stands for. */
export const signal = (vm: Pick<VmRecord, 'process'>, name: NodeJS.Signals): void => {
  if (!vm.process || !isRunning(vm.process)) return;
  try {
    process.kill(vm.process.pid, name);
  } catch {
    // It went by itself.
  }
};

/** Puts the end of the private cable into a machine, or pulls it out. */
export const plugCable = async (vm: VmRecord, isIn: boolean): Promise<void> => {
  await qmp(monitorOf(vm), { execute: 'set_link', arguments: { name: 'cable', up: isIn } });
};

/** The end of what a machine and its QEMU said. */
export const lastWords = async (vm: VmRecord): Promise<string> => {
  const texts = await Promise.all(
    [consoleOf(vm), join(vm.directory, 'qemu.log')].map((file) => readFile(file, 'latin1').catch(() => '')),
  );
  return texts.join('\n').trimEnd().split('\n').slice(-30).join('\n');
};
