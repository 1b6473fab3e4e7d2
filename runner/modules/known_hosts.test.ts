import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hostForEachTest } from '../../test/support/hosts.ts';
import type { Tools } from '../../test/support/module-host.ts';
import knownHosts from './known_hosts.ts';
import { isHostOf } from './shared/files/known-hosts.ts';

const key = (host: string, letter: string): string => `${host} ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${letter}`;

describe.each<Tools>(['gnu', 'busybox'])('known_hosts with %s tools', (tools) => {
  const host = hostForEachTest(tools);
  const at = (name: string): string => join(host.directory, name);
  const run = (args: Record<string, unknown>, options = {}) =>
    host.run(knownHosts, { path: at('kh'), ...args }, options);

  it('adds a key, replaces one of the same type, and adds another type', async () => {
    await host.target.session();
    expect(await host.countRoundTrips(() => run({ name: 'h', key: key('h', 'A') }))).toBe(2);
    expect(await run({ name: 'h', key: key('h', 'A') })).toMatchObject({ changed: false, path: at('kh'), name: 'h' });
    expect(await run({ name: 'h', key: key('h', 'B') }, { diff: true })).toMatchObject({
      changed: true,
      diff: { before: `${key('h', 'A')}\n`, after: `${key('h', 'B')}\n` },
    });
    await run({ name: 'h', key: 'h ssh-rsa AAAAB3' });
    expect(readFileSync(at('kh'), 'utf8')).toBe(`${key('h', 'B')}\nh ssh-rsa AAAAB3\n`);
  });

  it('removes a host, or one of its keys', async () => {
    writeFileSync(at('kh'), `# c\n${key('a', 'A')}\n${key('h,1.2.3.4', 'B')}\nh ssh-rsa AAAAB3\n`);
    expect(await run({ name: 'h', state: 'absent', key: 'h ssh-rsa AAAAB3' })).toMatchObject({ changed: true });
    expect(readFileSync(at('kh'), 'utf8')).toBe(`# c\n${key('a', 'A')}\n${key('h,1.2.3.4', 'B')}\n`);
    expect(await run({ name: '1.2.3.4', state: 'absent' }, { check: true })).toMatchObject({ changed: true });
    await run({ name: '1.2.3.4', state: 'absent' });
    expect(readFileSync(at('kh'), 'utf8')).toBe(`# c\n${key('a', 'A')}\n`);
    expect(existsSync(at('kh.old'))).toBe(true);
    expect(await run({ name: 'h', state: 'absent' })).toMatchObject({ changed: false });
  });

  it('hashes hosts and finds them again', async () => {
    await run({ name: '[h]:2222', key: key('[h]:2222', 'A'), hash_host: true });
    const line = readFileSync(at('kh'), 'utf8');
    expect(line).toMatch(/^\|1\|[^|]{28}\|[^|]{28} ssh-ed25519 /);
    expect(isHostOf(line.split(' ')[0]!, '[h]:2222')).toBe(true);
    expect(await run({ name: '[h]:2222', key: key('[h]:2222', 'A'), hash_host: true })).toMatchObject({
      changed: false,
    });
  });

  it('refuses keys of other hosts', async () => {
    expect((await run({ name: 'h', key: key('other', 'A') })).msg).toBe(
      'Host parameter does not match hashed host field in supplied key',
    );
    expect((await run({ name: 'h' })).msg).toBe('No key specified when adding a host');
    expect((await run({ name: 'a,b', key: key('a,b', 'A') })).msg).toContain('Comma separated list');
    expect((await run({ name: 'h', key: key('h', 'A'), path: at('no/kh') })).msg).toContain('Failed to write to file');
  });
});

describe('the host field of known_hosts', () => {
  it.each([
    ['h', 'h', true],
    ['H', 'h', true],
    ['*.example.com,!bad.example.com', 'good.example.com', true],
    ['*.example.com,!bad.example.com', 'bad.example.com', false],
    ['[h]:22', 'h', false],
    ['[h]:22', '[h]:22', true],
    // From sshd(8).
    ['|1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg=', '192.168.1.61', true],
  ])('%s means %s: %s', (field, name, expected) => {
    expect(isHostOf(field, name)).toBe(expected);
  });
});
