import { describe, expect, it } from 'vitest';
import { expectRefusal, firstTask, openProject, play, type Told, warningsIn } from './project.ts';

// Exit codes here and below are those of ansible-playbook 2.14 for the same input.
const parserError = 4;

const refused: readonly [string, string, Told][] = [
  [
    'a tab',
    `- hosts: localhost\n  tasks:\n${firstTask}\t- ping:\n`,
    {
      message: 'YAML syntax: found character that cannot start any token',
      at: 'site.yml:4:1',
      line: ' - ping:',
      hint: 'indent with spaces: YAML does not allow tabs there',
    },
  ],
  [
    'a quote without its end',
    play('    - debug: {msg: "hello}\n    - ping:\n'),
    {
      message: 'YAML syntax: found unexpected end of stream',
      at: 'site.yml:5:20',
      line: '    - debug: {msg: "hello}',
      hint: 'a closing quote is missing',
    },
  ],
  [
    'an expression without quotes',
    play('    - debug:\n        msg: {{ name }}\n'),
    {
      message: 'YAML syntax: found unacceptable key: a mapping cannot be a key',
      at: 'site.yml:6:15',
      line: '        msg: {{ name }}',
      hint: 'quote a value that begins with an expression: key: "{{ variable }}"',
    },
  ],
  [
    'a second colon',
    play('    - name: a: b\n      ping:\n'),
    {
      message: 'YAML syntax: mapping values are not allowed in this context',
      at: 'site.yml:5:14',
      line: '    - name: a: b',
      hint: "quote a value that holds ': ', or leave out the space behind the second colon",
    },
  ],
  [
    'a wrong indentation',
    play('    - ping:\n     when: true\n'),
    {
      message: "YAML syntax: did not find expected '-' indicator",
      at: 'site.yml:6:6',
      line: '     when: true',
      hint: "entries of a list begin with '- ', all in the same column",
    },
  ],
  [
    'a control character',
    play('    - debug: {msg: "a\u0001b"}\n'),
    {
      message: 'YAML syntax: found the control character #x0001, which YAML does not allow',
      at: 'site.yml:5:22',
      line: '    - debug: {msg: "a\ufffdb"}',
    },
  ],
  [
    'a tag that nobody knows',
    play('    - debug: {msg: !python/object x}\n'),
    {
      message: "YAML syntax: the tag '!python/object' is unknown",
      at: 'site.yml:5:20',
      line: '    - debug: {msg: !python/object x}',
    },
  ],
  [
    'a mapping in place of a list',
    'hosts: localhost\ntasks: []\n',
    {
      message: 'the playbook is a mapping',
      at: 'site.yml:1:1',
      line: 'hosts: localhost',
      expected: 'a list of plays',
      hint: "put '- ' in front of the play",
    },
  ],
  [
    'nothing at all',
    '',
    { message: 'A playbook must contain at least one play', at: 'site.yml:1:1', expected: 'a list of plays' },
  ],
  [
    'an empty list',
    '[]\n',
    {
      message: 'A playbook must contain at least one play',
      at: 'site.yml:1:1',
      line: '[]',
      expected: 'a list of plays',
    },
  ],
];

describe('YAML', () => {
  it.each(refused)('refuses %s', async (_what, text, told) => {
    const outcome = await openProject({ 'site.yml': text }).run('site.yml');
    expectRefusal(outcome, parserError, told);
  });

  it('warns of a key that stands twice, and goes on with the last', async () => {
    const project = openProject({ 'site.yml': play('    - debug: {msg: a}\n      when: true\n      when: false\n') });
    const outcome = await project.run('site.yml');
    expect(outcome.code).toBe(0);
    expect(warningsIn(outcome)).toContain('found a duplicate dict key (when); the last one counts (at site.yml:7:7)');
    expect(outcome.stdout).toContain('skipping: [localhost]');
  });

  it('refuses a key that stands twice where that was asked for', async () => {
    const project = openProject({
      'site.yml': play('    - debug: {msg: a}\n      when: true\n      when: false\n'),
      'ansible.cfg': '[defaults]\nduplicate_dict_key = error\n',
    });
    expectRefusal(await project.run('site.yml'), parserError, {
      message: 'YAML syntax: found a duplicate dict key (when)',
      at: 'site.yml:7:7',
      line: '      when: false',
    });
  });

  it('points at mistakes in files that a playbook brings in', async () => {
    const project = openProject({
      'site.yml': play('    - import_tasks: more.yml\n', '  roles: [r]\n'),
      'more.yml': '- debug:\n  msg: a: b\n',
      'roles/r/tasks/main.yml': '- ping: {a: 1\n',
    });
    const outcome = await project.run('site.yml');
    expect(outcome.code).toBe(parserError);
    expect(outcome.touched).toBe(false);
    expect(outcome.stderr).toContain('  at roles/r/tasks/main.yml:2:1\n');
    expect(outcome.stderr).toContain('  at more.yml:2:9\n');
    expect(outcome.stderr).toContain('2 mistakes; nothing was run\n');
  });
});
