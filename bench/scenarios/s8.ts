import { createHash } from 'node:crypto';
import { mkdir, open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { quote } from '../../runner/connection/index.ts';
import { rowOf, timesFaster } from '../marks.ts';
import { perHost, playCommand } from '../runners/index.ts';
import { stateOf } from '../state.ts';
import type { Bench, Case, Mark, Scenario } from '../types.ts';

const hosts = 4;
const megabyte = 2 ** 20;

/** Bytes that do not compress, the same in every run. */
const noise = (bytes: number, seed: string): Buffer => {
  const parts: Buffer[] = [];
  for (let length = 0; length < bytes; length += 64)
    parts.push(createHash('sha512').update(`${seed} ${length}`).digest());
  return Buffer.concat(parts).subarray(0, bytes);
};

const copyPlaybook = (src: string, dest: string): string => `- hosts: all
  gather_facts: false
  tasks:
    - copy: {src: ${src}, dest: "{{ place }}/${dest}", mode: "0644"}
`;

/** Writes the files to copy, and playbooks that copy them, once for each size that somebody takes. */
const onceEach = (write: (size: number) => Promise<void>): ((size: number) => Promise<void>) => {
  const written = new Set<number>();
  return async (size) => {
    if (written.has(size)) return;
    written.add(size);
    await write(size);
  };
};

const largeFile = (bench: Bench, directory: string): Case => {
  const { bed } = bench;
  const size = Math.max(16, Math.round(1024 * bench.scale));
  const source = (megabytes: number): string => join(directory, `large-${megabytes}`);
  const write = onceEach(async (megabytes) => {
    const file = await open(source(megabytes), 'w', 0o644);
    const piece = noise(megabyte, 'large');
    for (let written = 0; written < megabytes; written++) {
      piece.writeUInt32BE(written);
      await file.write(piece);
    }
    await file.close();
    await writeFile(`${source(megabytes)}.yml`, copyPlaybook(`large-${megabytes}`, 'large'));
  });
  return {
    title: `a file of ${size} MB to ${hosts} hosts`,
    unit: 'MB',
    size,
    smaller: { mitogen: 8 },
    rounds: 2,
    items: (megabytes) => megabytes,
    command: (runner, megabytes) => {
      const from = quote(source(megabytes));
      const each = (command: (options: string, port: number) => string) =>
        perHost(bench, 'large', { hosts }, ({ options, port }) => command(options, port));
      if (runner === 'floor') {
        const there = '"umask 022; exec cat >$2/large"';
        return each((options, port) => `exec ssh ${options} -p ${port} "$1" ${there} <${from}`);
      }
      if (runner === 'scp') return each((options, port) => `exec scp -q ${options} -P ${port} ${from} "$1:$2/large"`);
      if (runner === 'rsync') {
        return each((options, port) => `exec rsync -e ${quote(`ssh ${options} -p ${port}`)} ${from} "$1:$2/large"`);
      }
      const playbook = `${source(megabytes)}.yml`;
      return playCommand(runner, bench, { playbook, inventory: bed.inventory(hosts), forks: hosts });
    },
    prepare: async (megabytes) => {
      await write(megabytes);
      await bed.empty(hosts);
    },
    state: () => stateOf(bed.hosts.slice(0, hosts)),
    marks: (result): Mark[] => {
      const [mine, theirs] = [rowOf(result, 'muster'), rowOf(result, 'scp')];
      if (!mine || !theirs) return [];
      const share = (100 * theirs.seconds) / mine.seconds;
      return [
        {
          text: "share of scp's throughput",
          aim: 'at least 80 %',
          reached: `${share.toFixed(0)} %`,
          isMet: share >= 80,
        },
      ];
    },
  };
};

const smallFiles = (bench: Bench, directory: string): Case => {
  const { bed } = bench;
  const size = Math.max(20, Math.round(2000 * bench.scale));
  const folder = (count: number): string => join(directory, `small-${count}`);
  const write = onceEach(async (count) => {
    await mkdir(folder(count));
    for (let index = 0; index < count; index++) {
      const content = noise(1024 + ((index * 37) % 3072), `small ${index}`);
      await writeFile(join(folder(count), `f${index}`), content, { mode: 0o644 });
    }
    await writeFile(`${folder(count)}.yml`, copyPlaybook(`small-${count}/`, ''));
  });
  return {
    title: `${size} files of 1 to 4 kB to ${hosts} hosts`,
    unit: 'files',
    size,
    smaller: { ansible: 20, mitogen: 50, 'one-by-one': 20 },
    rounds: 3,
    items: (files) => files * hosts,
    command: (runner, files) => {
      const from = quote(folder(files));
      const each = (command: (options: string, port: number) => string) =>
        perHost(bench, `small-${files}`, { hosts }, ({ options, port }) => command(options, port));
      if (runner === 'floor') {
        const there = '"umask 022; cd $2 && exec tar xf -"';
        return each((options, port) => `tar cf - -C ${from} . | ssh ${options} -p ${port} "$1" ${there}`);
      }
      if (runner === 'scp') return each((options, port) => `exec scp -q -r ${options} -P ${port} ${from}/. "$1:$2"`);
      if (runner === 'rsync') {
        return each((options, port) => `exec rsync -r -e ${quote(`ssh ${options} -p ${port}`)} ${from}/ "$1:$2"`);
      }
      if (runner === 'one-by-one') {
        return each(
          (options, port) =>
            `cd ${from} && for file in *; do scp -q ${options} -P ${port} "$file" "$1:$2/$file" || exit; done`,
        );
      }
      const playbook = `${folder(files)}.yml`;
      return playCommand(runner, bench, { playbook, inventory: bed.inventory(hosts), forks: hosts });
    },
    prepare: async (files) => {
      await write(files);
      await bed.empty(hosts);
    },
    state: () => stateOf(bed.hosts.slice(0, hosts)),
    marks: (result) => timesFaster(result, 'one-by-one', 10),
  };
};

export const s8: Scenario = {
  id: 'S8',
  title: 'Copying',
  hosts,
  open: async (bench) => {
    const directory = join(bench.directory, 'copying');
    await mkdir(directory);
    return {
      cases: [largeFile(bench, directory), smallFiles(bench, directory)],
      // Nobody else needs the disk space any more.
      close: async () => {
        await rm(directory, { recursive: true });
        await bench.bed.empty(hosts);
      },
    };
  },
};
