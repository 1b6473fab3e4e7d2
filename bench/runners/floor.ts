import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { quote } from '../../runner/connection/index.ts';
import type { Bed, BedHost } from '../bed.ts';
import type { Bench, Command } from '../types.ts';

export interface PerHostOptions {
  readonly hosts: number;
  /** How many at a time; all when not given. */
  readonly forks?: number;
  readonly bed?: Pick<Bed, 'hosts' | 'sshOptions' | 'port'>;
  /** The port to reach hosts at, where it is not that of the bed. */
  readonly port?: number;
}

/** What a command for one host may use. */
export interface PerHost {
  /** ssh's options, quoted. */
  readonly options: string;
  readonly port: number;
}

/**
 * Runs a shell command for each host at the same time. In the command `$0` is the host's name, `$1` its user and address,
 * and `$2` its directory.
 */
export const perHost = (
  bench: Bench,
  name: string,
  options: PerHostOptions,
  command: (one: PerHost) => string,
): Command => {
  const { bed = bench.bed, hosts, forks = hosts, port = bed.port } = options;
  const list = join(bench.directory, `${name}-${hosts}.hosts`);
  const lines = bed.hosts.slice(0, hosts).map((one) => `${one.name} ${one.user}@${one.address} ${one.place}\n`);
  writeFileSync(list, lines.join(''));
  const text = command({ options: bed.sshOptions.map(quote).join(' '), port });
  return { argv: ['xargs', '-P', String(forks), '-L', '1', 'sh', '-c', text], stdin: list };
};

/** Runs the floor's script for each host without any connection, to see what comes of it. */
export const withoutConnections = (bench: Bench, name: string, script: string, hosts: readonly BedHost[]): Command => {
  const lines = hosts.map(
    (one) => `sh ${[file(bench, name, script), one.name, one.place].map(quote).join(' ')} || exit\n`,
  );
  return { argv: ['sh', file(bench, `${name}-alone`, lines.join(''))] };
};

const file = (bench: Bench, name: string, script: string): string => {
  const path = join(bench.directory, `${name}.sh`);
  writeFileSync(path, script);
  return path;
};

/** The least that OpenSSH can do it with: one `ssh` a host, which feeds one script to `sh` there. */
export const floor = (bench: Bench, name: string, script: string, options: PerHostOptions): Command => {
  const path = quote(file(bench, name, script));
  return perHost(
    bench,
    name,
    options,
    (one) => `exec ssh ${one.options} -p ${one.port} "$1" sh -s -- "$0" "$2" <${path}`,
  );
};
