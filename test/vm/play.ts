import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Vms } from '../lab/vm/vms.ts';

const root = join(import.meta.dirname, '../..');
const limitMs = 900_000;

/** How a run of a playbook ended. */
export interface Played {
  readonly code: number;
  readonly text: string;
  /** What was changed and what failed on each host. */
  readonly recap: Readonly<Record<string, { readonly changed: number; readonly failed: number }>>;
}

/** Where a playbook is played: virtual machines are such a place. */
export interface Place {
  readonly inventory: string;
  /** What a run may take, where a quarter of an hour is too little. */
  readonly limitMs?: number;
}

export type Player = (place: Place, playbook: string, options?: readonly string[]) => Promise<Played>;

const player =
  (program: string, first: readonly string[]): Player =>
  (place, playbook, options = []) =>
    new Promise((resolve) => {
      execFile(
        program,
        [...first, '-i', place.inventory, ...options, join(import.meta.dirname, 'playbooks', playbook)],
        {
          cwd: root,
          maxBuffer: 1 << 26,
          timeout: place.limitMs ?? limitMs,
          env: {
            ...process.env,
            ANSIBLE_CONFIG: join(root, 'test/twins/ansible.cfg'),
            ANSIBLE_NOCOLOR: '1',
            ANSIBLE_PIPELINING: '1',
            ANSIBLE_ROLES_PATH: join(root, 'roles'),
          },
        },
        (error, stdout, stderr) => {
          const text = `${stdout}${stderr}`;
          resolve({ code: error ? Number(error.code ?? -1) : 0, text, recap: recapOf(text) });
        },
      ).stdin?.end();
    });

const recapOf = (text: string): Played['recap'] =>
  Object.fromEntries(
    [...text.matchAll(/^(\S+)\s+: ok=.* changed=(\d+) .* failed=(\d+)/gm)].map(([, host, changed, failed]) => [
      host,
      { changed: Number(changed), failed: Number(failed) },
    ]),
  );

/** Plays a playbook of the folder `playbooks` on virtual machines, with muster's own source. */
export const playMuster = player(process.execPath, [
  '--import',
  'tsx',
  join(root, 'runner/cli/main.ts'),
  'run',
  '--output',
  'classic',
]);

/** The same with Ansible itself. */
export const playAnsible = player('ansible-playbook', []);

/** Waits until a command on a machine says what is expected; rejects with what it said last. */
export const until = async (
  vms: Vms,
  host: string,
  command: string,
  expected: RegExp,
  seconds = 180,
): Promise<void> => {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const { stdout, stderr } = await vms.exec(host, command);
    if (expected.test(stdout)) return;
    if (Date.now() > end) throw new Error(`${host}: ${command}\nsays, after ${seconds} s: ${stdout}${stderr}`);
    await sleep(500);
  }
};

/** Runs a command on a machine, which must succeed; returns what it says. Otherwise the error has the machine's console, too. */
export const mustDo = async (vms: Vms, host: string, command: string): Promise<string> => {
  const { stdout, stderr, code } = await vms.exec(host, command);
  if (code !== 0) throw new Error(`${host}: ${command}: ${code}\n${stdout}${stderr}\n${await vms.console(host)}`);
  return stdout.trim();
};
