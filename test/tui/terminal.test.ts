import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { buildProgram, type Program } from '../resume/program.ts';
import { Canaries } from '../support/canary.ts';
import { folderForEachTest } from '../support/folders.ts';
import { hasTmux, openTerminal, type Terminal, type TerminalSettings } from './terminal.ts';

const isRequired = process.env.MUSTER_TEST_REQUIRE_ALL === '1';
const canaries = new Canaries('vault', 'prompt', 'no_log', 'extra');

const playbook = `
- name: Web servers
  hosts: all
  gather_facts: false
  vars_prompt:
    - {name: deploy_secret, prompt: Deploy secret, private: true}
    - {name: greeting, prompt: What to say, default: hello, private: false}
  tasks:
    - name: Say it
      ansible.builtin.command: echo {{ greeting }} {{ vault_secret }} {{ deploy_secret }} {{ extra_secret }}
      register: said
    - name: Keep it to itself
      ansible.builtin.command: cat hidden
      no_log: true
      args: {chdir: "{{ playbook_dir }}"}
      register: hidden
    - name: Wait for somebody
      ansible.builtin.pause: {prompt: Go on}
    - name: Fail on one
      ansible.builtin.command: "{{ 'false' if inventory_hostname == 'web2' else 'true' }}"
    - name: Write a file
      ansible.builtin.copy: {content: "of {{ inventory_hostname }}\\n", dest: "{{ playbook_dir }}/{{ inventory_hostname }}"}
`;

const files: Readonly<Record<string, string>> = {
  'site.yml': playbook,
  hidden: canaries.of('no_log'),
  'hosts.yml': 'all: {hosts: {web1: {}, web2: {}, web3: {}}, vars: {ansible_connection: local}}\n',
  'extra.yml': `extra_secret: ${canaries.of('extra')}\n`,
  password: 'sesame\n',
};

describe.skipIf(!hasTmux && !isRequired)('in a real terminal (needs tmux)', () => {
  let program: Program;
  const directory = folderForEachTest('muster-tui-');
  let terminal: Terminal;

  beforeAll(async () => {
    program = await buildProgram();
  }, 120_000);
  afterAll(() => program?.close());

  beforeEach(() => {
    for (const [name, text] of Object.entries(files)) directory.write(name, text);
  });
  afterEach(() => terminal?.close());

  const muster = (words: string): string => `'${process.execPath}' ${program.words.join(' ')} ${words}`;

  const open = async (settings: Partial<TerminalSettings> = {}): Promise<void> => {
    terminal = await openTerminal({ directory: directory.path, ...settings });
    await terminal.until('shell>');
    await terminal.type('before=$(stty -g); echo old text');
    await terminal.keys('Enter');
    await terminal.until(/^old text/m);
  };

  const enter = async (command: string): Promise<void> => {
    await terminal.type(command);
    await terminal.keys('Enter');
  };

  /** The first screen is back, with the cursor on it, and the terminal reads lines again. */
  const expectRestored = async (): Promise<void> => {
    // Keys that come before the shell reads would be the front end's.
    await terminal.until(/shell>\s*$/);
    await enter('test "$before" = "$(stty -g)" && echo is"" as before');
    const text = await terminal.until('is as before');
    expect(text).toContain('old text');
    const written = terminal.written();
    expect(written.lastIndexOf('\x1b[?1049l')).toBeGreaterThan(written.lastIndexOf('\x1b[?1049h'));
    expect(written.lastIndexOf('\x1b[?25h')).toBeGreaterThan(written.lastIndexOf('\x1b[?25l'));
  };

  test('starts a run from its form, answers it, looks at what failed, and opens its record', {
    timeout: 240_000,
  }, async () => {
    await open();
    await enter(
      `echo 'vault_secret: ${canaries.of('vault')}' > vars && ${muster('vault encrypt --vault-password-file password vars')} && mkdir -p group_vars && mv vars group_vars/all.yml; clear; echo old text`,
    );
    await terminal.until(/^old text/m);
    // What was typed so far is none of the front end's.
    directory.write('terminal.log', '');
    await enter(
      muster('tui -i hosts.yml -e @extra.yml --secret extra_secret --vault-password-file password --runs-dir runs'),
    );
    await terminal.until('> site.yml');
    await terminal.keys('Enter');
    await terminal.until('Start the run');
    await terminal.keys('C-r');
    await terminal.until(/^Deploy secret/m);
    await terminal.type(canaries.of('prompt'));
    await terminal.until(/^Deploy secret \*{20}/m);
    await terminal.keys('Enter');
    await terminal.until(/^Go on:/m);
    await terminal.keys('Enter');
    await terminal.until('ended, exit code 2');
    await terminal.keys('n');
    expect(await terminal.until('web2 failed')).toContain('non-zero return code');
    await terminal.keys('v');
    await terminal.until(/said = \(result of a task\)/);
    await terminal.resize(200, 60);
    await terminal.until(/web3 .* \| /);
    await terminal.resize(80, 24);
    await terminal.keys('Home', 'l');
    // What the commands said is shown, and of the secrets in it stars.
    await terminal.until('hello ******** ******** ********');
    for (const view of ['result', 'diff', 'variables', 'notes']) {
      await terminal.keys(']');
      await terminal.until(`[${view}]`);
    }
    await terminal.keys('Right', 'l');
    await terminal.until('no_log');
    await terminal.keys('2');
    await terminal.until(/vault_secret +\(from the vault\) +group_vars\/all +group_vars\/all\.yml:1/);
    await terminal.keys('4');
    await terminal.until(/failed +.* 3 +site\.yml/);
    await terminal.keys('Enter');
    await terminal.until('held at 1x');
    await terminal.until('web2 failed');
    await terminal.keys('q');
    await terminal.until(/run \w+ ended with exit code 2/);
    expect(readFileSync(directory.at('web3'), 'utf8')).toBe('of web3\n');
    expect(existsSync(directory.at('web2'))).toBe(false);
    canaries.expectNone('what was written to the terminal', terminal.written());
    await expectRestored();
  });

  test('watches a run, and gives the terminal back when the process is asked to end', {
    timeout: 240_000,
  }, async () => {
    await open({ env: { NO_COLOR: '1', CI: 'true' } });
    rmSync(directory.at('site.yml'));
    directory.write(
      'slow.yml',
      `- {hosts: web1, gather_facts: false, tasks: [{name: Slow, shell: "echo began; while ! test -e '${directory.path}/go'; do sleep 0.1; done"}, {name: Next, command: touch never, args: {chdir: "{{ playbook_dir }}"}}]}\n`,
    );
    await enter(`${muster('run slow.yml -i hosts.yml --tui --runs-dir runs')} & echo $! > pid; fg; echo exit $?`);
    await terminal.until('began');
    process.kill(Number(readFileSync(directory.at('pid'), 'utf8')), 'SIGTERM');
    await terminal.until('stopping');
    directory.write('go', '');
    await terminal.until('exit 99');
    await expectRestored();
    expect(existsSync(directory.at('never'))).toBe(false);
    expect(terminal.written()).not.toMatch(/\x1b\[[0-9;]*3\dm/);
    const [id] = readdirSync(directory.at('runs'));
    const manifest = JSON.parse(readFileSync(directory.at('runs', id!, 'manifest.json'), 'utf8'));
    expect(manifest).toMatchObject({ status: 'interrupted', exitCode: 99 });
  });

  test('lends the terminal to an editor', { timeout: 240_000 }, async () => {
    directory.write('editor', '#!/bin/sh\necho "editing $1"; read line; echo "$line" > edited\n', 0o755);
    await open({ env: { EDITOR: `${directory.path}/editor` } });
    await enter(muster('tui -i hosts.yml --runs-dir runs'));
    await terminal.until('> site.yml');
    await terminal.keys('e');
    await terminal.until('editing site.yml');
    await enter('all is well');
    await terminal.until('> site.yml');
    expect(readFileSync(directory.at('edited'), 'utf8')).toBe('all is well\n');
    await terminal.keys('q');
    await expectRestored();
  });

  test('gives the terminal back when the process crashes, and leaves the reason there', {
    timeout: 240_000,
  }, async () => {
    await open();
    const loader = import.meta.resolve('tsx');
    await enter(`'${process.execPath}' --import ${loader} ${join(import.meta.dirname, 'crash.ts')}; echo exit $?`);
    await terminal.until('> playbooks/site.yml');
    await terminal.keys('4');
    expect(await terminal.until(/^exit \d+/m)).toContain('nobody expected this');
    await expectRestored();
  });

  test('refuses where there is no terminal', { timeout: 120_000 }, async () => {
    await open();
    await enter(`${muster('tui')} </dev/null; echo exit $?`);
    const text = await terminal.until('exit 1');
    expect(text).toContain('the TUI needs a terminal');
  });

  test('keeps Ink and React out of what other commands read', () => {
    const folder = dirname(program.words[0]!);
    const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
    // Ink's own words where it is bundled, its name where it is not.
    const hasInk = (file: string): boolean => /ink-root|["'`]ink["'`]/.test(read(file));
    const seen = new Set<string>();
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const [, name = ''] of read(file).matchAll(/\b(?:from|import) ?["'](\.\/[^"']+)["']/g)) visit(name.slice(2));
    };
    const chunks = readdirSync(folder).filter((file) => file.endsWith('.js'));
    visit('muster.js');
    for (const file of chunks) if (/^(run|resume|retry|history|exec|schedule)-/.test(file)) visit(file);
    const withInk = chunks.filter(hasInk);
    expect(withInk.length).toBeGreaterThan(0);
    expect(seen.size).toBeGreaterThan(20);
    expect(withInk.filter((file) => seen.has(file))).toEqual([]);
  });
});
