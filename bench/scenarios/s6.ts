import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { below, rowOf } from '../marks.ts';
import { floor, playCommand } from '../runners/index.ts';
import { stateOf } from '../state.ts';
import type { Bench, Scenario } from '../types.ts';

const playbookText = `- hosts: all
  gather_facts: false
  tasks:
    - name: A directory
      file: {path: "{{ place }}/site", state: directory, mode: "0755"}
    - name: What it belongs to
      copy: {content: "{{ site }} {{ rack }}\\n", dest: "{{ place }}/site/name", mode: "0644"}
    - name: A command
      command: touch {{ place }}/site/done
`;

const script = `set -eu
umask 022
mkdir -p "$2/site"
number=\${1#h}
number=$(echo "$number" | sed 's/^0*//')
echo "site-$(((number - 1) / 1000)) rack-$(((number - 1) / 50))" >"$2/site/name"
touch "$2/site/done"
`;

/** Hosts in racks of 50 and sites of 1,000, with variables of their groups; the first ones are those that exist. */
const inventoryOf = (bench: Bench, count: number, connection: string): string => {
  const lines: string[] = [];
  const { hosts } = bench.bed;
  for (let rack = 0; rack * 50 < count; rack++) {
    lines.push(`[rack_${rack}]`);
    for (let index = rack * 50; index < Math.min(count, rack * 50 + 50); index++) {
      const real = hosts[index];
      lines.push(
        real
          ? `${real.name} ansible_host=${real.address} ansible_user=${real.user} place=${real.place}`
          : `h${String(index + 1).padStart(4, '0')} ansible_host=192.0.2.${index % 250} place=/srv`,
      );
    }
    lines.push(`[rack_${rack}:vars]`, `rack=rack-${rack}`);
  }
  for (let site = 0; site * 1000 < count; site++) {
    lines.push(`[site_${site}:children]`);
    for (let rack = site * 20; rack < site * 20 + 20 && rack * 50 < count; rack++) lines.push(`rack_${rack}`);
    lines.push(`[site_${site}:vars]`, `site=site-${site}`);
  }
  return `${lines.join('\n')}\n${connection.slice(connection.indexOf('[bench:vars]')).replace('bench', 'all')}`;
};

export const s6: Scenario = {
  id: 'S6',
  title: 'An inventory of 10,000 hosts',
  hosts: 10,
  open: async (bench) => {
    const { bed } = bench;
    const size = Math.max(100, Math.round(10_000 * bench.scale));
    const chosen = 10;
    const inventory = join(bench.directory, 'large.ini');
    const playbook = join(bench.directory, 'site.yml');
    await writeFile(inventory, inventoryOf(bench, size, await readFile(bed.inventory(chosen), 'utf8')));
    await writeFile(playbook, playbookText);
    const limit = bed.hosts.slice(0, chosen).map(({ name }) => name);
    const log = join(bench.directory, 'output.log');
    return {
      cases: [
        {
          title: `--list-hosts of ${size} hosts`,
          unit: 'hosts',
          size,
          rounds: 3,
          items: (hosts) => hosts,
          command: (runner) => playCommand(runner, bench, { playbook, inventory, forks: 5, options: ['--list-hosts'] }),
          // The hosts that were listed, whatever stands around them and in whatever order.
          state: async () => [...new Set((await readFile(log, 'utf8')).match(/\bh\d{4,}\b/g))].sort().join('\n'),
          marks: (result) => below('listing', rowOf(result, 'muster')?.seconds, 1, 's'),
        },
        {
          title: `a run on ${chosen} of ${size} hosts`,
          unit: 'hosts',
          size: chosen,
          rounds: 3,
          items: (hosts) => hosts * 3,
          command: (runner, hosts) =>
            runner === 'floor'
              ? floor(bench, 'site', script, { hosts })
              : playCommand(runner, bench, {
                  playbook,
                  inventory,
                  forks: hosts,
                  options: ['--limit', limit.join(',')],
                }),
          prepare: (hosts) => bed.empty(hosts),
          state: (hosts) => stateOf(bed.hosts.slice(0, hosts)),
        },
      ],
    };
  },
};
