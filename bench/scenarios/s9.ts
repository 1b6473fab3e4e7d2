import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { floor, playCommand } from '../runners/index.ts';
import { stateOf } from '../state.ts';
import type { Bench, Case, Scenario } from '../types.ts';

const tasks = 10;
const pause = 0.5;

const playbookText = `- hosts: all
  gather_facts: false
  tasks:
${Array.from(
  { length: tasks },
  (_, index) => `    - name: Task ${index}
      shell: sleep {{ pause if inventory_hostname == ansible_play_hosts_all[-1] else 0 }}; touch {{ place }}/t${index}
      vars: {pause: ${pause}}
`,
).join('')}`;

const script = (slowest: string): string => `set -eu
[ "$1" = ${slowest} ] && pause=${pause} || pause=0
index=0
while [ $index -lt ${tasks} ]; do
  sleep $pause
  touch "$2/t$index"
  index=$((index + 1))
done
`;

/** Ten hosts of which the last is slow in every task: what one strategy makes of it. */
const strategyCase = (bench: Bench, strategy: 'linear' | 'free', playbook: string): Case => {
  const { bed } = bench;
  const size = Math.max(2, Math.round(10 * bench.scale));
  const hosts = bed.hosts.slice(0, size);
  return {
    title: `${size} hosts, ${tasks} tasks, ${strategy}, one host slower by ${pause} s a task`,
    unit: 'hosts',
    size,
    rounds: 2,
    items: (count) => count * tasks,
    command: (runner) =>
      runner === 'floor'
        ? floor(bench, 'slow', script(hosts.at(-1)!.name), { hosts: size })
        : playCommand(runner, bench, { playbook, inventory: bed.inventory(size), forks: size, strategy }),
    prepare: () => bed.empty(size),
    state: () => stateOf(hosts),
    observe: async (_runner, _size, { startedAt }) => {
      const ends = await Promise.all(
        hosts.slice(0, -1).map(async ({ place }) => (await stat(join(place, `t${tasks - 1}`))).mtimeMs - startedAt),
      );
      return { 'seconds until the others were done': Math.max(...ends) / 1000 };
    },
  };
};

export const s9: Scenario = {
  id: 'S9',
  title: 'One slow host in ten, free beside linear',
  hosts: 10,
  open: async (bench) => {
    const playbook = join(bench.directory, 'slow.yml');
    await writeFile(playbook, playbookText);
    return { cases: [strategyCase(bench, 'linear', playbook), strategyCase(bench, 'free', playbook)] };
  },
};
