import { spawn } from 'node:child_process';
import type { Vms } from '../lab/vm/vms.ts';

/** Something on a machine that writes one number after the other to a file, and tells each when it is on the disk. */
export interface Writer {
  /** The last number that was told. */
  readonly acknowledged: () => number;
  /** Waits until so many were told; rejects when the writer ends before. */
  reach(count: number): Promise<void>;
  /** Waits until the machine does not speak any more. */
  readonly ended: Promise<void>;
}

const program = `
import os, sys
file = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
number = 0
while True:
    number += 1
    os.write(file, b"%d\\n" % number)
    os.fsync(file)
    print(number, flush=True)
`;

export const startWriter = (vms: Vms, host: string, path: string): Writer => {
  const machine = vms.hosts.find(({ name }) => name === host)!;
  const options = [`UserKnownHostsFile=${vms.knownHosts}`, 'BatchMode=yes', 'ConnectTimeout=60'].flatMap((o) => [
    '-o',
    o,
  ]);
  const login = ['-F', 'none', '-q', '-i', vms.key, '-p', String(machine.port), ...options, `root@${machine.address}`];
  const child = spawn('ssh', [...login, `python3 -c '${program}' ${path}`], { stdio: ['ignore', 'pipe', 'ignore'] });
  let last = 0;
  let rest = '';
  const waiting = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    last = Number(lines.at(-1) ?? last);
    for (const look of waiting) look();
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    acknowledged: () => last,
    reach: (count) =>
      new Promise((resolve, reject) => {
        const look = (): void => void (last >= count && resolve());
        waiting.add(look);
        look();
        void ended.then(() => reject(new Error(`the writer on ${host} ended at ${last}`)));
      }),
    ended,
  };
};
