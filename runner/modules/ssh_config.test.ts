import { readFile, stat, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { hostForEachTest } from '../../test/support/hosts.ts';
import { addTestUser, isRoot } from '../../test/support/sshd.ts';
import sshConfig from './ssh_config.ts';

const host = hostForEachTest('busybox');
let file: string;
beforeEach(() => {
  file = join(host.directory, 'deep', 'config');
});
const run = (args: object, options = {}) =>
  host.run(sshConfig, { host: 'web', ssh_config_file: file, ...args }, options);
const text = () => readFile(file, 'utf8');

describe('ssh_config', () => {
  it('adds an entry once, and changes it', async () => {
    const args = { hostname: '10.0.0.1', port: '2222', remote_user: 'deploy', forward_agent: false };
    expect(await run(args, { check: true })).toMatchObject({ changed: true, hosts_added: ['web'] });
    await expect(text()).rejects.toThrow('ENOENT');
    expect(await run(args)).toEqual({
      changed: true,
      hosts_added: ['web'],
      hosts_changed: [],
      hosts_removed: [],
      hosts_change_diff: [],
    });
    const written = 'Host web\n    hostname 10.0.0.1\n    port 2222\n    user deploy\n    forwardagent no\n';
    expect(await text()).toBe(written);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await host.countRoundTrips(() => run(args))).toBe(1);
    expect(await run(args)).toMatchObject({ changed: false });
    expect(await run({ ...args, port: '22' })).toMatchObject({
      changed: true,
      hosts_changed: ['web'],
      hosts_change_diff: [{ web: { old: { port: '2222' }, new: { port: '22', user: 'deploy' } } }],
    });
    expect(await text()).toBe(written.replace('2222', '22'));
  });

  it('leaves everything else as it is', async () => {
    await run({ hostname: 'x' });
    const before = `# mine
Host web
  HostName=10.0.0.1 
  IdentityFile ~/.ssh/a
  IdentityFile ~/.ssh/b
  # remark

Match host web2
  User other
Host *
  Port 23
`;
    await writeFile(file, before);
    expect(await run({ hostname: '10.0.0.1' })).toMatchObject({ changed: false });
    await run({ proxycommand: 'nc %h %p', strict_host_key_checking: 'no' });
    expect(await text()).toBe(before.replace('/b\n', '/b\n    stricthostkeychecking no\n    proxycommand nc %h %p\n'));
    expect(await run({ host: '*', port: '23' })).toMatchObject({ changed: false });
    expect(await run({ state: 'absent' })).toMatchObject({ changed: true, hosts_removed: ['web'] });
    expect(await text()).toBe('# mine\n  # remark\n\nMatch host web2\n  User other\nHost *\n  Port 23\n');
    expect(await run({ state: 'absent' })).toMatchObject({ changed: false, hosts_removed: [] });
  });

  it('wants the key to be there', async () => {
    await run({ hostname: 'x' });
    expect(await run({ identity_file: 'key' })).toMatchObject({ failed: true, msg: 'IdentityFile key does not exist' });
    await writeFile(join(host.directory, 'deep', 'key'), '');
    expect(await run({ identity_file: 'key' })).toMatchObject({ changed: true });
    expect(await run({ identity_file: 'key' })).toMatchObject({ changed: false });
  });

  it('knows whose file it is', async () => {
    expect(await host.run(sshConfig, { host: 'web', user: 'no-such', port: '1' })).toMatchObject({
      failed: true,
      msg: 'Failed to find user no-such',
    });
    if (!isRoot) throw new Error(`this test needs root, not ${userInfo().username}`);
    const user = await addTestUser();
    try {
      expect(await host.run(sshConfig, { host: 'web', user: user.name, port: '1' })).toMatchObject({ changed: true });
      const path = `${user.home}/.ssh/config`;
      expect(await readFile(path, 'utf8')).toBe('Host web\n    port 1\n');
      const { uid } = await stat(user.home);
      expect([(await stat(path)).uid, (await stat(`${user.home}/.ssh`)).uid]).toEqual([uid, uid]);
    } finally {
      await user.close();
    }
  });
});
