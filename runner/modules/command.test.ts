import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ModuleHost, openModuleHost } from '../../test/support/module-host.ts';
import command from './command.ts';
import ping from './ping.ts';
import raw from './raw.ts';
import shell from './shell.ts';

let host: ModuleHost;

describe.each(['gnu', 'busybox'] as const)('with %s tools', (tools) => {
  beforeAll(async () => {
    host = await openModuleHost(tools);
  });
  afterAll(() => host.close());

  const nothing = { stdout: '', stdout_lines: [], stderr: '', stderr_lines: [] };

  describe('command', () => {
    test('runs words without a shell and tells all about it, in one round trip', async () => {
      const cost = await host.countRoundTrips(async () => {
        const result = await host.run(command, { cmd: 'echo "a  b" \'c\' $NOPE ; |' });
        expect(result).toMatchObject({
          changed: true,
          cmd: ['echo', 'a  b', 'c', '$NOPE', ';', '|'],
          rc: 0,
          stdout: 'a  b c $NOPE ; |',
          stdout_lines: ['a  b c $NOPE ; |'],
          stderr: '',
          stderr_lines: [],
          msg: '',
        });
        expect(result.start).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$/);
        expect(result.delta).toMatch(/^0:00:0\d(\.\d{6})?$/);
      });
      expect(cost).toBe(1);
    });

    test('times are those of the host', async () => {
      const before = Date.now();
      const { start, end, delta } = await host.run(command, { cmd: 'sleep 0.3' });
      const read = (time: unknown) => new Date(String(time).replace(' ', 'T')).getTime();
      expect(Math.abs(read(start) - before)).toBeLessThan(2000);
      expect(read(end) - read(start)).toBeGreaterThanOrEqual(250);
      expect(delta).toMatch(/^0:00:0[01]\.[3-9]/);
    });

    test('expands variables and homes as Python does', async () => {
      const args = { cmd: 'printf "%s\\n" $HOME ~ ~/x ~root/y ${NOPE} a~ $HOME/"b c" $IFS "$"' };
      const result = await host.run(command, args);
      const home = process.env.HOME;
      expect(result.stdout_lines).toEqual([
        home,
        home,
        `${home}/x`,
        '/root/y',
        '${NOPE}',
        'a~',
        `${home}/b c`,
        '$IFS',
        '$',
      ]);
      expect(await host.run(command, { argv: ['echo', '$HOME', '~'], expand_argument_vars: false })).toMatchObject({
        stdout: '$HOME ~',
      });
    });

    test('a program that is not there', async () => {
      expect(await host.run(command, { cmd: 'nosuchcmd a "b c"' })).toEqual({
        changed: false,
        failed: true,
        cmd: "nosuchcmd a 'b c'",
        rc: 2,
        msg: "[Errno 2] No such file or directory: b'nosuchcmd'",
        ...nothing,
      });
      expect(await host.run(command, { cmd: '/etc/passwd x' })).toMatchObject({
        rc: 13,
        msg: "[Errno 13] Permission denied: b'/etc/passwd'",
      });
      // A word that only the shell knows is no program.
      expect(await host.run(command, { cmd: 'export x' })).toMatchObject({ rc: 2 });
    });

    test('chdir, creates and removes', async () => {
      await mkdir(join(host.directory, 'a dir'));
      await writeFile(join(host.directory, 'a dir', 'file one'), '');
      const chdir = join(host.directory, 'a dir');
      expect(await host.run(command, { cmd: 'pwd', chdir })).toMatchObject({ stdout: chdir });
      expect(await host.run(command, { cmd: 'pwd', chdir: '/nope' })).toEqual({
        changed: false,
        failed: true,
        cmd: ['pwd'],
        rc: null,
        start: null,
        end: null,
        delta: null,
        msg: "Unable to change directory before execution: [Errno 2] No such file or directory: b'/nope'",
        ...nothing,
      });
      expect(await host.run(command, { cmd: 'pwd', chdir: '/etc/passwd' })).toMatchObject({
        msg: "Unable to change directory before execution: [Errno 20] Not a directory: b'/etc/passwd'",
      });
      const cost = await host.countRoundTrips(async () => {
        expect(await host.run(command, { cmd: 'pwd', chdir, creates: 'file o*' })).toMatchObject({
          changed: false,
          rc: 0,
          msg: "Did not run command since 'file o*' exists",
          stdout: 'skipped, since file o* exists',
          stdout_lines: ['skipped, since file o* exists'],
        });
      });
      expect(cost).toBe(1);
      expect(await host.run(command, { cmd: 'pwd', chdir, creates: 'file [p-z]*' })).toMatchObject({ changed: true });
      expect(await host.run(command, { cmd: 'pwd', chdir, removes: 'file*' })).toMatchObject({ changed: true });
      expect(await host.run(command, { cmd: 'pwd', chdir, removes: 'nope*' })).toMatchObject({
        changed: false,
        msg: "Did not run command since 'nope*' does not exist",
      });
    });

    test('standard input', async () => {
      expect(await host.run(command, { cmd: 'od -c', stdin: "a'b" })).toMatchObject({
        stdout_lines: ["0000000   a   '   b  \\n", '0000004'],
      });
      expect(await host.run(command, { cmd: 'wc -c', stdin: 'abc', stdin_add_newline: false })).toMatchObject({
        stdout: '3',
      });
      expect(await host.run(command, { cmd: 'true', stdin: 'x'.repeat(300_000) })).toMatchObject({ rc: 0, stderr: '' });
      expect(await host.run(command, { cmd: 'cat' })).toMatchObject({ stdout: '' });
    });

    test('the end of the output', async () => {
      expect(await host.run(command, { argv: ['printf', 'a\\r\\n\\n'], strip_empty_ends: false })).toMatchObject({
        stdout: 'a\r\n\n',
        stdout_lines: ['a', ''],
      });
      expect(await host.run(command, { argv: ['printf', ' a \\r\\n\\n'] })).toMatchObject({ stdout: ' a ' });
    });

    test('nothing to run', async () => {
      expect(await host.run(command, { cmd: ' ' })).toMatchObject({ failed: true, rc: 256, msg: 'no command given' });
      expect(await host.run(command, { cmd: 'a', argv: ['b'] })).toMatchObject({
        rc: 256,
        cmd: null,
        msg: 'only command or argv can be given, not both',
      });
      expect(await host.run(command, { cmd: 'echo "a' })).toMatchObject({
        msg: 'the command cannot be split into words: No closing quotation',
      });
    });

    test('executable is warned about', async () => {
      expect(await host.run(command, { cmd: 'echo a', executable: '/bin/bash' })).toMatchObject({ stdout: 'a' });
      expect(host.warnings.at(-1)).toContain("Not using '/bin/bash'");
    });
  });

  describe('shell', () => {
    test('output and exit code', async () => {
      expect(await host.run(shell, { cmd: 'echo hi | tr h H; echo err >&2; exit 3' })).toMatchObject({
        changed: true,
        failed: true,
        cmd: 'echo hi | tr h H; echo err >&2; exit 3',
        rc: 3,
        stdout: 'Hi',
        stderr: 'err',
        msg: 'non-zero return code',
      });
    });

    test('what a shell text does stays in its own process', async () => {
      await host.run(shell, {
        cmd: 'cd /; m_execute() { echo harm; }; export M=1; exec >/dev/null; umask 0',
      });
      expect(await host.run(shell, { cmd: 'if fi' })).toMatchObject({ rc: 2 });
      expect(await host.run(shell, { cmd: 'echo ok "$M"; exit' })).toMatchObject({ rc: 0, stdout: 'ok ' });
    }, 5000);

    test('a signal is a negative code, an exit code above 128 is not', async () => {
      expect(await host.run(shell, { cmd: 'kill -9 $$' })).toMatchObject({ rc: -9, stderr: '' });
      expect(await host.run(shell, { cmd: 'exit 137' })).toMatchObject({ rc: 137 });
    });

    test('bytes that are no text are kept as Python keeps them', async () => {
      const result = await host.run(shell, { cmd: 'printf "a\\377b\\036c\\303\\251\\r\\n\\n"' });
      expect(result.stdout).toBe('a\udcffb\x1ecé');
    });

    test('another shell', async () => {
      expect(await host.run(shell, { cmd: 'echo $BASH', executable: '/bin/bash' })).toMatchObject({
        stdout: '/bin/bash',
      });
      expect(await host.run(shell, { cmd: 'echo a', executable: '/nope/sh' })).toMatchObject({
        cmd: "/nope/sh -c 'echo a'",
        rc: 2,
        msg: "[Errno 2] No such file or directory: b'/nope/sh'",
      });
    });

    test('check mode runs nothing, but looks at creates and removes', async () => {
      const ghost = join(host.directory, 'ghost');
      expect(await host.run(shell, { cmd: `touch ${ghost}` }, { check: true })).toMatchObject({
        changed: false,
        skipped: true,
        rc: 0,
        msg: 'Command would have run if not in check mode',
      });
      const wanted = await host.run(shell, { cmd: `touch ${ghost}`, creates: ghost }, { check: true });
      expect(wanted).toMatchObject({ changed: true });
      expect(wanted).not.toHaveProperty('skipped');
      expect(await host.run(shell, { cmd: 'echo', removes: ghost }, { check: true })).toMatchObject({
        changed: false,
        msg: `Would not run command since '${ghost}' does not exist`,
      });
    });

    test('a process left in the background does not hold the task up', async () => {
      const began = Date.now();
      expect(await host.run(shell, { cmd: 'sleep 5 & echo started' })).toMatchObject({ stdout: 'started' });
      expect(Date.now() - began).toBeLessThan(3000);
    });
  });

  test('raw gives the output as it is', async () => {
    expect(await host.run(raw, { free_form: "echo hi; printf 'a\\n\\n'; exit 4" })).toEqual({
      changed: true,
      failed: true,
      rc: 4,
      stdout: 'hi\na\n\n',
      stdout_lines: ['hi', 'a', ''],
      stderr: '',
      stderr_lines: [],
      msg: 'non-zero return code',
      cmd: "echo hi; printf 'a\\n\\n'; exit 4",
    });
    expect(await host.run(raw, { free_form: 'echo $0', executable: '/bin/bash' })).toMatchObject({
      stdout: '/bin/bash\n',
    });
    expect(await host.run(raw, { free_form: 'false' }, { check: true })).toMatchObject({ skipped: true });
  });

  test('ping', async () => {
    expect(await host.run(ping, {})).toEqual({ changed: false, ping: 'pong' });
    expect(await host.run(ping, { data: "it's" })).toEqual({ changed: false, ping: "it's" });
    expect(await host.run(ping, { data: 'crash' })).toMatchObject({ failed: true, module_stderr: 'Exception: boom' });
  });

  describe('as under Ansible', () => {
    const oracle = async (module: string, args: Record<string, unknown>): Promise<Record<string, unknown>> => {
      const { stdout } = await promisify(execFile)('ansible', ['localhost', '-m', module, '-a', JSON.stringify(args)], {
        env: { ...process.env, ANSIBLE_LOAD_CALLBACK_PLUGINS: '1', ANSIBLE_STDOUT_CALLBACK: 'json' },
      }).catch((error: { stdout: string }) => error);
      const report = JSON.parse(stdout.slice(stdout.indexOf('{')));
      return report.plays[0].tasks[0].hosts.localhost;
    };
    const timing = new Set(['start', 'end', 'delta', 'invocation', '_ansible_no_log', 'action']);
    const comparable = (result: Record<string, unknown>) =>
      Object.fromEntries(Object.entries(result).filter(([name]) => !timing.has(name)));

    test.each([
      ['command', { cmd: "printf '%s|' a\\ b ~/c $HOME '${HOME}x'" }],
      ['shell', { cmd: 'echo out; echo err >&2; kill -15 $$' }],
    ])('%s %j', async (module, args) => {
      const ours = await host.run(module === 'shell' ? shell : command, args);
      expect(comparable(ours)).toEqual(comparable(await oracle(module, args)));
    });
  });
});
