import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { timesFaster } from '../marks.ts';
import { playCommand } from '../runners/index.ts';
import type { Scenario } from '../types.ts';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

interface Sizes {
  readonly roles: number;
  readonly includes: number;
  readonly variables: number;
  readonly items: number;
}

/** Writes a project that gives the controller a lot to do and hosts nothing; gives its playbook. */
const writeProject = async (directory: string, sizes: Sizes): Promise<string> => {
  const file = async (name: string, text: string): Promise<void> => {
    const path = join(directory, name);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, text);
  };
  // Every tenth variable rests on the one before it.
  const variable = (index: number): string =>
    index % 10 === 9 ? `v${index}: "{{ v${index - 1} }} and more"` : `v${index}: value ${index}`;
  await file(
    'variables.yml',
    numbers(sizes.variables)
      .map((index) => `${variable(index)}\n`)
      .join(''),
  );
  for (const index of numbers(sizes.roles)) {
    await file(
      `roles/r${index}/defaults/main.yml`,
      `r${index}_size: ${index}\nr${index}_name: role {{ r${index}_size }}\n`,
    );
    await file(
      `roles/r${index}/tasks/main.yml`,
      `- name: Keep what role ${index} makes
  set_fact:
    from_r${index}: "{{ r${index}_name }} has {{ v${(index * 10 + 9) % sizes.variables} }}"
- name: Look at it
  assert:
    that: from_r${index} is search('role ${index} has')
    quiet: true
`,
    );
  }
  for (const index of numbers(sizes.includes)) {
    await file(
      `included/t${index}.yml`,
      `- name: Included ${index}
  set_fact:
    from_t${index}: "{{ v${(index * 7) % sizes.variables} | upper }}"
`,
    );
  }
  const last = `{{ [from_r0, from_r${sizes.roles - 1}, from_t0, from_t${sizes.includes - 1}, counted, v9] | join(', ') }}`;
  await file(
    'playbook.yml',
    `- hosts: all
  gather_facts: false
  vars_files: [variables.yml]
  roles: [${numbers(sizes.roles)
    .map((index) => `r${index}`)
    .join(', ')}]
  tasks:
    - name: Include
      include_tasks: included/t{{ item }}.yml
      loop: "{{ range(${sizes.includes}) | list }}"
    - name: Keep
      set_fact:
        counted: "{{ item * 2 }}"
      loop: "{{ range(${sizes.items}) | list }}"
    - name: Show
      debug:
        msg: "{{ item }} of {{ v19 }}"
      loop: "{{ range(${sizes.items}) | list }}"
    - name: Hold
      assert:
        that: item < ${sizes.items}
        quiet: true
      loop: "{{ range(${sizes.items}) | list }}"
    - name: What came of it
      copy:
        content: "${last}\\n"
        dest: "{{ out }}"
        mode: "0644"
`,
  );
  return join(directory, 'playbook.yml');
};

export const s5: Scenario = {
  id: 'S5',
  title: "The controller's own work",
  hosts: 1,
  open: async (bench) => {
    const count = (usual: number): number => Math.max(10, Math.round(usual * bench.scale));
    const sizes = { roles: count(150), includes: count(50), variables: count(5000), items: count(1000) };
    const directory = join(bench.directory, 'controller');
    const playbook = await writeProject(directory, sizes);
    const out = join(directory, 'out.txt');
    const inventory = join(directory, 'inventory.ini');
    await writeFile(
      inventory,
      `here ansible_connection=local ansible_python_interpreter=/usr/bin/python3 out=${out}\n`,
    );
    const items = sizes.roles * 2 + sizes.includes * 2 + sizes.items * 3 + 1;
    return {
      cases: [
        {
          title: `${sizes.roles} roles, ${sizes.includes} includes, ${sizes.variables} variables, 3 loops of ${sizes.items}`,
          unit: 'items',
          size: items,
          items: () => items,
          command: (runner) => playCommand(runner, bench, { playbook, inventory, forks: 5 }),
          prepare: () => rm(out, { force: true }),
          state: () => readFile(out, 'utf8'),
          marks: (result) => timesFaster(result, 'ansible', 30),
        },
      ],
    };
  },
};
