import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Resumed } from '../../runner/cli/open-record.ts';
import { readRunCommand } from '../../runner/cli/read-run-command.ts';
import { resumption } from '../../runner/cli/resume.ts';
import { startRun } from '../../runner/cli/start-run.ts';
import type { Prompter } from '../../runner/engine/index.ts';
import { readRun, runIds } from '../../runner/record/index.ts';
import { freePort, openSshd } from '../support/sshd.ts';
import { Project } from './project.ts';

let project: Project;
beforeEach(() => {
  project = new Project();
});
afterEach(() => project.close());

const record = (back = 0) => {
  const runs = join(project.directory, 'runs');
  return readRun(runs, runIds(runs)[back]!);
};

// Appends a line for each execution; the task fails on b while there is a file `bad`.
const failing = `
- name: First
  shell: echo first {{ inventory_hostname }} >>log; echo said {{ inventory_hostname }}
  register: first
  notify: Tell
- name: Second
  shell: echo second {{ inventory_hostname }} >>log; [ {{ inventory_hostname }} != b ] || [ ! -e bad ]
- name: Third
  shell: echo third {{ first.stdout }} >>log
`;
const handler = '  handlers:\n    - name: Tell\n      shell: echo told {{ inventory_hostname }} >>log\n';

describe('resume', () => {
  test('goes on where each host failed, and with what failed hosts missed', async () => {
    project.playbook(failing, handler);
    project.write('bad', '');
    const broken = await project.run();
    expect(broken.exitCode).toBe(2);
    expect(broken.text).toContain(`to go on from here: muster resume ${record().id}\n`);
    expect(broken.text).toContain(`to begin again with the hosts that failed: muster retry ${record().id}\n`);
    project.write('site.yml', `# A comment changes nothing.\n${readFileSync('site.yml', 'utf8')}`);
    rmSync('bad');
    const resumed = await project.muster('resume');
    expect(resumed.exitCode, resumed.text).toBe(0);
    expect(resumed.text).toContain(`resuming run ${record(1).id}: 9 tasks had ended well\n`);
    expect(resumed.text).toContain('TASK [Second] *');
    expect(resumed.text).not.toContain('TASK [First]');
    expect(resumed.text).not.toMatch(/changed: \[[ac]\]/);
    expect(resumed.text).toMatch(/^a +: ok=4 +changed=4 /m);
    expect(resumed.text).toMatch(/^b +: ok=4 +changed=4 +unreachable=0 +failed=0 /m);
    const words = ['first a', 'second a', 'third said a', 'told a'];
    const all = ['a', 'b', 'c'].flatMap((host) => words.map((line) => line.replace(/a$/, host)));
    expect(project.lines()).toEqual([...all, 'second b'].sort());
    expect(record()).toMatchObject({ status: 'ok', manifest: { resumes: record(1).id } });
    expect(readFileSync(join(record().directory, 'events.jsonl'), 'utf8')).toContain(`"resumes":"${record(1).id}"`);
    const again = await project.muster('resume');
    expect(again).toMatchObject({ exitCode: 1, text: expect.stringContaining('is to be gone on with') });
    expect((await project.muster('resume', 'last')).text).toContain('ended well: there is nothing to go on with');
    expect((await project.muster('resume', 'last~1')).text).toContain(
      `run ${record().id} has gone on with run ${record(1).id}`,
    );
  });

  test('goes on with hosts that could not be reached, once they can', async () => {
    const sshd = await openSshd();
    try {
      const options = `-F none -o IdentityAgent=none -o UserKnownHostsFile=${sshd.knownHosts}`;
      project.write(
        'inventory',
        `a ansible_connection=local\nb ansible_host=${sshd.host} ansible_user=${userInfo().username} ansible_ssh_private_key_file=${sshd.privateKey}\n[all:vars]\nansible_ssh_common_args='${options}'\n`,
      );
      project.write('host_vars/b.yml', `ansible_port: "{{ lookup('file', playbook_dir ~ '/port') }}"\n`);
      project.write('port', String(await freePort()));
      project.playbook('- shell: echo {{ inventory_hostname }} >>{{ playbook_dir }}/log\n');
      expect((await project.run()).exitCode).toBe(4);
      expect(project.lines()).toEqual(['a']);
      project.write('port', String(sshd.port));
      const resumed = await project.muster('resume');
      expect(resumed.exitCode, resumed.text).toBe(0);
      expect(project.lines()).toEqual(['a', 'b']);
    } finally {
      await sshd.close();
    }
  });

  test('goes on without a record of its own, too', async () => {
    project.playbook('- shell: echo one >>log\n- shell: echo two >>log; test -e good\n');
    expect((await project.run('--limit', 'a')).exitCode).toBe(2);
    project.write('good', '');
    vi.stubEnv('MUSTER_RECORD', 'false');
    expect((await project.muster('resume')).exitCode).toBe(0);
    expect(project.lines()).toEqual(['one', 'two', 'two']);
  });

  test('ends plays and hosts where they ended, without asking again', async () => {
    project.playbook(
      '- command: echo yes\n  register: said\n  no_log: true\n- meta: end_host\n  when: said.stdout == "yes" and inventory_hostname == "a"\n- shell: echo {{ inventory_hostname }} >>log; test -e good\n',
    );
    expect((await project.run('--limit', 'a,b')).exitCode).toBe(2);
    project.write('good', '');
    const resumed = await project.muster('resume');
    expect(resumed.exitCode, resumed.text).toBe(0);
    expect(project.lines()).toEqual(['b', 'b']);
  });

  test('refuses when sources have changed, and names them; --force goes on', async () => {
    project.playbook('- include_tasks: more.yml\n');
    project.write('more.yml', '- shell: echo one >>log\n- name: Fails\n  command: "false"\n');
    project.write('group_vars/all.yml', 'x: 1\n');
    expect((await project.run('--limit', 'a')).exitCode).toBe(2);
    project.write('more.yml', '- shell: echo one >>log\n- name: Mended\n  shell: echo two >>log\n');
    project.write('group_vars/all.yml', 'x: 2\n');
    const refused = await project.muster('resume');
    expect(refused.exitCode).toBe(1);
    expect(refused.text).toContain(`changed since run ${record().id}: `);
    for (const name of ['more.yml', 'group_vars/all.yml']) {
      expect(refused.text).toContain(join(project.directory, name));
    }
    expect(refused.text).toContain(`'muster resume ${record().id} --force'`);
    expect(runIds(join(project.directory, 'runs'))).toHaveLength(1);
    const forced = await project.muster('resume', '--force');
    expect(forced.exitCode, forced.text).toBe(0);
    expect(project.lines()).toEqual(['one', 'two']);
  });

  test('minds a template that has changed, but no file that is gone since it was copied', async () => {
    project.playbook(`
- template: {src: "{{ playbook_dir }}/a.j2", dest: "{{ playbook_dir }}/out"}
- copy: {src: "{{ playbook_dir }}/temporary", dest: "{{ playbook_dir }}/copy"}
- file: {path: "{{ playbook_dir }}/temporary", state: absent}
- shell: test -e good
`);
    project.write('a.j2', 'one');
    project.write('temporary', 'x');
    expect((await project.run('--limit', 'a')).exitCode).toBe(2);
    project.write('good', '');
    project.write('a.j2', 'two');
    expect((await project.muster('resume')).text).toContain(`: ${join(project.directory, 'a.j2')}\n`);
    project.write('a.j2', 'one');
    expect((await project.muster('resume')).exitCode).toBe(0);
  });

  test('runs only what is new when tasks came and went before the place', async () => {
    const task = (name: string): string => `- name: ${name}\n  shell: echo ${name} >>log\n`;
    project.playbook(`${task('one')}${task('two')}${task('three')}- name: end\n  shell: test -e good\n`);
    expect((await project.run('--limit', 'a')).exitCode).toBe(2);
    project.write('good', '');
    project.playbook(`${task('new')}${task('one')}${task('three')}- name: end\n  shell: test -e good\n`);
    expect((await project.muster('resume', '--force')).exitCode).toBe(0);
    expect(project.lines()).toEqual(['new', 'one', 'three', 'two']);
  });

  test('refuses when a source has come in, or a play has other hosts', async () => {
    project.playbook('- command: "true"\n- command: "false"\n');
    project.write(
      'hosts.sh',
      '#!/bin/sh\nif [ -e more ]; then echo "{\\"all\\": [\\"a\\", \\"d\\"]}"; else echo "{\\"all\\": [\\"a\\"]}"; fi\n',
    );
    chmodSync('hosts.sh', 0o755);
    const run = ['run', '-i', 'hosts.sh', '-c', 'local', 'site.yml', '--output', 'classic'];
    expect((await project.muster(...run)).exitCode).toBe(2);
    project.write('more', '');
    const refused = await project.muster('resume');
    expect(refused.text).toContain("the hosts of the play 'all' have changed since: d came in");
    expect(refused.exitCode).toBe(1);
    project.write('host_vars/a.yml', 'x: 1\n');
    project.write('group_vars/all.yml', 'x: 1\n');
    const other = await project.muster('resume');
    expect(other.exitCode).toBe(1);
    for (const name of ['host_vars/a.yml', 'group_vars/all.yml']) {
      expect(other.text).toContain(join(project.directory, name));
    }
    expect(other.text).toMatch(/there are sources now that run \w+ did not have: /);
  });

  test('does not run items of a loop again that had ended well', async () => {
    project.playbook(
      '- name: Loop\n  shell: echo {{ item }} >>log; [ {{ item }} != y ] || [ -e good ]; echo out {{ item }}; [ {{ item }} != y ] || [ -e good ]\n  loop: [x, y, z]\n  register: all\n- shell: echo {{ all.results | map(attribute="stdout") | join(",") }} >>log\n',
    );
    expect((await project.run('--limit', 'a')).exitCode).toBe(2);
    project.write('good', '');
    expect((await project.muster('resume')).exitCode).toBe(0);
    expect(project.lines()).toEqual(['out x,out y,out z', 'x', 'y', 'y', 'z']);
  });

  test('knows nothing of what no_log kept out: reads it again, or says why it cannot', async () => {
    project.write('secret', 'hunter2hunter2');
    project.playbook(`
- slurp: {src: "{{ playbook_dir }}/secret"}
  register: read
  no_log: true
- set_fact:
    plain: "{{ read.content | b64decode }}"
  no_log: true
- shell: cat secret; echo executed >>log
  register: said
  no_log: true
- name: Needs what may be read again
  shell: echo {{ plain | length }} >>log; test -e good
- name: Asks only how it ended
  shell: echo {{ said is changed }} {{ said.failed }} >>log
- name: Needs what is gone
  shell: echo {{ said.stdout | length }} >>log
`);
    expect((await project.run('--limit', 'a')).exitCode).toBe(2);
    project.write('good', '');
    const resumed = await project.muster('resume');
    expect(resumed.exitCode).toBe(2);
    expect(resumed.text).toContain('is needed and is not in the record: no_log keeps it out');
    expect(project.lines()).toEqual(['14', '14', 'True False', 'executed'].sort());
    const again = await project.muster('resume', '--rerun-censored', '-vv');
    expect(again.exitCode, again.text).toBe(0);
    expect(project.lines()).toEqual(['14', '14', '14', 'True False', 'executed', 'executed'].sort());
    for (const back of [0, 1, 2]) {
      expect(readFileSync(join(record(back).directory, 'journal.jsonl'), 'utf8')).not.toContain('hunter2');
    }
  });

  test('leaves out texts with secrets in them, and no more', async () => {
    project.playbook(`
- command: echo password is {{ pw }}
  register: said
- shell: test -e good
- shell: echo {{ said.rc }} >>log
- name: Needs it
  shell: echo {{ said.stdout | length }} >>log
`);
    const given = ['-e', 'pw=hunter2hunter2', '--secret', 'pw'];
    expect((await project.run('--limit', 'a', ...given)).exitCode).toBe(2);
    expect(record().manifest?.command).toContain('pw=********');
    project.write('good', '');
    const refused = await project.muster('resume');
    expect(refused.text).toContain('does not hold a secret of its command line: pw');
    expect(refused.text).toContain('expected: -e pw=…');
    const resumed = await project.muster('resume', record().id, '-e', 'pw=hunter2hunter2');
    expect(resumed.exitCode).toBe(2);
    expect(resumed.text).toContain('is needed and is not in the record: a secret stands in it');
    const again = await project.muster('resume', '--rerun-censored', '-e', 'pw=hunter2hunter2');
    expect(again.exitCode, again.text).toBe(0);
    expect(project.lines()).toEqual(['0', '26']);
  });

  test('restores what include_vars, facts, add_host and group_by made', async () => {
    project.write('vars.yml', 'included: from a file\n');
    project.playbook(
      `
- setup:
    gather_subset: [min]
- include_vars: vars.yml
- add_host: {name: new, ansible_connection: local, mine: 5}
- group_by: {key: "made_{{ inventory_hostname }}"}
- shell: test -e good
- shell: echo {{ inventory_hostname }} {{ included }} {{ ansible_facts.system }} {{ hostvars.new.mine }} {{ groups.made_b }} >>log
`,
      '- hosts: made_a:new\n  gather_facts: false\n  tasks:\n    - shell: echo second {{ inventory_hostname }} >>log\n',
    );
    expect((await project.run()).exitCode).toBe(2);
    project.write('good', '');
    expect((await project.muster('resume')).exitCode).toBe(0);
    const lines = ['a', 'b', 'c'].map((host) => `${host} from a file Linux 5 [b]`);
    expect(project.lines()).toEqual([...lines, 'second a', 'second new']);
  });
});

test('answers to questions are kept, unless they are secrets', async () => {
  project.write(
    'site.yml',
    `- hosts: all
  gather_facts: false
  vars_prompt:
    - {name: color, private: false}
    - {name: secret}
  tasks:
    - shell: test -e good
    - shell: echo {{ color }} {{ secret | length }} >>log
`,
  );
  const asked: string[] = [];
  const prompter: Prompter = {
    isInteractive: true,
    ask: async ({ text, isSecret }) => {
      asked.push(text);
      return isSecret ? 'hunter2hunter2' : 'red';
    },
    pause: async () => '',
    command: async () => undefined,
    tell: () => {},
  };
  const attendant = { askPassword: async () => '', prompter: () => prompter };
  const words = ['-i', 'inventory', '--limit', 'a', 'site.yml'];
  const read = readRunCommand(words);
  if (typeof read === 'number') throw new Error('no run');
  const run = (resumed?: Resumed): Promise<number> =>
    startRun({ ...read, args: words, attendant, subscribe: () => {}, resumed }).done;
  expect(await run()).toBe(2);
  project.write('good', '');
  expect(await run(resumption(record(), { isForced: false, rerunsCensored: false }))).toBe(0);
  expect(asked).toEqual(['color', 'secret', 'secret']);
  expect(project.lines()).toEqual(['red 14']);
});

describe('retry', () => {
  test('runs failed hosts from the beginning, with the same options', async () => {
    project.playbook(failing, handler);
    project.write('bad', '');
    expect((await project.run('-e', 'x=1', '--limit', 'a,b', '--diff')).exitCode).toBe(2);
    const id = record().id;
    const before = project.lines();
    rmSync('bad');
    const retried = await project.muster('retry', id, '--output=console');
    expect(retried.exitCode, retried.text).toBe(0);
    expect(project.lines()).toEqual([...before, 'first b', 'second b', 'third said b', 'told b'].sort());
    expect(retried.text).toContain('RECAP\n');
    const words = record(1).manifest!.command.filter((word) => word !== '--output' && word !== 'classic');
    expect(record().manifest?.command).toEqual([...words, '--output=console', '--limit', 'b']);
    expect(record().manifest?.resumes).toBeUndefined();
    expect((await project.muster('retry', 'last')).text).toContain('no host failed or was unreachable');
  });
});

test('both tell what they do', async () => {
  expect((await project.muster('resume', '--help')).text).toMatch(/Goes on with a run .*--force.*--rerun-censored/s);
  expect((await project.muster('retry', '--help')).text).toMatch(/on the hosts that failed or could not\s+be reached/);
  expect((await project.muster('retry')).exitCode).toBe(2);
  expect((await project.muster('resume')).text).toContain('is to be gone on with');
});
