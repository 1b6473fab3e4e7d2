import { describe, expect, it } from 'vitest';
import { expectRefusal, firstTask, openProject, play, type Told } from './project.ts';

// As ansible-playbook ends: 4 for a mistake, 1 for what is not there. Wrong arguments it finds when the task runs.
const refused: readonly [string, Readonly<Record<string, string>>, number, Told][] = [
  [
    'an unknown keyword on a play',
    { 'site.yml': `- hosts: localhost\n  gather_fact: no\n  tasks:\n${firstTask}` },
    4,
    {
      message: "'gather_fact' is not a valid attribute for a Play",
      at: 'site.yml:2:3',
      line: '  gather_fact: no',
      hint: "did you mean 'gather_facts'?",
    },
  ],
  [
    'an unknown keyword on a task',
    { 'site.yml': play('    - ping:\n      wen: true\n') },
    4,
    {
      message: "'wen' is not a valid attribute for a Task",
      at: 'site.yml:6:7',
      line: '      wen: true',
      hint: "did you mean 'when'?",
    },
  ],
  [
    'a keyword of tasks on a block',
    { 'site.yml': play('    - block: [{ping: }]\n      loop: [1]\n') },
    4,
    {
      message: "'loop' is not a valid attribute for a Block",
      at: 'site.yml:6:7',
      line: '      loop: [1]',
      hint: 'it can stand on a task, a handler',
    },
  ],
  [
    'a wrong value of a keyword on a role',
    { 'site.yml': play('', '  roles: [{role: r, become: perhaps}]\n'), 'roles/r/tasks/main.yml': '- ping:\n' },
    4,
    {
      message: "'become' is 'perhaps'",
      at: 'site.yml:3:29',
      line: '  roles: [{role: r, become: perhaps}]',
      expected: 'yes or no',
    },
  ],
  [
    'an unknown module',
    { 'site.yml': play('    - coppy: {src: a}\n') },
    4,
    {
      message: "'coppy' is neither a module that muster has nor a keyword of a task",
      at: 'site.yml:5:7',
      line: '    - coppy: {src: a}',
      hint: "did you mean 'copy'?",
    },
  ],
  [
    'a module of a collection that there is not',
    { 'site.yml': play('    - some.where.thing: {src: a}\n') },
    4,
    {
      message: "'some.where.thing' is neither a module that muster has nor a keyword of a task",
      at: 'site.yml:5:7',
      line: '    - some.where.thing: {src: a}',
    },
  ],
  [
    'two actions in a task',
    { 'site.yml': play('    - ping:\n      debug: {msg: a}\n') },
    4,
    {
      message: "the task has several actions: 'ping' and 'debug'",
      at: 'site.yml:6:7',
      line: '      debug: {msg: a}',
      expected: 'one action in each task',
      hint: 'make two tasks of it; the second begins with a dash of its own',
    },
  ],
  [
    'a task without an action',
    { 'site.yml': play('    - name: hello\n') },
    4,
    {
      message: 'the task has no action',
      at: 'site.yml:5:7',
      line: '    - name: hello',
      expected: "a module's name with its arguments",
    },
  ],
  [
    'a role that is not there',
    { 'site.yml': play('', '  roles:\n    - comon\n'), 'roles/common/tasks/main.yml': '- ping:\n' },
    1,
    {
      message: "cannot find the role 'comon'",
      at: 'site.yml:4:7',
      line: '    - comon',
      hint: "did you mean 'common'?",
    },
  ],
  [
    'an import of tasks that are not there',
    { 'site.yml': play('    - import_tasks: gone.yml\n') },
    1,
    {
      message: "cannot find the file 'gone.yml' to import",
      at: 'site.yml:5:21',
      line: '    - import_tasks: gone.yml',
      hint: 'looked for gone.yml',
    },
  ],
  [
    'an import of a playbook that is not there',
    { 'site.yml': `${play()}- import_playbook: gone.yml\n` },
    1,
    {
      message: "cannot find the playbook 'gone.yml' to import",
      at: 'site.yml:5:20',
      line: '- import_playbook: gone.yml',
      hint: 'looked for gone.yml',
    },
  ],
  [
    'variables of a file that is not there',
    { 'site.yml': play('', '  vars_files: [gone.yml]\n') },
    1,
    {
      message: 'vars file gone.yml was not found',
      at: 'site.yml:3:15',
      line: '  vars_files: [gone.yml]',
      expected: 'a file below FOLDER',
    },
  ],
  [
    'an import that is named by what nobody knows yet',
    { 'site.yml': play('    - import_tasks: "{{ kind }}.yml"\n') },
    4,
    {
      message: "the file of import_tasks cannot be worked out before the run: 'kind' is undefined",
      at: 'site.yml:5:21',
      line: '    - import_tasks: "{{ kind }}.yml"',
      hint: 'what is imported is named with variables of the play or --extra-vars; use an include for names from inventory or facts',
    },
  ],
  [
    'a Python module of the user',
    { 'site.yml': play('    - mine: {a: 1}\n'), 'library/mine.py': '#!/usr/bin/python\n' },
    4,
    {
      message: "the module 'mine' is a program of its own (library/mine.py)",
      at: 'site.yml:5:7',
      line: '    - mine: {a: 1}',
      hint: 'muster brings its own modules and runs none that are written for Ansible in Python; use the script or command module for it',
    },
  ],
  [
    'a Python filter of the user',
    {
      'site.yml': play('    - debug: {msg: "{{ 1 | mine }}"}\n'),
      'filter_plugins/mine.py': "class FilterModule:\n  def filters(self): return {'mine': str}\n",
    },
    4,
    {
      message: "the filter 'mine' is written in Python (filter_plugins/mine.py)",
      at: 'site.yml:5:21',
      line: '    - debug: {msg: "{{ 1 | mine }}"}',
      hint: 'muster runs no Python plugins; it brings the filters of Ansible and the daily ones of community.general',
    },
  ],
  [
    'an unknown strategy',
    { 'site.yml': play('', '  strategy: linaer\n') },
    4,
    {
      message: "'strategy' is 'linaer'",
      at: 'site.yml:3:13',
      line: '  strategy: linaer',
      expected: 'one of linear, free, host_pinned, debug',
      hint: "did you mean 'linear'?",
    },
  ],
  [
    'a serial that is no number',
    { 'site.yml': play('', '  serial: some\n') },
    4,
    {
      message: "'serial' is 'some'",
      at: 'site.yml:3:11',
      line: '  serial: some',
      expected: 'a number of hosts or a percentage of them, or a list of such',
    },
  ],
  [
    'text for a module that takes none',
    { 'site.yml': play('    - debug: hello there\n') },
    4,
    {
      message: "'debug' takes no free text, but has 'hello there'",
      at: 'site.yml:5:14',
      line: '    - debug: hello there',
      expected: 'arguments as a mapping, or as key=value words',
      hint: 'quote values that hold spaces',
    },
  ],
];

describe('a playbook', () => {
  it.each(refused)('is refused for %s', async (_what, files, code, told) => {
    const project = openProject(files);
    const { expected, ...rest } = told;
    const named = expected && { expected: expected.replace('FOLDER', project.directory) };
    expectRefusal(await project.run('site.yml'), code, { ...rest, ...named });
  });

  it('shows all its mistakes at once, from top to bottom', async () => {
    const project = openProject({
      'site.yml': play(
        '    - coppy: {}\n    - ping:\n      wen: 1\n    - import_tasks: gone.yml\n    - file: {path: /x, state: foo}\n',
        '  gather_fact: no\n',
      ),
    });
    const outcome = await project.run('site.yml');
    const places = outcome.stderr.match(/(?<=^ {2}at )\S+/gm);
    expect(places).toEqual(['site.yml:3:3', 'site.yml:6:7', 'site.yml:8:7', 'site.yml:9:21', 'site.yml:10:31']);
    expect(outcome.stderr.match(/^ERROR! /gm)).toHaveLength(5);
    expect(outcome.stderr).toMatch(/\n5 mistakes; nothing was run\n$/);
    expect([outcome.code, outcome.touched]).toEqual([4, false]);
  });
});
