import { expect, it } from 'vitest';
import { projectsForTests } from '../../test/support/playbook-project.ts';
import { type Dict, Template, toRepr, type Value } from '../values/index.ts';
import { sectionsOf, type TaskNode, tasksOf } from './index.ts';

const open = projectsForTests();

/** The tasks of a play whose tasks are `text`, indented as in a file of tasks. */
const tasksIn = (text: string, files: Record<string, string> = {}): TaskNode[] => {
  const project = open({ 'site.yml': `- hosts: all\n  tasks:\n${indent(text)}`, ...files });
  return [...tasksOf(sectionsOf(project.load()[0]!))];
};
const mistakesIn = (text: string): string[] =>
  open({ 'site.yml': `- hosts: all\n  tasks:\n${indent(text)}` }).mistakes();
const indent = (text: string): string => text.replace(/^(?=.)/gm, '    ');

const plain = (value: Value): string =>
  value instanceof Map
    ? `{${[...value].map(([key, item]) => `${key instanceof Template ? key.source : key}: ${plain(item)}`).join(', ')}}`
    : value instanceof Template
      ? `<${value.source}>`
      : toRepr(value);
const shown = ({ action, module, args, freeForm, variableArgs }: TaskNode): string =>
  [
    action === module ? action : `${action}=${module}`,
    plain(args),
    freeForm === undefined ? '' : `free ${plain(freeForm)}`,
    variableArgs === undefined ? '' : `all ${plain(variableArgs)}`,
  ]
    .filter((part) => part !== '')
    .join(' ');

it.each([
  ['copy: src=a dest="b c"', "copy=ansible.builtin.copy {src: 'a', dest: 'b c'}"],
  ['copy: {src: a, mode: 0644}', "copy=ansible.builtin.copy {src: 'a', mode: 420}"],
  ['ansible.builtin.copy: src={{ x }} dest=b', "ansible.builtin.copy {src: <{{ x }}>, dest: 'b'}"],
  ['command: ls -l a=b chdir=/tmp', "command=ansible.builtin.command {chdir: '/tmp'} free 'ls -l a=b'"],
  ['shell: echo {{ x }}\n  args: {chdir: /a}', "shell=ansible.builtin.shell {chdir: '/a'} free <echo {{ x }}>"],
  ['command: {cmd: ls, chdir: /}', "command=ansible.builtin.command {chdir: '/'} free 'ls'"],
  ['command: {argv: [ls, -l]}', "command=ansible.builtin.command {argv: ['ls', '-l']}"],
  ['copy: "{{ all }}"', 'copy=ansible.builtin.copy {} all <{{ all }}>'],
  ['copy: {src: a}\n  args: "{{ all }}"', "copy=ansible.builtin.copy {src: 'a'} all <{{ all }}>"],
  ['copy: src=a\n  args: {src: b, mode: "1"}', "copy=ansible.builtin.copy {src: 'a', mode: '1'}"],
  ['action: copy src=a', "copy=ansible.builtin.copy {src: 'a'}"],
  ['action: {module: copy, src: a}', "copy=ansible.builtin.copy {src: 'a'}"],
  ['action: {module: copy src=a, args: {dest: b}}', "copy=ansible.builtin.copy {dest: 'b', src: 'a'}"],
  ['action: shell echo hi', "shell=ansible.builtin.shell {} free 'echo hi'"],
  ['action: made_up x=1', "made_up {x: '1'}"],
  ['ping:', 'ping=ansible.builtin.ping {}'],
  ['meta: flush_handlers', "meta=ansible.builtin.meta {} free 'flush_handlers'"],
  ['set_fact: {"{{ name }}": 1}', 'set_fact=ansible.builtin.set_fact {{{ name }}: 1}'],
  ['ini_file: path=/x', "ini_file=community.general.ini_file {path: '/x'}"],
  ['include_tasks: a.yml', "include_tasks=ansible.builtin.include_tasks {file: 'a.yml'}"],
  ['include_role: name=x', "include_role=ansible.builtin.include_role {name: 'x'}"],
])('reads the action of %j', (text, expected) => {
  expect(shown(tasksIn(`- ${text}\n`)[0]!)).toBe(expected);
});

it('runs local_action on the controller', () => {
  const [task] = tasksIn('- local_action: command ls\n');
  expect(shown(task!)).toBe("command=ansible.builtin.command {} free 'ls'");
  expect(task!.keywords.get('delegate_to')).toBe('localhost');
});

it('leaves an action that is a template to the run', () => {
  const [task] = tasksIn('- action: "{{ what }} src=a"\n');
  expect(task!.actionTemplate!.source).toBe('{{ what }}');
  expect(plain(task!.args)).toBe("{src: 'a'}");
});

it('brings keywords into one form', () => {
  const [task] = tasksIn(
    '- name: "{{ x }}"\n  ping:\n  tags: a, b\n  when: x\n  notify: h\n  with_items: [1]\n  vars: [{a: 1}, {b: 2}]\n',
  );
  expect(task!.name).toBeInstanceOf(Template);
  expect(Object.fromEntries(task!.keywords)).toEqual({ tags: ['a', 'b'], when: ['x'], notify: ['h'] });
  expect(task!.loop).toEqual({ lookup: 'items', value: [1] });
  expect([...task!.vars]).toEqual([
    ['a', 1],
    ['b', 2],
  ]);
  expect(task!.places.get('notify')).toMatchObject({ line: 7, column: 15 });
});

it('holds bare tasks together in implicit blocks', () => {
  const project = open({
    'site.yml':
      '- hosts: all\n  tasks:\n    - ping:\n    - ping:\n    - block: [{ping: }]\n      always: [{ping: }]\n    - ping:\n',
  });
  const [play] = project.load();
  expect(play!.tasks.map(({ isImplicit, block, always }) => [isImplicit, block.length, always.length])).toEqual([
    [true, 2, 0],
    [false, 1, 1],
    [true, 1, 0],
  ]);
  expect(play!.tasks[1]!.block[0]!.parent).toBe(play!.tasks[1]);
  expect(play!.tasks[1]!.parent).toBe(play);
});

it.each([
  ['- ping:\n  notfy: h\n', "site.yml:4:7 'notfy' is not a valid attribute for a Task (did you mean 'notify'?)"],
  [
    '- pnig:\n',
    "site.yml:3:7 'pnig' is neither a module that muster has nor a keyword of a task (did you mean 'ping'?)",
  ],
  ['- name: x\n', "site.yml:3:7 the task has no action [a module's name with its arguments]"],
  [
    '- ping:\n  debug:\n',
    "site.yml:4:7 the task has several actions: 'ping' and 'debug' [one action in each task] (make two tasks of it; the second begins with a dash of its own)",
  ],
  ['- ping:\n  retries: many\n', "site.yml:4:16 'retries' is 'many' [a whole number]"],
  [
    '- ping:\n  when: {a: b}\n',
    "site.yml:4:13 'when' is a mapping [an expression or a list of expressions] (quote an expression that holds a colon or begins with {{)",
  ],
  [
    '- rescue: [{ping: }]\n',
    "site.yml:3:15 'rescue' stands without 'block' [the tasks that 'rescue' is for, in 'block']",
  ],
  [
    '- debug: hello there\n',
    "site.yml:3:14 'debug' takes no free text, but has 'hello there' [arguments as a mapping, or as key=value words] (quote values that hold spaces)",
  ],
  ['- ping\n', "site.yml:3:7 a task is 'ping' [a mapping with a module's name and its arguments]"],
  ['- ping: [a]\n', "site.yml:3:13 the arguments of 'ping' are a list [a mapping, or text]"],
  [
    '- ping:\n  loop: []\n  with_items: []\n',
    "site.yml:5:7 the task has several loops: 'loop' and 'with_items' [one loop in each task]",
  ],
  [
    '- ping:\n  vars: {a-b: 1}\n',
    "site.yml:4:14 'a-b' cannot be the name of a variable [letters, digits and underscores, no digit first, and no word of Python]",
  ],
  [
    '- ping:\n  loop_control: {lable: x}\n',
    "site.yml:4:22 'lable' is not a setting of loop_control (did you mean 'label'?)",
  ],
  ['- import_tasks: x.yml\n  loop: [1]\n', 'site.yml:4:13 import_tasks cannot loop (use include_tasks)'],
  [
    '- include_tasks: x.yml\n  become: yes\n',
    "site.yml:4:15 'become' has no effect on include_tasks (for what is included, write it below 'apply' in the arguments of include_tasks, or put a block around it)",
  ],
  ['- import_role: {tasks_from: x}\n', "site.yml:3:20 import_role does not say what [the role's name in 'name']"],
  [
    '- include_role: {name: x, task_from: y}\n',
    "site.yml:3:31 'task_from' is not an argument of include_role [name, role, tasks_from, vars_from, defaults_from, handlers_from, allow_duplicates, rolespec_validate, apply, public] (did you mean 'tasks_from'?)",
  ],
  [
    '- ping:\n  with_itmes: [1]\n',
    "site.yml:4:7 'with_itmes' is not a valid attribute for a Task (there is no lookup 'itmes' to loop with)",
  ],
  [
    '- hosts: all\n  tasks: []\n',
    'site.yml:3:7 a play stands in a list of tasks [tasks] (plays stand in playbooks only; use import_playbook there)',
  ],
  ['- sudo: yes\n  ping:\n', "site.yml:3:7 'sudo' is not a valid attribute for a Task (its name is now 'become')"],
])('explains the mistake in %j', (text, expected) => {
  expect(mistakesIn(text)).toEqual([expected]);
});

it('leaves a wrong value to the run where the task is there to fail', () => {
  const wrong = 'ping:\n  diff: yes.\n  retries: many\n';
  const told = ["site.yml:4:13 'diff' is 'yes.' [yes or no]", "site.yml:5:16 'retries' is 'many' [a whole number]"];
  expect(mistakesIn(`- ${wrong}`)).toEqual(told);
  expect(mistakesIn(`- ${wrong}  ignore_errors: no\n`)).toEqual(told);
  expect(mistakesIn(`- ${wrong}  ignore_errors: yes\n`)).toEqual([]);
  expect(mistakesIn('- block: [{ping: , diff: maybe}]\n  rescue: [{ping: }]\n')).toEqual([]);
  expect(mistakesIn('- block: [{ping: }]\n  diff: maybe\n  rescue: [{ping: }]\n')).toEqual([]);
  expect(mistakesIn('- block: [{ping: , diff: maybe}]\n  always: [{ping: }]\n')).toHaveLength(1);
  // What cannot be told at run time any more is told now.
  expect(mistakesIn('- ping:\n  wen: x\n  ignore_errors: yes\n')).toHaveLength(1);
});

it('refuses programs in library folders by name, only where they are used', () => {
  const files = {
    'site.yml': '- hosts: all\n  tasks:\n    - mine: {a: 1}\n',
    'library/mine.py': '#!/usr/bin/python\n',
    'library/unused.py': '',
  };
  const [mistake] = open(files).mistakes();
  expect(mistake).toContain("site.yml:3:7 the module 'mine' is a program of its own (library/mine.py)");
});

it('follows the redirections of collections', () => {
  const runtime =
    'plugin_routing:\n  modules:\n    old: {redirect: ansible.builtin.copy}\n    gone: {tombstone: {warning_text: use x}}\n';
  const files = {
    'collections/ansible_collections/my/tools/meta/runtime.yml': runtime,
    'site.yml':
      '- hosts: all\n  collections: [my.tools]\n  tasks:\n    - old: {src: a}\n    - my.tools.old: {src: b}\n',
    'gone.yml': '- hosts: all\n  tasks:\n    - my.tools.gone:\n',
  };
  const project = open(files);
  const tasks = [...tasksOf(sectionsOf(project.load()[0]!))];
  expect(tasks.map(({ module }) => module)).toEqual(['ansible.builtin.copy', 'ansible.builtin.copy']);
  expect(project.mistakes('gone.yml')).toEqual(["gone.yml:3:7 the module 'my.tools.gone' is gone (use x)"]);
});

it('can pass over unknown keywords with a warning', () => {
  const project = open(
    { 'site.yml': '- hosts: all\n  tasks:\n    - ping:\n      notfy: h\n' },
    { failOnUnknownKeyword: false },
  );
  expect(project.mistakes()).toEqual([]);
  expect(project.warnings).toEqual(["'notfy' is not a valid attribute for a Task and is ignored"]);
});

it('reads args as a mapping that keeps the order of keys', () => {
  const [task] = tasksIn('- copy: {dest: b, src: a}\n');
  expect([...(task!.args as Dict).keys()]).toEqual(['dest', 'src']);
});
