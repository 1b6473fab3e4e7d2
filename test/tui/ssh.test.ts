import { existsSync, rmSync } from 'node:fs';
import { userInfo } from 'node:os';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { buildProgram, type Program } from '../resume/program.ts';
import { folderForEachTest } from '../support/folders.ts';
import { openSshd, type Sshd } from '../support/sshd.ts';
import { hasTmux, openTerminal, type Terminal, type TerminalSettings } from './terminal.ts';

const isRequired = process.env.MUSTER_TEST_REQUIRE_ALL === '1';

describe.skipIf(!hasTmux && !isRequired)('over ssh, in a real terminal (needs tmux and sshd)', () => {
  let program: Program;
  let sshd: Sshd;
  const directory = folderForEachTest('muster-tui-ssh-');
  let terminal: Terminal | undefined;
  beforeAll(async () => {
    program = await buildProgram();
  }, 120_000);
  afterAll(() => program?.close());

  beforeEach(async () => {
    sshd = await openSshd();
    const login = `ansible_host=${sshd.host} ansible_port=${sshd.port} ansible_user=${userInfo().username} ansible_ssh_private_key_file=${sshd.privateKey}`;
    directory.write(
      'hosts',
      `[web]\n${['web1', 'web2', 'web3'].map((host) => `${host} ${login}\n`).join('')}[web:vars]\nansible_ssh_common_args='-F none -o IdentityAgent=none -o UserKnownHostsFile=${sshd.knownHosts}'\n`,
    );
    directory.write(
      'site.yml',
      `- name: Web servers
  hosts: web
  gather_facts: false
  tasks:
    - name: Wait
      shell: echo {{ inventory_hostname }} began; echo x >>{{ playbook_dir }}/began; until [ -e {{ playbook_dir }}/go ]; do sleep 0.1; done; echo {{ inventory_hostname }} went on
    - name: Fail on one
      shell: "[ {{ inventory_hostname }} != web2 ] || [ -e {{ playbook_dir }}/good ]"
    - name: Write
      copy: {content: "of {{ inventory_hostname }}\\n", dest: "{{ playbook_dir }}/{{ inventory_hostname }}"}
`,
    );
  }, 120_000);
  afterEach(async () => {
    await terminal?.close();
    await sshd?.close();
  });

  const isThere = (name: string): boolean => existsSync(directory.at(name));

  test.each<Omit<TerminalSettings, 'directory'>>([
    { columns: 80, rows: 24, env: { NO_COLOR: '1', TERM: 'screen' } },
    { columns: 200, rows: 60, env: {} },
  ])(
    'runs from the form, is watched, goes on with what failed, is cancelled and played again: $columns x $rows',
    {
      timeout: 300_000,
    },
    async (settings) => {
      terminal = await openTerminal({ directory: directory.path, ...settings });
      const { keys, until } = terminal;
      await until('shell>');
      await terminal.type(`'${process.execPath}' ${program.words.join(' ')} tui -i hosts --runs-dir runs`);
      await keys('Enter');
      await until('> site.yml');
      await keys('Enter');
      await until('Start the run');
      await keys('C-r');
      // What a command says is seen while it runs, of each host that the cursor is on.
      await until(/^> web1 .*>/m);
      await until('web1 began');
      await keys('j');
      await until('web2 began');
      directory.write('go', '');
      await until('ended, exit code 2');
      await keys('n');
      expect(await until('web2 failed')).toContain('non-zero return code');
      expect([isThere('web1'), isThere('web2'), isThere('web3')]).toEqual([true, false, true]);

      // Again, on what failed.
      directory.write('good', '');
      await keys('r');
      await until('failed');
      await keys('f');
      await until('ended well');
      const again = await until(/^[> ] web2 [ \d]*c c c/m);
      expect(again).not.toMatch(/^[> ] web1 /m);
      expect(isThere('web2')).toBe(true);

      // Cancelled: what runs ends, nothing more begins.
      rmSync(directory.at('go'));
      rmSync(directory.at('web2'));
      await keys('1');
      await until('> site.yml');
      await keys('Enter');
      await until('Start the run');
      await keys('C-r');
      await until('web1 began');
      await keys('s');
      await until('stopping');
      directory.write('go', '');
      await until('ended, exit code 99');
      expect(isThere('web2')).toBe(false);

      // Played again, from its beginning.
      await keys('4');
      const history = await until(/interrupted.*\n.* ok .*\n.* failed /);
      expect(history.match(/site\.yml/g)).toHaveLength(3);
      await keys('G', 'Enter');
      await until('held at');
      await keys('b');
      await until(/replay +0/);
      for (let step = 0; step < 3; step++) await keys('.');
      await until(/^[> ] web\d [ \d]*[.c]/m);
      await keys('z');
      await until('web2 failed');
      await keys('q');
      await until(/shell>\s*$/);
      const colors = terminal.written().match(/\x1b\[[0-9;]*3\dm/g) ?? [];
      expect(colors.length > 0).toBe(settings.env?.NO_COLOR === undefined);
    },
  );
});
