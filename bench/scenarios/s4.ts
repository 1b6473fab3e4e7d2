import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEvents, withEvents } from '../events.ts';
import { below, cpuPerItem, rowOf } from '../marks.ts';
import { floor, playCommand } from '../runners/index.ts';
import { stateOf } from '../state.ts';
import type { Bench, Case, CaseResult, Row, Scenario } from '../types.ts';

/** A playbook of five kinds of tasks in turn. */
const playbookOf = (tasks: number): string => {
  const kinds: readonly ((index: number) => string)[] = [
    (index) => `file: {path: "{{ place }}/d${index}", state: directory, mode: "0755"}`,
    (index) => `copy: {content: "number ${index}\\n", dest: "{{ place }}/f${index}", mode: "0644"}`,
    (index) => `lineinfile: {path: "{{ place }}/lines", line: "line ${index}", create: true, mode: "0644"}`,
    (index) => `stat: {path: "{{ place }}/f${index - 2}"}`,
    (index) => `command: touch {{ place }}/c${index}`,
  ];
  const lines = Array.from(
    { length: tasks },
    (_, index) => `    - name: Task ${index}\n      ${kinds[index % 5]!(index)}\n`,
  );
  return `- hosts: all\n  gather_facts: false\n  tasks:\n${lines.join('')}`;
};

const scriptOf = (tasks: number): string => `set -eu
umask 022
cd "$2"
index=0
while [ $index -lt ${tasks} ]; do
  case $((index % 5)) in
  0) mkdir -p d$index && chmod 755 d$index ;;
  1) [ -f f$index ] || echo "number $index" >f$index && chmod 644 f$index ;;
  2) touch lines && grep -qx "line $index" lines || echo "line $index" >>lines ;;
  3) stat f$((index - 2)) >/dev/null ;;
  4) touch c$index ;;
  esac
  index=$((index + 1))
done
`;

/** One task on one host: what a run costs before it does anything, and how soon it begins. */
const startUp = (bench: Bench, playbook: string, remember: (result: Omit<CaseResult, 'marks'>) => void): Case => {
  const events = join(bench.directory, 'start.jsonl');
  return {
    title: '1 host, 1 task',
    unit: 'tasks',
    size: 1,
    items: () => 1,
    command: (runner) => {
      if (runner === 'floor') return floor(bench, 'one-task', scriptOf(1), { hosts: 1 });
      const command = playCommand(runner, bench, { playbook, inventory: bench.bed.inventory(1), forks: 1 });
      return command && runner === 'muster' ? withEvents(command, events) : command;
    },
    prepare: () => bench.bed.empty(1),
    state: () => stateOf(bench.bed.hosts.slice(0, 1)),
    observe: async (runner, _size, { startedAt }): Promise<Record<string, number>> => {
      if (runner !== 'muster') return {};
      const first = (await readEvents(events)).find(({ type }) => type === 'task_started')!;
      return { [firstTask]: (first.time - startedAt) / 1000 };
    },
    marks: (result) => {
      remember(result);
      return below('from start to first task', rowOf(result, 'muster')?.observed[firstTask], 0.4, 's');
    },
  };
};

const firstTask = 'first task begins (s)';

export const s4: Scenario = {
  id: 'S4',
  title: 'Many tasks on one host',
  hosts: 1,
  open: async (bench: Bench) => {
    const { bed } = bench;
    const size = Math.max(10, Math.round(500 * bench.scale));
    const playbook = (tasks: number): string => {
      const path = join(bench.directory, `tasks-${tasks}.yml`);
      writeFileSync(path, playbookOf(tasks));
      return path;
    };
    let alone: Row | undefined;
    const manyTasks: Case = {
      title: `1 host, ${size} tasks`,
      unit: 'tasks',
      size,
      smaller: { ansible: 50 },
      items: (tasks) => tasks,
      command: (runner, tasks) =>
        runner === 'floor'
          ? floor(bench, `tasks-${tasks}`, scriptOf(tasks), { hosts: 1 })
          : playCommand(runner, bench, { playbook: playbook(tasks), inventory: bed.inventory(1), forks: 1 }),
      prepare: () => bed.empty(1),
      state: () => stateOf(bed.hosts.slice(0, 1)),
      marks: (result) => {
        const mine = rowOf(result, 'muster');
        if (!mine) return [];
        const each = (all: number, first: number | undefined): number | undefined =>
          first === undefined ? undefined : ((all - first) * 1000) / (mine.items - 1);
        return [
          ...below('a task, start-up included', (mine.seconds * 1000) / mine.items, 3, 'ms'),
          ...below('one more task', each(mine.seconds, alone?.seconds), 3, 'ms'),
          ...cpuPerItem(result),
          ...below("the controller's CPU for one more task", each(mine.cpuSeconds, alone?.cpuSeconds), 1, 'ms'),
        ];
      },
    };
    const first = startUp(bench, playbook(1), (result) => {
      alone = rowOf(result, 'muster');
    });
    return { cases: [first, manyTasks] };
  },
};
