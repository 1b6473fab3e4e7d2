import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hostForEachTest } from '../../test/support/hosts.ts';
import type { Tools } from '../../test/support/module-host.ts';
import authorizedKey from './authorized_key.ts';

describe.each<Tools>(['gnu', 'busybox'])('authorized_key with %s tools', (tools) => {
  const host = hostForEachTest(tools);
  const at = (name: string): string => join(host.directory, name);
  const run = (args: Record<string, unknown>, options = {}) =>
    host.run(authorizedKey, { user: 'nobody', path: at('s/keys'), ...args }, options);
  const read = (): string => readFileSync(at('s/keys'), 'utf8');

  it('adds a key, and gives file and folder to the user', async () => {
    await host.target.session();
    expect(await host.countRoundTrips(() => run({ key: 'ssh-ed25519 AAAA me@here' }))).toBe(2);
    expect(read()).toBe('ssh-ed25519 AAAA me@here\n');
    const [file, folder] = [statSync(at('s/keys')), statSync(at('s'))];
    expect([file.mode & 0o777, file.uid, folder.mode & 0o777, folder.uid]).toEqual([0o600, 65534, 0o700, 65534]);
    expect(
      await host.countRoundTrips(async () => {
        expect(await run({ key: 'ssh-ed25519 AAAA me@here' })).toMatchObject({ changed: false, keyfile: at('s/keys') });
      }),
    ).toBe(1);
  });

  it('keeps what is there, and its order', async () => {
    mkdirSync(at('s'));
    writeFileSync(at('s/keys'), '# comment\nfrom="a b" ssh-rsa OLD old@x\ngarbage\n');
    await run({ key: 'ssh-rsa NEW new one\nssh-dss OTHER' });
    expect(read()).toBe('# comment\nfrom="a b" ssh-rsa OLD old@x\ngarbage\nssh-rsa NEW new one\nssh-dss OTHER \n');
    await run({ key: 'ssh-rsa OLD', state: 'absent' });
    expect(read()).toBe('# comment\ngarbage\nssh-rsa NEW new one\nssh-dss OTHER \n');
    expect(await run({ key: 'ssh-rsa GONE', state: 'absent' })).toMatchObject({ changed: false });
  });

  it('changes options and comments, which tell keys from each other in no way', async () => {
    await run({ key: 'ssh-rsa AAAA old' });
    const args = { key: 'ssh-rsa AAAA', key_options: 'no-pty,command="/bin/x a,b"', comment: 'new' };
    expect(await run(args, { check: true, diff: true })).toMatchObject({
      changed: true,
      diff: [{ before: 'ssh-rsa AAAA old\n', after: 'no-pty,command="/bin/x a,b" ssh-rsa AAAA new\n' }],
    });
    expect(read()).toBe('ssh-rsa AAAA old\n');
    await run(args);
    expect(read()).toBe('no-pty,command="/bin/x a,b" ssh-rsa AAAA new\n');
    expect(await run({ ...args, key_options: 'command="/bin/x a,b",no-pty' })).toMatchObject({ changed: false });
  });

  it('removes everything else when exclusive', async () => {
    await run({ key: 'ssh-rsa A a\nssh-rsa B b' });
    await run({ key: 'ssh-rsa B b', exclusive: true });
    expect(read()).toBe('ssh-rsa B b\n');
  });

  it('fetches keys from a URL', async () => {
    const server = createServer((request, response) => {
      if (request.url === '/moved') response.writeHead(302, { location: '/keys' }).end();
      else if (request.url === '/keys') response.end('ssh-rsa AAAA web\n');
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      await run({ key: `${base}/moved` });
      expect(read()).toBe('ssh-rsa AAAA web\n');
      expect((await run({ key: `${base}/none` })).msg).toBe(`Error getting key from: ${base}/none`);
    } finally {
      server.close();
    }
  });

  it('refuses what is no key, and unknown users', async () => {
    expect((await run({ key: 'nonsense' })).msg).toBe('invalid key specified: nonsense');
    expect((await run({ user: 'nosuchuser', key: 'ssh-rsa A' })).msg).toContain('Failed to lookup user nosuchuser');
    expect((await run({ user: 'nosuchuser', key: 'ssh-rsa A', path: undefined }, { check: true })).msg).toContain(
      'Either user must exist',
    );
  });
});
