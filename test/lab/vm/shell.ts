import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Output } from '../lab.ts';
import { isRunning } from '../record.ts';
import { lastWords } from './machine.ts';
import type { VmRecord } from './record.ts';

/** What ssh needs to log in to machines. */
export interface Login {
  readonly key: string;
  readonly knownHosts: string;
}

const asOption = (text: string): string[] => ['-o', text];

const destination = (vm: VmRecord, { key, knownHosts }: Login): string[] => [
  ...['-F', 'none', '-q', '-i', key, '-p', String(vm.port)],
  ...[`UserKnownHostsFile=${knownHosts}`, 'BatchMode=yes', 'ConnectTimeout=60', 'IdentitiesOnly=yes'].flatMap(asOption),
  ...asOption(`ControlPath=${join(vm.directory, 'ssh')}`),
  'root@127.0.0.1',
];

/** Runs a command line on a machine, through the connection that `waitForShell` keeps or a new one. */
export const execOnVm = (vm: VmRecord, login: Login, command: string, limitMs = 300_000): Promise<Output> =>
  new Promise((resolve) => {
    execFile(
      'ssh',
      [...destination(vm, login), command],
      { timeout: limitMs, killSignal: 'SIGKILL', maxBuffer: 1 << 26 },
      (error, stdout, stderr) => resolve({ stdout, stderr, code: error ? Number(error.code ?? 255) : 0 }),
    );
  });

const bootMs = 240_000;

/**
 * Waits until a machine has booted. The connection stays open for all commands to come: an emulated machine takes a
 * second for each login.
 */
export const waitForShell = async (vm: VmRecord, login: Login): Promise<void> => {
  const end = Date.now() + bootMs;
  const fail = async (what: string): Promise<never> => {
    throw new Error(`${vm.name} ${what}:\n${await lastWords(vm)}`);
  };
  for (;;) {
    if ((await greets(vm.port)) && (await keepConnection(vm, login))) break;
    if (!isRunning(vm.process)) await fail('stopped while it booted');
    if (Date.now() > end) await fail('does not boot');
    await sleep(200);
  }
  const { stdout } = await execOnVm(vm, login, 'systemctl is-system-running --wait');
  if (!['running', 'degraded'].includes(stdout.trim())) await fail(`did not boot well (${stdout.trim()})`);
};

const keepConnection = async (vm: VmRecord, login: Login): Promise<boolean> => {
  await dropConnection(vm, login);
  const options = ['ControlMaster=yes', 'ServerAliveInterval=30', 'ServerAliveCountMax=4'].flatMap(asOption);
  const master = spawn('ssh', ['-N', '-f', ...options, ...destination(vm, login)], { stdio: 'ignore' });
  const [code] = await once(master, 'close');
  return code === 0;
};

/** Ends the connection that is kept, if there is one. */
export const dropConnection = (vm: VmRecord, login: Login): Promise<void> =>
  new Promise((resolve) => {
    execFile('ssh', ['-O', 'exit', ...destination(vm, login)], { timeout: 10_000 }, () => resolve());
  });

/** Whether sshd greets; the port itself is QEMU's, and always open. */
const greets = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const settle = (isThere: boolean): void => {
      socket.destroy();
      resolve(isThere);
    };
    socket.setTimeout(10_000, () => settle(false));
    socket.once('data', () => settle(true));
    socket.once('error', () => settle(false));
    socket.once('close', () => settle(false));
  });
