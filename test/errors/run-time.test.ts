import { describe, expect, it } from 'vitest';
import { expectNoTrace, failureIn, type Outcome, openProject, play, problemsIn } from './project.ts';

/** Runs a playbook whose second task fails on this machine, and gives what was said of that. */
const failWith = async (
  tasks: string,
  files: Readonly<Record<string, string>> = {},
  keywords = '',
): Promise<{ outcome: Outcome; told: string[] }> => {
  const outcome = await openProject({ 'site.yml': play(tasks, keywords), ...files }).run('site.yml');
  expectNoTrace(outcome);
  expect([outcome.code, outcome.touched]).toEqual([2, true]);
  expect(outcome.stdout).toContain('failed=1');
  return { outcome, told: failureIn(outcome) };
};

/** The message in the line of a failed host. */
const messageOf = (line = ''): string => String((JSON.parse(line.slice(line.indexOf('{'))) as { msg: unknown }).msg);

const failure = (msg: string): string =>
  `fatal: [localhost]: FAILED! => {"changed": false, "msg": ${JSON.stringify(msg)}}`;

const failing: readonly [string, string, string, readonly string[]][] = [
  [
    'an undefined variable',
    '    - debug:\n        msg: "{{ hostnam }}"\n',
    "'hostnam' is undefined",
    [
      'at site.yml:6:18',
      '> 6 |         msg: "{{ hostnam }}"',
      '    |                  ^',
      "hint: define it in the inventory, in vars or by --extra-vars, or give a fallback: {{ hostnam | default('…') }}",
    ],
  ],
  [
    'an undefined variable that is like another',
    '    - debug:\n        msg: "{{ inventory_hostnam }}"\n',
    "'inventory_hostnam' is undefined",
    ['at site.yml:6:18', "hint: did you mean 'inventory_hostname'?"],
  ],
  [
    'an undefined variable in a condition',
    '    - ping:\n      when: nowhere == 1\n',
    "'nowhere' is undefined",
    ['at site.yml:6:13', '> 6 |       when: nowhere == 1', '    |             ^'],
  ],
  [
    'a condition on a block that is no expression',
    '    - block:\n        - ping:\n      when: [true, a = 1]\n',
    "The conditional check 'a = 1' failed",
    ['at site.yml:7:20', "hint: '==' compares"],
  ],
  [
    'a template that is none',
    '    - debug:\n        msg: "{{ a b }}"\n',
    "expected '}}', got 'b'",
    ['at site.yml:6:20', '> 6 |         msg: "{{ a b }}"', '    |                    ^'],
  ],
  [
    'an unknown filter',
    '    - debug:\n        msg: "{{ 1 | to_jsn }}"\n',
    'to_jsn',
    ['at site.yml:6:22', "hint: did you mean 'to_json'?"],
  ],
  [
    'an unknown lookup',
    "    - debug:\n        msg: \"{{ lookup('fyle', 'x') }}\"\n",
    'fyle',
    ['at site.yml:6:24', "hint: did you mean 'file'?"],
  ],
  [
    'a loop over a number',
    '    - debug: {msg: a}\n      loop: "{{ 5 }}"\n',
    "Invalid data passed to 'loop', it requires a list, got this instead: 5",
    [
      'at site.yml:6:13',
      '> 6 |       loop: "{{ 5 }}"',
      'hint: a lookup gives a list with wantlist=True, or when called as query()',
    ],
  ],
  [
    'a loop over text',
    '    - debug: {msg: a}\n      loop: abc\n',
    "Invalid data passed to 'loop', it requires a list, got this instead: abc",
    ['at site.yml:6:13', '> 6 |       loop: abc'],
  ],
  [
    'an include of tasks that are not there',
    '    - include_tasks: gone.yml\n',
    "cannot find the file 'gone.yml' to include",
    ['at site.yml:5:22', '> 5 |     - include_tasks: gone.yml', 'hint: looked for gone.yml'],
  ],
  [
    'a user to become that there is not',
    '    - command: id\n      become: yes\n      become_user: nosuchuser\n',
    'there is no user nosuchuser on the host',
    [],
  ],
  [
    'a way to become another user that there is not',
    '    - command: id\n      become: yes\n      become_method: sudoo\n',
    "there is no become method 'sudoo'",
    ['expected: sudo, su or doas', "hint: did you mean 'sudo'?"],
  ],
  [
    'arguments that a template makes senseless',
    '    - debug:\n        rubbish {{ "here" }}\n',
    "debug: invalid or malformed argument: 'rubbish here'",
    ['at site.yml:6:9', 'expected: arguments as a mapping, or as key=value words'],
  ],
  [
    'a number of tries that is none',
    '    - command: id\n      retries: "{{ inventory_hostname }}"\n      until: true\n',
    "'retries' is str 'localhost', which is not a valid number",
    ['at site.yml:6:16', 'expected: a number'],
  ],
];

describe('a task fails at', () => {
  it.each(failing)('%s', async (_what, tasks, message, details) => {
    const { told } = await failWith(tasks);
    expect(messageOf(told[0])).toContain(message);
    expect(told.slice(1)).toEqual(expect.arrayContaining([...details]));
  });

  it('a handler that nobody has', async () => {
    const project = openProject({
      'site.yml': play('    - command: id\n      notify: restart\n', '  handlers: [{name: restrat, ping: }]\n'),
    });
    const outcome = await project.run('site.yml');
    expect(outcome.code).toBe(1);
    expect(outcome.stdout + outcome.stderr).toContain("The requested handler 'restart' was not found");
    expect(outcome.stdout + outcome.stderr).toContain('at site.yml:7:15');
    expect(outcome.stdout + outcome.stderr).toContain("hint: did you mean 'restrat'?");
    expectNoTrace(outcome);
  });

  it('a connection that muster does not have', async () => {
    const project = openProject({ 'site.yml': play() });
    for (const [name, hint] of [
      ['docker', 'hint: reach the container by ssh, or run docker commands on its host'],
      ['winrm', 'hint: Windows hosts are not supported'],
    ]) {
      const outcome = await project.run('site.yml', '-i', `localhost,`, '-c', name!);
      expect([outcome.code, outcome.touched]).toEqual([2, false]);
      expect(failureIn(outcome)).toEqual([
        failure(`connection '${name}' is not supported`),
        'expected: ssh or local',
        hint,
      ]);
    }
  });
});

describe('a run ends at', () => {
  it('a mistake in a file that is included, as ansible-playbook ends', async () => {
    const project = openProject({ 'site.yml': play('    - include_tasks: more.yml\n'), 'more.yml': '- pingg:\n' });
    const outcome = await project.run('site.yml');
    expect([outcome.code, outcome.touched]).toEqual([4, true]);
    expect(problemsIn(outcome.stderr)).toEqual([
      [
        "ERROR! 'pingg' is neither a module that muster has nor a keyword of a task",
        '  at more.yml:1:3',
        '> - pingg:',
        '^ 3',
        "hint: did you mean 'ping'?",
      ],
    ]);
    expectNoTrace(outcome);
  });
});

describe('the details of a failure', () => {
  it('are kept from the output under no_log', async () => {
    const { outcome, told } = await failWith('    - debug: {msg: "hush {{ nowhere }}"}\n      no_log: yes\n');
    expect(told).toHaveLength(1);
    expect(outcome.stdout + outcome.stderr).not.toMatch(/hush|nowhere/);
  });

  it('are left out where the failure is ignored', async () => {
    const project = openProject({
      'site.yml': play('    - debug: {msg: "{{ nowhere }}"}\n      ignore_errors: yes\n'),
    });
    const outcome = await project.run('site.yml');
    expect(outcome.code).toBe(0);
    const told = failureIn(outcome);
    expect(messageOf(told[0])).toContain("'nowhere' is undefined");
    expect(told.slice(1)).toEqual(['...ignoring']);
  });

  it('are in the events', async () => {
    const project = openProject({ 'site.yml': play('    - debug: {msg: "{{ inventory_hostnam }}"}\n') });
    const { stdout } = await project.run('site.yml', '--output', 'jsonl');
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const failed = events.find(({ type, status }) => type === 'host_result' && status === 'failed');
    expect(failed?.details).toEqual([
      {
        place: 'site.yml:5:24',
        frame: expect.stringContaining('> 5 |     - debug: {msg: "{{ inventory_hostnam }}"}\n'),
        hint: "did you mean 'inventory_hostname'?",
      },
    ]);
  });
});
