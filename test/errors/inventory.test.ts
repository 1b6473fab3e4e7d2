import { describe, expect, it } from 'vitest';
import { expectNoTrace, expectRefusal, firstTask, openProject, play, warningsIn } from './project.ts';

const everywhere = `- hosts: all\n  gather_facts: no\n  tasks:\n${firstTask}`;

// ansible-playbook warns of an inventory that it cannot read and goes on without it; so nobody is left to be touched.
const unread: readonly [string, string, string, readonly string[]][] = [
  ['a bracket that is not closed', 'hosts', '[web\nlocalhost\n', ['hosts:1:1: the [ in the host pattern']],
  [
    'a section of an unknown kind',
    'hosts',
    '[web]\nlocalhost\n[web:childs]\nx\n',
    ['hosts:3:1: Section [web:childs] has unknown type: childs', 'expected: [group], [group:vars] or [group:children]'],
  ],
  [
    'a variable without a value',
    'hosts',
    '[web]\nlocalhost ansible_user\n',
    ['hosts:2:11: Expected key=value host variable assignment, got: ansible_user', 'hint: '],
  ],
  [
    'YAML that is none',
    'hosts.yml',
    'all:\n  hosts:\n    localhost:\n   x: 1\n',
    ['hosts.yml:4:4: YAML syntax: did not find expected key', 'hint: keys of one mapping must begin'],
  ],
  [
    'a list of hosts',
    'hosts.yml',
    'all:\n  hosts: [localhost]\n',
    ['hosts.yml:2:3: Invalid "hosts" entry for "all" group', 'expected: host names as keys'],
  ],
  ['a file that is not there', 'gone', '', ['Unable to parse']],
];

describe('an inventory', () => {
  it.each(unread)('with %s is warned of, with its place', async (_what, name, text, told) => {
    const project = openProject({ 'site.yml': everywhere, ...(text !== '' && { [name]: text }) });
    const outcome = await project.run('site.yml', '-i', name);
    for (const part of told) expect(warningsIn(outcome).join('\n')).toContain(part);
    expect([outcome.code, outcome.touched]).toEqual([0, false]);
    expectNoTrace(outcome);
  });

  it('can be required to be right', async () => {
    const project = openProject({
      'site.yml': everywhere,
      hosts: '[web]\nlocalhost x\n',
      'ansible.cfg': '[inventory]\nany_unparsed_is_failed = yes\n',
    });
    const outcome = await project.run('site.yml', '-i', 'hosts');
    expect([outcome.code, outcome.touched]).toEqual([1, false]);
    expect(outcome.stderr).toContain('Expected key=value host variable assignment, got: x\n  at hosts:2:11\n');
  });

  it('whose files of variables are wrong is refused', async () => {
    const broken = openProject({ 'site.yml': everywhere, 'group_vars/all.yml': 'a: b: c\n' });
    expectRefusal(await broken.run('site.yml', '-i', 'localhost,'), 4, {
      message: 'YAML syntax: mapping values are not allowed in this context',
      at: 'group_vars/all.yml:1:5',
      line: 'a: b: c',
      hint: "quote a value that holds ': ', or leave out the space behind the second colon",
    });
    const list = openProject({ 'site.yml': everywhere, 'host_vars/localhost.yml': '- a\n' });
    expectRefusal(await list.run('site.yml', '-i', 'localhost,'), 4, {
      message: `the variables in ${list.directory}/host_vars/localhost.yml are no mapping, but list`.replace(
        `${list.directory}/`,
        '',
      ),
      at: 'host_vars/localhost.yml:1:1',
      line: '- a',
      expected: 'name: value, a line each',
    });
  });
});

describe('hosts', () => {
  it('that --limit leaves none of are an error, with the name that was meant', async () => {
    const project = openProject({ 'site.yml': everywhere, hosts: '[web]\nlocalhost\n' });
    expectRefusal(await project.run('site.yml', '-i', 'hosts', '-l', 'wbe'), 1, {
      message: "--limit 'wbe' leaves no host of the inventory",
      expected: 'a pattern of hosts or groups of the inventory',
      hint: "did you mean 'web'?",
    });
  });

  it('that no play names are passed over', async () => {
    const project = openProject({ 'site.yml': play().replace('localhost', 'wbe') });
    const outcome = await project.run('site.yml', '-i', 'web,');
    expect([outcome.code, outcome.touched]).toEqual([0, false]);
    expect(warningsIn(outcome)).toContain('Could not match supplied host pattern, ignoring: wbe');
    expect(outcome.stdout).toContain('skipping: no hosts matched');
  });

  it('by a pattern that is none are refused', async () => {
    const project = openProject({ 'site.yml': play().replace('localhost', '"~web("') });
    const outcome = await project.run('site.yml', '-i', 'web,');
    expect([outcome.code, outcome.touched]).toEqual([1, false]);
    expect(outcome.stderr).toContain('ERROR! Invalid host list pattern: ~web(');
    expectNoTrace(outcome);
  });

  it('without a name are refused', async () => {
    const project = openProject({ 'site.yml': play().replace('localhost', '[]') });
    expectRefusal(await project.run('site.yml'), 4, {
      message: 'Hosts list cannot be empty. Please check your playbook',
      at: 'site.yml:1:10',
      line: '- hosts: []',
      expected: 'a pattern of hosts, or a list of patterns',
    });
  });
});
