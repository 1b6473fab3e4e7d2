import { execFile, spawn } from 'node:child_process';
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { refusal, type SpecChanges, say, sshSpec, withPool } from '../../../test/support/connections.ts';
import { addTestUser, isRoot, openSshd, type Sshd, type TestUser } from '../../../test/support/sshd.ts';
import type { ConnectionSpec } from '../connection-spec.ts';

const execute = promisify(execFile);

let sshd: Sshd;
beforeAll(async () => {
  sshd = await openSshd(['UsePAM yes', 'PasswordAuthentication yes', 'KbdInteractiveAuthentication no']);
});
afterAll(() => sshd.close());

const spec = (changes: SpecChanges = {}): ConnectionSpec => sshSpec(sshd, changes);
const file = (name: string): string => join(sshd.directory, name);
const makeKey = async (name: string, ...args: string[]): Promise<string> => {
  await execute('ssh-keygen', ['-q', '-N', '', '-f', file(name), ...args]);
  await appendFile(file('authorized_keys'), await readFile(file(`${name}.pub`)));
  return file(name);
};
describe('keys', () => {
  test.each([
    ['rsa', ['-t', 'rsa', '-b', '2048']],
    ['ecdsa', ['-t', 'ecdsa']],
    ['rsa as PEM', ['-t', 'rsa', '-b', '2048', '-m', 'PEM']],
  ])('log in: %s', async (name, args) => {
    const key = await makeKey(name.replaceAll(' ', '-'), ...args);
    await withPool(async (pool) => expect(await say(pool, spec({ privateKeyFile: key }))).toBe('hello'));
  });

  test.each([
    ['OpenSSH', []],
    ['PEM', ['-m', 'PEM']],
  ])('with a passphrase: %s', async (name, args) => {
    const key = file(`secret-${name}`);
    await execute('ssh-keygen', ['-q', '-t', 'rsa', '-b', '2048', '-N', 'open sesame', '-f', key, ...args]);
    await appendFile(file('authorized_keys'), await readFile(`${key}.pub`));
    const locked = spec({ privateKeyFile: key });
    await withPool(async (pool) => {
      expect(await say(pool, { ...locked, passphrase: 'open sesame' })).toBe('hello');
    });
    const asked: string[] = [];
    const ask = async (question: string): Promise<string> => {
      asked.push(question);
      return 'open sesame';
    };
    await withPool(
      async (pool) => {
        const hosts = ['a', 'b', 'c'].map((host) => say(pool, { ...locked, host }));
        expect(await Promise.all(hosts)).toEqual(['hello', 'hello', 'hello']);
      },
      { ask },
    );
    expect(asked).toEqual([`Passphrase of ${key}: `]);
    const failure = await refusal(locked);
    expect(failure.message).toMatch(/Permission denied \(publickey,password\)/);
    expect(failure.problems[0]?.hint).toContain(`key ${key} (it needs a passphrase)`);
    expect((await refusal({ ...locked, passphrase: 'wrong' })).problems[0]?.hint).toContain('the passphrase is wrong');
  });

  test('that are no keys, or not there, are named', async () => {
    await writeFile(file('nonsense'), 'this is no key\n');
    expect((await refusal(spec({ privateKeyFile: file('nonsense') }))).problems[0]?.hint).toContain(
      `key ${file('nonsense')} (it is no private key)`,
    );
    expect((await refusal(spec({ privateKeyFile: file('absent') }))).problems[0]?.hint).toContain(
      'there is no such file',
    );
    expect((await refusal(spec({ privateKeyFile: `${sshd.privateKey}.pub` }))).problems[0]?.hint).toContain(
      'it is a public key; name the private one',
    );
  });

  test('of an agent log in, also for files that need a passphrase, and only named ones where that is wished', async () => {
    const socket = file('agent');
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    try {
      const key = await makeKey('held', '-t', 'ed25519');
      await expect.poll(() => readFile(socket).catch((error) => error.code)).toBe('ENXIO');
      await execute('ssh-add', ['-q', key], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
      await rm(key);
      const held = spec({ privateKeyFile: undefined, args: [`-o IdentityAgent=${socket} -o IdentityFile=none`] });
      await withPool(async (pool) => expect(await say(pool, held)).toBe('hello'));
      const only = { ...held, sshArgs: ['-o IdentitiesOnly=yes', `-o IdentityFile=${key}`, ...held.sshArgs] };
      await withPool(async (pool) => expect(await say(pool, only)).toBe('hello'));
      const other = {
        ...held,
        sshArgs: ['-o IdentitiesOnly=yes', `-o IdentityFile=${file('absent')}`, ...held.sshArgs],
      };
      expect((await refusal(other)).message).toContain('Permission denied');
    } finally {
      agent.kill();
    }
  });

  test('are forwarded where ForwardAgent says so', async () => {
    const socket = file('agent2');
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    try {
      await expect.poll(() => readFile(socket).catch((error) => error.code)).toBe('ENXIO');
      await execute('ssh-add', ['-q', sshd.privateKey], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
      const one = spec({ args: [`-o IdentityAgent=${socket}`, '-o ForwardAgent=yes'] });
      await withPool(async (pool) => expect(await say(pool, one, 'ssh-add -l')).toContain('ED25519'));
    } finally {
      agent.kill();
    }
  });
});

describe.runIf(isRoot)('passwords (needs root, to make a user)', () => {
  let user: TestUser;
  let keyboard: Sshd;
  beforeAll(async () => {
    user = await addTestUser();
    keyboard = await openSshd(['UsePAM yes', 'PasswordAuthentication no', 'KbdInteractiveAuthentication yes']);
  });
  afterAll(async () => {
    await user.close();
    await keyboard.close();
  });
  const byPassword = (changes: SpecChanges = {}): ConnectionSpec =>
    spec({
      user: user.name,
      password: user.password,
      privateKeyFile: undefined,
      args: ['-o IdentityFile=none'],
      ...changes,
    });

  test('log in', () => withPool(async (pool) => expect(await say(pool, byPassword(), 'id -un')).toBe(user.name)));

  test('log in by keyboard-interactive', () =>
    withPool(async (pool) => {
      const one = sshSpec(keyboard, {
        user: user.name,
        password: user.password,
        privateKeyFile: undefined,
        args: ['-o IdentityFile=none'],
      });
      expect(await say(pool, one, 'id -un')).toBe(user.name);
    }));

  test('that are wrong are tried once, and the message shows none', async () => {
    const failure = await refusal(byPassword({ password: 'not-this-one' }));
    expect(failure.message).toBe(`${user.name}@127.0.0.1: Permission denied (publickey,password)`);
    expect(failure.problems[0]?.hint).toContain('tried: password;');
    expect(JSON.stringify(failure.problems)).not.toContain('not-this-one');
    const log = await sshd.log();
    expect(log.split('\n').filter((line) => line.startsWith(`Failed password for ${user.name}`))).toHaveLength(1);
  });

  test('are not asked for where a key is wrong, as ssh is told by Ansible', async () => {
    const ask = (): Promise<string> => Promise.reject(new Error('nobody is to be asked'));
    expect((await refusal(byPassword({ password: undefined }), { ask })).message).toContain('Permission denied');
  });

  test('and a key, where the server wants both; the password is asked for', async () => {
    const both = await openSshd(['UsePAM yes', 'AuthenticationMethods publickey,password']);
    try {
      const one = sshSpec(both, { user: user.name, password: user.password });
      await withPool(async (pool) => expect(await say(pool, one, 'id -un')).toBe(user.name));
      const questions: string[] = [];
      const ask = async (question: string): Promise<string> => {
        questions.push(question);
        return user.password;
      };
      await withPool(
        async (pool) => expect(await say(pool, { ...one, password: undefined }, 'id -un')).toBe(user.name),
        { ask },
      );
      expect(questions).toEqual([`Password of ${user.name}@127.0.0.1: `]);
    } finally {
      await both.close();
    }
  });
});
