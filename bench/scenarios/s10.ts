import { writeFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BedHost } from '../bed.ts';
import { readEvents, spreads, withEvents } from '../events.ts';
import { type HelperProcess, startHelper } from '../helper-process.ts';
import { cpuPerItem, rowOf } from '../marks.ts';
import { inventoryText, type Reach, sshOptions } from '../reach.ts';
import { floor, playCommand, withoutConnections } from '../runners/index.ts';
import { stateOf } from '../state.ts';
import type { Bench, Case, Mark, Scenario } from '../types.ts';

const forks = 100;

const playbookText = `- hosts: all
  gather_facts: false
  tasks:
    - file: {path: "{{ place }}/app", state: directory, mode: "0755"}
    - copy: {content: "host {{ inventory_hostname }}\\n", dest: "{{ place }}/app/name", mode: "0644"}
    - command: touch {{ place }}/app/started
    - stat: {path: "{{ place }}/app/name"}
      register: name
    - assert: {that: name.stat.exists}
`;
const tasks = 5;

const script = `set -eu
umask 022
mkdir -p "$2/app"
echo "host $1" >"$2/app/name"
touch "$2/app/started"
stat "$2/app/name" >/dev/null
`;

/** Hosts of a light server: user names at one port, each with a directory. */
interface LightBed {
  readonly hosts: readonly BedHost[];
  readonly port: number;
  readonly sshOptions: readonly string[];
  inventory(count: number): string;
}

const lightBed = (bench: Bench, said: string): LightBed => {
  const served = JSON.parse(said) as { directory: string; port: number; hosts: { name: string; home: string }[] };
  const { directory, port } = served;
  const reach: Reach = { port, privateKey: join(directory, 'key'), knownHosts: join(directory, 'known_hosts') };
  const hosts = served.hosts.map(
    ({ name, home }): BedHost => ({ name, address: '127.0.0.1', user: name, place: join(home, 'place') }),
  );
  return {
    hosts,
    port,
    sshOptions: sshOptions(reach),
    inventory: (count) => {
      const file = join(bench.directory, `light-${count}.ini`);
      const lines = hosts.slice(0, count).map(({ name, place }) => `${name} ansible_user=${name} place=${place}`);
      // The server has no sftp.
      const variables = ['ansible_host=127.0.0.1', 'ansible_ssh_transfer_method=piped'];
      writeFileSync(file, inventoryText(reach, lines, variables));
      return file;
    },
  };
};

const manyHosts = (bench: Bench, size: number, playbook: string, bed: LightBed): Case => {
  const events = join(bench.directory, 'events.jsonl');
  return {
    title: `${size} hosts, ${tasks} tasks, ${forks} at a time`,
    unit: 'hosts',
    size,
    smaller: { ansible: 10, mitogen: 10, floor: 200 },
    rounds: 2,
    items: (hosts) => hosts * tasks,
    command: (runner, hosts) => {
      if (runner === 'floor') return floor(bench, 'light', script, { hosts, forks, bed });
      const command = playCommand(runner, bench, { playbook, inventory: bed.inventory(hosts), forks });
      return command && runner === 'muster' ? withEvents(command, events) : command;
    },
    reference: (hosts) => withoutConnections(bench, 'light-reference', script, bed.hosts.slice(0, hosts)),
    prepare: async (hosts) => {
      for (const { place } of bed.hosts.slice(0, hosts)) {
        await rm(place, { recursive: true, force: true });
        await mkdir(place);
      }
    },
    state: (hosts) => stateOf(bed.hosts.slice(0, hosts)),
    observe: async (runner): Promise<Record<string, number>> => {
      if (runner !== 'muster') return {};
      const seconds = spreads(await readEvents(events));
      return {
        'first to last host of the first task (s)': seconds[0]!,
        'of a later task, at most (s)': Math.max(...seconds.slice(1)),
      };
    },
    marks: (result): Mark[] => {
      const mine = rowOf(result, 'muster');
      if (!mine) return [];
      const most = 100 + 0.3 * size;
      return [
        {
          text: `peak memory for ${size} hosts`,
          aim: `under ${Math.round(most)} MB`,
          reached: `${Math.round(mine.peakMb)} MB`,
          isMet: mine.peakMb < most,
        },
        ...cpuPerItem(result),
      ];
    },
  };
};

export const s10: Scenario = {
  id: 'S10',
  title: 'A thousand hosts of a light ssh server',
  hosts: 1,
  open: async (bench) => {
    const size = Math.max(2, Math.round(1000 * bench.scale));
    const playbook = join(bench.directory, 'light.yml');
    await writeFile(playbook, playbookText);
    const server: HelperProcess = startHelper(new URL('./light-hosts.ts', import.meta.url), [String(size)]);
    const bed = lightBed(bench, await server.read());
    return { cases: [manyHosts(bench, size, playbook, bed)], close: () => server.close() };
  },
};
