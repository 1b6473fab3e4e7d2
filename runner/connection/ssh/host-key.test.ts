import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { refusal, type SpecChanges, say, withPool } from '../../../test/support/connections.ts';
import { sshdForTests } from '../../../test/support/sshd-for-tests.ts';
import type { ConnectionSpec } from '../connection-spec.ts';

const execute = promisify(execFile);

const server = sshdForTests();
const { file, spec } = server;

describe('host keys', () => {
  const withKnownHosts = async (text: string, changes: SpecChanges = {}): Promise<ConnectionSpec> => {
    const path = file(`known-${Math.random()}`);
    await writeFile(path, text);
    return spec({ ...changes, args: [`-o UserKnownHostsFile=${path}`, ...(changes.args ?? [])] });
  };
  const ed25519 = async (): Promise<string> => (await readFile(server.sshd.hostKeys.ed25519, 'utf8')).trim();
  const rsa = async (): Promise<string> => (await readFile(server.sshd.hostKeys.rsa, 'utf8')).trim();
  const accepted = async (one: ConnectionSpec): Promise<void> =>
    withPool(async (pool) => expect(await say(pool, one)).toBe('hello'));

  test('that are unknown are refused with their fingerprint', async () => {
    const failure = await refusal(await withKnownHosts('# nothing\n'));
    const { stdout } = await execute('ssh-keygen', ['-lf', server.sshd.hostKeys.ed25519]);
    expect(failure.constructor.name).toBe('UnreachableError');
    expect(failure.message).toBe(
      `the host key of [127.0.0.1]:${server.sshd.port} is not known: ED25519 ${stdout.split(' ')[1]}`,
    );
    expect(failure.problems[0]?.hint).toContain(`ssh-keyscan -p ${server.sshd.port} 127.0.0.1 >> `);
  });

  test('that are known are accepted: hashed, by pattern, of another kind, in a second file', async () => {
    const plain = `[127.0.0.1]:${server.sshd.port} ${await ed25519()}\n`;
    const hashed = file('hashed');
    await writeFile(hashed, plain);
    await execute('ssh-keygen', ['-q', '-H', '-f', hashed]);
    expect(await readFile(hashed, 'utf8')).toMatch(/^\|1\|/);
    await accepted(spec({ args: [`-o UserKnownHostsFile=${hashed}`] }));
    await accepted(await withKnownHosts(`[127.0.*]:${server.sshd.port},!other ${await ed25519()}\n`));
    await accepted(await withKnownHosts(`[127.0.0.1]:${server.sshd.port} ${await rsa()}\n`));
    await accepted(spec({ args: [`-o UserKnownHostsFile="/nonexistent ${hashed}"`] }));
    await accepted(await withKnownHosts(`my-alias ${await ed25519()}\n`, { args: ['-o HostKeyAlias=my-alias'] }));
  });

  test('that have changed are refused, with the place of the old one', async () => {
    const other = (await readFile(`${server.sshd.privateKey}.pub`, 'utf8')).trim();
    const one = await withKnownHosts(`# first line\n[127.0.0.1]:${server.sshd.port} ${other}\n`);
    const failure = await refusal(one);
    expect(failure.message).toMatch(/^the host key of \[127\.0\.0\.1\]:\d+ has changed: it is now ED25519 SHA256:/);
    expect(failure.message).toMatch(/not the key in .*known-0\.\d+:2:1 \(SHA256:/);
    expect(failure.problems[0]?.hint).toContain('ssh-keygen -f ');
    const accepting = { ...one, sshArgs: ['-o StrictHostKeyChecking=accept-new', ...one.sshArgs] };
    expect((await refusal(accepting)).message).toContain('has changed');
    await accepted({ ...one, hostKeyChecking: false });
  });

  test('that are revoked are refused, and authorities named', async () => {
    const revoked = await refusal(
      await withKnownHosts(`@revoked * ${await ed25519()}\n[127.0.0.1]:${server.sshd.port} ${await ed25519()}\n`),
    );
    expect(revoked.message).toMatch(/is revoked$/);
    const authority = await refusal(await withKnownHosts(`@cert-authority * ${await ed25519()}\n`));
    expect(authority.message).toContain('known by a certificate authority only');
  });

  test('that are new are noted with accept-new, once', async () => {
    const path = file('fresh/known_hosts');
    const one = spec({ args: [`-o UserKnownHostsFile=${path}`, '-o StrictHostKeyChecking=accept-new'] });
    await withPool(async (pool) => {
      await Promise.all(['a', 'b'].map((host) => say(pool, { ...one, host })));
      await say(pool, { ...one, host: 'c' });
    });
    const lines = (await readFile(path, 'utf8')).trim().split('\n');
    expect(new Set(lines)).toEqual(
      new Set([`[127.0.0.1]:${server.sshd.port} ${(await ed25519()).split(' ').slice(0, 2).join(' ')}`]),
    );
    await accepted(spec({ args: [`-o UserKnownHostsFile=${path}`] }));
    const hashed = file('fresh/hashed');
    const options = ['-o HashKnownHosts=yes', `-o UserKnownHostsFile=${hashed}`];
    await accepted(spec({ args: [...options, '-o StrictHostKeyChecking=accept-new'] }));
    expect(await readFile(hashed, 'utf8')).toMatch(/^\|1\|/);
    await accepted(spec({ args: options }));
  });
});
