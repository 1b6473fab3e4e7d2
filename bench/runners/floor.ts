import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { quote } from '../../runner/connection/index.ts';
import type { Bed } from '../bed.ts';
import type { Bench, Command } from '../types.ts';

export interface FloorOptions {
  readonly hosts: number;
  /** How many at a time; all when not given. */
  readonly forks?: number;
  /** The script that each host runs; it gets the host's name and directory as `$1` and `$2`. */
  readonly script: string;
  /** Options of ssh behind the usual ones, such as another port. */
  readonly port?: number;
  readonly bed?: Pick<Bed, 'hosts' | 'sshOptions' | 'user' | 'port'>;
}

/** The least that OpenSSH can do it with: one `ssh` a host, which feeds one script to `sh` there. */
export const floor = (bench: Bench, name: string, options: FloorOptions): Command => {
  const { bed = bench.bed, hosts, forks = hosts, script } = options;
  const file = (suffix: string): string => join(bench.directory, `floor-${name}-${hosts}.${suffix}`);
  const chosen = bed.hosts.slice(0, hosts);
  writeFileSync(file('sh'), script);
  writeFileSync(file('hosts'), chosen.map((one) => `${one.name} ${one.address} ${one.place}\n`).join(''));
  const ssh = ['ssh', ...bed.sshOptions, '-p', String(options.port ?? bed.port), '-l', bed.user].map(quote).join(' ');
  const one = `exec ${ssh} "$1" sh -s -- "$0" "$2" <${quote(file('sh'))}`;
  return { argv: ['xargs', '-P', String(forks), '-L', '1', 'sh', '-c', one], stdin: file('hosts') };
};
