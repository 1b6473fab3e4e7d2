import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { below, cpuPerItem, rowOf } from '../marks.ts';
import { floor, perHost, playCommand, withoutConnections } from '../runners/index.ts';
import { stateOf } from '../state.ts';
import type { Bench, Case, CaseResult, Scenario } from '../types.ts';

const forks = 50;

const playbookText = `- hosts: all
  gather_facts: false
  vars: {release: 7}
  tasks:
    - file: {path: "{{ place }}/web", state: directory, mode: "0755"}
    - copy: {content: "release {{ release }} of {{ inventory_hostname }}\\n", dest: "{{ place }}/web/release", mode: "0644"}
    - lineinfile: {path: "{{ place }}/web/settings", line: "threads = 4", create: true, mode: "0644"}
    - lineinfile: {path: "{{ place }}/web/settings", line: "level = info"}
    - command: touch {{ place }}/web/started
    - shell: wc -l <{{ place }}/web/settings >{{ place }}/web/count
    - stat: {path: "{{ place }}/web/count"}
      register: count
    - set_fact: {is_there: "{{ count.stat.exists }}"}
    - assert: {that: is_there}
    - file: {path: "{{ place }}/web/current", src: release, state: link}
`;

const script = `set -eu
umask 022
mkdir -p "$2/web"
cd "$2/web"
echo "release 7 of $1" >release
printf '%s\\n' 'threads = 4' 'level = info' >settings
touch started
wc -l <settings >count
[ -e count ]
ln -sfn release current
`;

const tenTasks = (bench: Bench, size: number, playbook: string): Case => {
  const { bed } = bench;
  return {
    title: `${size} hosts, 10 tasks, ${forks} at a time`,
    unit: 'hosts',
    size,
    smaller: { ansible: 10, mitogen: 50 },
    rounds: 3,
    items: (hosts) => hosts * 10,
    reference: (hosts) => withoutConnections(bench, 'web-reference', script, bed.hosts.slice(0, hosts)),
    command: (runner, hosts) =>
      runner === 'floor'
        ? floor(bench, 'web', script, { hosts, forks })
        : playCommand(runner, bench, { playbook, inventory: bed.inventory(hosts), forks }),
    prepare: (hosts) => bed.empty(hosts),
    state: (hosts) => stateOf(bed.hosts.slice(0, hosts)),
    marks: cpuPerItem,
  };
};

/** What connecting costs: one command of nothing on so many hosts. What is left out is the same for one and for many. */
const connecting = (bench: Bench, size: number, playbook: string, marks: Case['marks']): Case => ({
  title: size === 1 ? 'connecting to 1 host' : `connecting to ${size} hosts`,
  unit: 'hosts',
  size,
  rounds: 3,
  items: (hosts) => hosts,
  command: (runner, hosts) => {
    if (runner === 'floor') {
      return perHost(
        bench,
        'true',
        { hosts, forks },
        ({ options, port }) => `exec ssh ${options} -p ${port} "$1" true`,
      );
    }
    if (runner !== 'muster') return undefined;
    return playCommand(runner, bench, { playbook, inventory: bench.bed.inventory(hosts), forks });
  },
  ...(marks && { marks }),
});

export const s3: Scenario = {
  id: 'S3',
  title: 'A hundred hosts',
  hosts: 100,
  open: async (bench) => {
    const size = Math.max(2, Math.round(100 * bench.scale));
    const playbook = join(bench.directory, 'web.yml');
    await writeFile(playbook, playbookText);
    const nothing = join(bench.directory, 'nothing.yml');
    await writeFile(nothing, '- hosts: all\n  gather_facts: false\n  tasks:\n    - raw: "true"\n');
    // Milliseconds of CPU for each connection, from the second on.
    let alone: Omit<CaseResult, 'marks'> | undefined;
    const remember: Case['marks'] = (result) => {
      alone = result;
      return [];
    };
    const cpuOfOneMore = (result: Omit<CaseResult, 'marks'>, runner: 'muster' | 'floor'): number | undefined => {
      const [one, many] = [alone && rowOf(alone, runner), rowOf(result, runner)];
      return one && many && ((many.cpuSeconds - one.cpuSeconds) * 1000) / (many.size - one.size);
    };
    const compare: Case['marks'] = (result) => {
      const [mine, theirs] = [cpuOfOneMore(result, 'muster'), cpuOfOneMore(result, 'floor')];
      return theirs === undefined
        ? []
        : below("the controller's CPU for one more connection", mine, Number(theirs.toFixed(1)), 'ms', 1);
    };
    return {
      cases: [
        tenTasks(bench, size, playbook),
        connecting(bench, 1, nothing, remember),
        connecting(bench, size, nothing, compare),
      ],
    };
  },
};
