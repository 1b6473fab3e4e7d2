import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openOutputs } from '../../runner/cli/open-outputs.ts';
import type { Attendant } from '../../runner/cli/prompter.ts';
import { readRunCommand } from '../../runner/cli/read-run-command.ts';
import { startRun } from '../../runner/cli/start-run.ts';
import { formatError, MusterError } from '../../runner/errors/index.ts';
import { readRun, runIds } from '../../runner/record/index.ts';
import { Canaries } from '../support/canary.ts';
import { capturingOutput } from '../support/captured-output.ts';
import { folderForEachTest } from '../support/folders.ts';
import { addTestUser, isRoot, openSshd, type Sshd, type TestUser } from '../support/sshd.ts';
import { writePlaybook } from './playbook.ts';

const required = process.env.MUSTER_TEST_REQUIRE_ALL === '1';

describe.runIf(isRoot || required)(
  'secrets show up nowhere (needs root, to make a user who logs in by password)',
  () => {
    let sshd: Sshd;
    let user: TestUser;
    const directory = folderForEachTest('muster-canary-');
    let place: string;
    let canaries: Canaries;

    beforeEach(async () => {
      canaries = new Canaries(
        'vault',
        'vault password',
        'vaulted file',
        'vaulted -e',
        'asked',
        'marked',
        'no_log',
        'argument',
        'login',
      );
      sshd = await openSshd(['UsePAM yes', 'PasswordAuthentication yes', 'KbdInteractiveAuthentication no']);
      user = await addTestUser({ sudo: 'ALL=(ALL) ALL' });
      const change = promisify(execFile)('chpasswd');
      change.child.stdin?.end(`${user.name}:${canaries.of('login')}\n`);
      await change;
      chmodSync(directory.path, 0o755);
      place = directory.at('place');
      for (const name of ['place', 'tmp']) mkdirSync(directory.at(name));
      chmodSync(directory.at('tmp'), 0o1777);
      writeFileSync(join(place, 'hidden'), canaries.of('no_log'));
      writePlaybook(directory.path, canaries, canaries.of('vault password'));
      directory.write(
        'inventory',
        `far ansible_host=${sshd.host} ansible_port=${sshd.port} ansible_user=${user.name} place=${place} argument=${canaries.of('argument')}\n[all:vars]\nansible_ssh_common_args='-F none -o IdentityAgent=none -o PubkeyAuthentication=no -o UserKnownHostsFile=${sshd.knownHosts}'\n`,
      );
      vi.stubEnv('MUSTER_RECORD', 'true');
      vi.stubEnv('MUSTER_RUNS_DIR', directory.at('runs'));
      vi.stubEnv('TMPDIR', directory.at('tmp'));
    });
    afterEach(async () => {
      vi.restoreAllMocks();
      vi.unstubAllEnvs();
      await user?.close();
      await sshd?.close();
    });

    /** Somebody who knows the passwords. */
    const attendant: Attendant = {
      askPassword: async () => canaries.of('login'),
      prompter: () => ({
        isInteractive: true,
        ask: async () => canaries.of('asked'),
        pause: async () => '',
        command: async () => undefined,
        tell: () => {},
      }),
    };

    /** Runs the playbook, and gives what went to stdout and stderr. */
    const play = async (...more: readonly string[]): Promise<{ exitCode: number; text: string }> => {
      const args = [
        directory.at('site.yml'),
        ...['-i', directory.at('inventory'), '--vault-password-file', directory.at('vault-password')],
        ...['-e', `marked=${canaries.of('marked')}`, '--secret', 'marked', '-e', `@${directory.at('more.yml')}`],
        ...['-vvvv', '--diff', '--ask-pass', '--ask-become-pass'],
        ...more,
      ];
      const read = readRunCommand(args);
      if (typeof read === 'number') throw new Error('no run');
      const { flags } = read;
      const { value: exitCode, text } = await capturingOutput(() =>
        startRun({
          ...read,
          args,
          attendant,
          subscribe: async (bus, config) => {
            for (const reader of await openOutputs(flags, config)) bus.subscribe(reader);
          },
        }).done.catch((error: unknown) => {
          if (!(error instanceof MusterError)) throw error;
          process.stderr.write(formatError(error));
          return 1;
        }),
      );
      return { exitCode, text };
    };

    const everyForm = async (...more: readonly string[]): Promise<{ exitCode: number; text: string }> => {
      const files = ['jsonl', 'junit'].flatMap((form) => ['--output', `${form}=${directory.at(form)}`]);
      const classic = await play('--output', 'classic', ...files, ...more);
      const console = await play('--output', 'console', ...more);
      expect(console.exitCode).toBe(classic.exitCode);
      canaries.expectNone('classic output', classic.text);
      canaries.expectNone('console output', console.text);
      for (const form of ['jsonl', 'junit']) canaries.expectNone(form, readFileSync(directory.at(form)));
      const runs = directory.at('runs');
      expect(canaries.expectNoneBelow(runs)).toBe(runIds(runs).length * 3);
      canaries.expectNoneBelow(directory.at('tmp'));
      canaries.expectNoneBelow(user.home);
      for (const name of readdirSync('/tmp')) {
        if (/^\.?(muster|ansible)-?[0-9a-f]{6,}/.test(name)) canaries.expectNoneBelow(join('/tmp', name));
      }
      canaries.expectNone('the log of sshd', await sshd.log());
      return classic;
    };

    test('in a run that goes well', async () => {
      const { exitCode, text } = await everyForm('-e', 'end=0');
      expect(exitCode, text).toBe(0);
      // The playbook did what it does: what is masked was there.
      expect(text).toContain('********');
      expect(text).toContain('TASK [The end]');
      expect(canaries.in(readFileSync(join(place, 'secrets')))).toEqual([
        'vault',
        'vaulted file',
        'vaulted -e',
        'asked',
        'marked',
      ]);
      const run = readRun(directory.at('runs'), runIds(directory.at('runs'))[0]!);
      expect(run.manifest?.command).toContain('marked=********');
    }, 60_000);

    test('in a run that fails', async () => {
      const { exitCode, text } = await everyForm('-e', 'end=1');
      expect(exitCode, text).toBe(2);
      expect(text).toContain('TASK [The end]');
    }, 60_000);

    test('in a run that reaches no host', async () => {
      const { exitCode, text } = await everyForm(
        '-e',
        'end=0',
        '-e',
        `ansible_password=${canaries.of('asked')}wrong`,
        '--secret',
        'ansible_password',
      );
      expect(exitCode, text).toBe(4);
      expect(text).toContain('UNREACHABLE');
    }, 60_000);

    test('in a run that cannot begin', async () => {
      const { exitCode, text } = await everyForm(
        '-e',
        'end=0',
        '--limit',
        'nobody',
        '-e',
        `other=${canaries.of('vault')}`,
      );
      expect(exitCode, text).toBe(1);
    }, 60_000);
  },
);
