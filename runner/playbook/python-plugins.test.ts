import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openProject } from '../../test/support/playbook-project.ts';
import { findPythonPlugin } from './index.ts';

it('finds the Python file that a filter or lookup comes from', () => {
  const project = openProject({
    'filter_plugins/mine.py': "def filters(self):\n  return {'shout': shout}\n",
    'role/lookup_plugins/secret.py': '',
  });
  try {
    const folders = [project.directory, join(project.directory, 'role')];
    expect(findPythonPlugin('filter', 'my.tools.shout', folders)).toBe(
      join(project.directory, 'filter_plugins/mine.py'),
    );
    expect(findPythonPlugin('lookup', 'secret', folders)).toBe(
      join(project.directory, 'role/lookup_plugins/secret.py'),
    );
    expect(findPythonPlugin('filter', 'whisper', folders)).toBeUndefined();
    expect(findPythonPlugin('test', 'shout', folders)).toBeUndefined();
  } finally {
    project.close();
  }
});

it('refuses by name what templates use of Python plugins, and nothing else', () => {
  const files = {
    'site.yml': [
      '- hosts: all',
      '  vars: {loud: "{{ name | shout }}"}',
      '  roles: [r]',
      '  tasks:',
      '    - debug: {msg: "{{ x | upper }}"}',
      '    - shell: echo {{ x }} | whisper',
      '    - debug: {msg: "{{ lookup(\'secret\', 1) }}"}',
      '      when: x is odd_one or x is defined',
      '    - debug: {msg: "{{ x | shout }}"}',
      '      ignore_errors: yes',
      '',
    ].join('\n'),
    'filter_plugins/mine.py': "def filters(self):\n  return {'shout': shout, 'whisper': whisper}\n",
    'lookup_plugins/secret.py': '',
    'roles/r/tasks/main.yml': '- debug: {msg: "{{ x | mutter }}"}\n',
    'roles/r/filter_plugins/more.py': "{'mutter': mutter, 'upper': upper}\n",
    'test_plugins/odd.py': "{'odd_one': odd}\n",
  };
  const project = openProject(files);
  try {
    Object.assign(project.context, { hasFilter: (name: string) => name === 'upper', hasTest: () => false });
    expect(project.mistakes().map((text) => text.replace(/ \(muster.*/, ''))).toEqual([
      "site.yml:2:17 the filter 'shout' is written in Python (filter_plugins/mine.py)",
      "site.yml:7:21 the lookup 'secret' is written in Python (lookup_plugins/secret.py)",
      "site.yml:8:13 the test 'odd_one' is written in Python (test_plugins/odd.py)",
      "roles/r/tasks/main.yml:1:17 the filter 'mutter' is written in Python (roles/r/filter_plugins/more.py)",
    ]);
  } finally {
    project.close();
  }
});
