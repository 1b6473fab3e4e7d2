import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DebRepository, makeDebRepository } from '../../test/support/deb-repository.ts';
import { type ModuleHost, openModuleHost } from '../../test/support/module-host.ts';
import { OverlayTransport } from '../../test/support/overlay-transport.ts';
import { sh } from '../connection/index.ts';
import apt from './apt.ts';

let host: ModuleHost;
let repository: DebRepository;

beforeAll(async () => {
  repository = await makeDebRepository([
    {
      name: 'muster-a',
      version: '1.0',
      files: { 'etc/muster-a.conf': 'a', 'DEBIAN/conffiles': '/etc/muster-a.conf\n' },
    },
    {
      name: 'muster-a',
      version: '1.2-1',
      files: { 'etc/muster-a.conf': 'a2', 'DEBIAN/conffiles': '/etc/muster-a.conf\n' },
    },
    {
      name: 'muster-a',
      version: '1.10-1',
      files: { 'etc/muster-a.conf': 'a10', 'DEBIAN/conffiles': '/etc/muster-a.conf\n' },
    },
    { name: 'muster-b', version: '2:1.0', fields: ['Depends: muster-lib (>= 1)', 'Recommends: muster-extra'] },
    { name: 'muster-lib', version: '1.5' },
    { name: 'muster-extra', version: '1' },
    { name: 'muster-mail-one', version: '1', fields: ['Provides: muster-mail'] },
    { name: 'muster-sole', version: '1', fields: ['Provides: muster-only'] },
    { name: 'muster-needy', version: '1', fields: ['Depends: muster-nowhere'] },
    {
      name: 'muster-svc',
      version: '1',
      files: {
        'DEBIAN/postinst':
          '#!/bin/sh\n/usr/sbin/policy-rc.d x start >/etc/muster-svc.rc; echo $? >>/etc/muster-svc.rc\n',
      },
    },
  ]);
  host = await openModuleHost(await OverlayTransport.open());
  const { code } = await host.target.run(sh`rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/* /var/lib/apt/lists/*
echo ${repository.source} >/etc/apt/sources.list
apt-get update`);
  expect(code).toBe(0);
}, 60_000);
afterAll(async () => {
  await host.close();
  await repository.close();
});

const installed = async (): Promise<string[]> => {
  const { stdout } = await host.target.run(
    sh`dpkg-query -W -f '\${db:Status-Abbrev}\${Package}=\${Version}\\n' 'muster-*'`,
  );
  return stdout
    .toString()
    .split('\n')
    .flatMap((line) => (line.startsWith('ii ') ? [line.slice(3)] : []));
};
const reset = () => host.target.run(sh`dpkg -P $(dpkg-query -W -f '\${Package} ' 'muster-*')`);

describe('apt', () => {
  test('installs once, and an unchanged package costs one round trip', async () => {
    await reset();
    const wanted = await host.run(apt, { name: ['muster-a', 'muster-b'] }, { check: true });
    expect(wanted).toMatchObject({ changed: true });
    expect(await installed()).toEqual([]);
    const first = await host.run(apt, { name: ['muster-a', 'muster-b'], install_recommends: false }, { diff: true });
    expect(first).toMatchObject({ changed: true, cache_updated: false });
    expect(first.cache_update_time).toBeGreaterThan(1_600_000_000);
    expect(first.stdout).toContain('Setting up muster-a (1.10-1)');
    expect((first.diff as { prepared: string }).prepared).toContain('The following NEW packages will be installed');
    expect(await installed()).toEqual(['muster-a=1.10-1', 'muster-b=2:1.0', 'muster-lib=1.5']);
    const cost = await host.countRoundTrips(async () => {
      expect(await host.run(apt, { name: 'muster-a,muster-b' })).toMatchObject({
        changed: false,
        cache_updated: false,
      });
    });
    expect(cost).toBe(1);
  });

  test('what was only a dependency becomes wanted when it is asked for', async () => {
    const automatic = async () => (await host.target.run(sh`apt-mark showauto muster-lib`)).stdout.toString().trim();
    expect(await automatic()).toBe('muster-lib');
    expect(await host.run(apt, { name: 'muster-lib' })).toMatchObject({ changed: false });
    expect(await automatic()).toBe('');
  });

  test('versions: pinned, by pattern, at least, latest', async () => {
    await reset();
    expect(await host.run(apt, { name: 'muster-a=1.0' })).toMatchObject({ changed: true });
    expect(await installed()).toEqual(['muster-a=1.0']);
    expect(await host.run(apt, { name: 'muster-a=1.0' })).toMatchObject({ changed: false });
    expect(await host.run(apt, { name: 'muster-a' })).toMatchObject({ changed: false });
    expect(await host.run(apt, { name: 'muster-a>=1.0' })).toMatchObject({ changed: false });
    expect(await host.run(apt, { name: 'muster-a=1.2*' })).toMatchObject({ changed: true });
    expect(await installed()).toEqual(['muster-a=1.2-1']);
    expect(await host.run(apt, { name: 'muster-a>=1.9' })).toMatchObject({ changed: true });
    expect(await installed()).toEqual(['muster-a=1.10-1']);
    expect(await host.run(apt, { name: 'muster-a', state: 'latest' })).toMatchObject({ changed: false });
    const down = await host.run(apt, { name: 'muster-a=1.0' });
    expect(down).toMatchObject({ failed: true, rc: 100 });
    expect(down.msg).toMatch(/^'apt-get -y .* install muster-a=1\.0' failed: E: /);
    expect(await host.run(apt, { name: 'muster-a=1.0', allow_downgrade: true })).toMatchObject({ changed: true });
    expect(await host.run(apt, { name: 'muster-a', state: 'latest' })).toMatchObject({ changed: true });
    expect(await host.run(apt, { name: 'muster-a=9' })).toMatchObject({
      failed: true,
      msg: 'no available installation candidate for muster-a=9',
    });
  });

  test('names that do not exist, patterns and virtual packages', async () => {
    await reset();
    expect(await host.run(apt, { name: 'muster-nope' })).toMatchObject({
      failed: true,
      msg: "No package matching 'muster-nope' is available",
    });
    expect(await host.run(apt, { name: 'muster-nope*' })).toMatchObject({
      msg: "No package(s) matching 'muster-nope*' available",
    });
    expect(await host.run(apt, { name: 'muster-[al]*' })).toMatchObject({ changed: true });
    expect(await installed()).toEqual(['muster-a=1.10-1', 'muster-lib=1.5']);
    expect(await host.run(apt, { name: 'muster-[al]*' })).toMatchObject({ changed: false });
    expect(await host.run(apt, { name: 'muster-only' })).toMatchObject({ changed: true });
    expect(await host.run(apt, { name: 'muster-only' })).toMatchObject({ changed: false });
    expect(await host.run(apt, { name: 'muster-nope', state: 'absent' })).toMatchObject({ changed: false });
  });

  test('only_upgrade leaves out what is not there', async () => {
    await reset();
    expect(await host.run(apt, { name: 'muster-a', only_upgrade: true })).toMatchObject({ changed: false });
    expect(await installed()).toEqual([]);
  });

  test('removes, and purges what was left', async () => {
    await reset();
    await host.run(apt, { name: 'muster-a' });
    expect(await host.run(apt, { name: 'muster-a', state: 'absent' }, { check: true })).toMatchObject({
      changed: true,
    });
    expect(await host.run(apt, { name: 'muster-a', state: 'absent' })).toMatchObject({ changed: true });
    expect(await host.run(apt, { name: 'muster-a', state: 'absent' })).toMatchObject({ changed: false });
    expect((await host.target.run(sh`test -e /etc/muster-a.conf`)).code).toBe(0);
    expect(await host.run(apt, { name: 'muster-a', state: 'absent', purge: true })).toMatchObject({ changed: true });
    expect((await host.target.run(sh`test -e /etc/muster-a.conf`)).code).toBe(1);
    expect(await host.run(apt, { name: 'muster-a', state: 'absent', purge: true })).toMatchObject({ changed: false });
  });

  test('autoremove', async () => {
    await reset();
    await host.run(apt, { name: 'muster-b', install_recommends: false });
    await host.run(apt, { name: 'muster-b', state: 'absent' });
    expect(await host.run(apt, { autoremove: true }, { check: true })).toMatchObject({ changed: true });
    expect(await host.run(apt, { autoremove: true })).toMatchObject({ changed: true });
    expect(await host.run(apt, { autoremove: true })).toMatchObject({ changed: false });
    expect(await installed()).toEqual([]);
  });

  test('held packages stay until that is allowed', async () => {
    await reset();
    await host.run(apt, { name: 'muster-a=1.0' });
    await host.target.run(sh`apt-mark hold muster-a`);
    expect(await host.run(apt, { name: 'muster-a', state: 'latest' })).toMatchObject({ failed: true });
    const args = { name: 'muster-a', state: 'latest', allow_change_held_packages: true };
    expect(await host.run(apt, args)).toMatchObject({ changed: true });
    await host.target.run(sh`apt-mark unhold muster-a`);
  });

  test('reads the lists anew when they are old', async () => {
    // Only lists that have changed are written, and only that shows.
    await host.target.run(
      sh`rm -f /var/lib/apt/lists/*Packages; touch -c -d '2 hours ago' /var/lib/apt/lists /var/lib/apt/periodic/update-success-stamp`,
    );
    const fresh = await host.run(apt, { update_cache: true, cache_valid_time: 10_000 });
    expect(fresh).toMatchObject({ changed: false, cache_updated: false });
    expect(await host.run(apt, { cache_valid_time: 3600 }, { check: true })).toMatchObject({ cache_updated: true });
    const cost = await host.countRoundTrips(async () => {
      expect(await host.run(apt, { cache_valid_time: 3600 })).toMatchObject({ changed: true, cache_updated: true });
    });
    expect(cost).toBe(1);
    expect(await host.run(apt, { cache_valid_time: 3600 })).toMatchObject({ changed: false, cache_updated: false });
  });

  test('tells when the lists cannot be read', async () => {
    await host.target.run(sh`echo 'deb [trusted=yes] file:/nowhere ./' >/etc/apt/sources.list.d/bad.list`);
    const result = await host.run(apt, { update_cache: true, update_cache_retries: 1 });
    await host.target.run(sh`rm /etc/apt/sources.list.d/bad.list`);
    expect(result.msg).toMatch(/^Failed to update apt cache: .*nowhere/s);
  });

  test('waits for the lock', async () => {
    await reset();
    const holder = `import fcntl, time
lock = open('/var/lib/dpkg/lock-frontend', 'a')
fcntl.lockf(lock, fcntl.LOCK_EX)
time.sleep(3)`;
    await host.target.run(sh`/usr/bin/python3 -c ${holder} >/dev/null 2>&1 & sleep 0.5`);
    expect(await host.run(apt, { name: 'muster-lib', lock_timeout: 0 })).toMatchObject({ failed: true });
    expect(await host.run(apt, { name: 'muster-lib', lock_timeout: 20 })).toMatchObject({ changed: true });
  });

  test('policy_rc_d is there while dpkg works, and then as before', async () => {
    await reset();
    expect(await host.run(apt, { name: 'muster-svc', policy_rc_d: 101 })).toMatchObject({ changed: true });
    const { stdout } = await host.target.run(sh`cat /etc/muster-svc.rc; ls /usr/sbin/policy-rc.d 2>&1`);
    expect(stdout.toString()).toMatch(/^101\n/);
    const { code } = await host.target.run(sh`[ -e /usr/sbin/policy-rc.d ]`);
    expect(code === 0).toBe(await hostHasPolicy());
  });

  test('upgrade', async () => {
    await reset();
    await host.run(apt, { name: 'muster-a=1.0' });
    expect(await host.run(apt, { upgrade: 'dist' }, { check: true })).toMatchObject({ changed: true });
    expect(await host.run(apt, { upgrade: true })).toMatchObject({ changed: true });
    expect(await installed()).toEqual(['muster-a=1.10-1']);
    expect(await host.run(apt, { name: '*', state: 'latest' })).toMatchObject({ changed: false });
  });

  test('deb files, with what they need', async () => {
    await reset();
    const deb = repository.path('muster-b', '2:1.0');
    expect(await host.run(apt, { deb, install_recommends: false })).toMatchObject({ changed: true });
    expect(await installed()).toEqual(['muster-b=2:1.0', 'muster-lib=1.5']);
    const cost = await host.countRoundTrips(async () => {
      expect(await host.run(apt, { deb })).toMatchObject({ changed: false });
    });
    expect(cost).toBe(1);
    expect(await host.run(apt, { deb: repository.path('muster-needy', '1') })).toMatchObject({
      failed: true,
      msg: 'Dependency is not satisfiable: muster-nowhere\n',
    });
    await host.run(apt, { name: 'muster-a=1.2-1' });
    expect(await host.run(apt, { deb: repository.path('muster-a', '1.0') })).toMatchObject({
      msg: 'A later version is already installed',
    });
    expect(await host.run(apt, { deb: '/nope.deb' })).toMatchObject({ failed: true });
  });

  test('clean', async () => {
    expect(await host.run(apt, { clean: true })).toMatchObject({ changed: true });
    expect(await host.run(apt, { autoclean: true })).toMatchObject({ changed: false });
  });
});

const hostHasPolicy = async (): Promise<boolean> => {
  const { stat } = await import('node:fs/promises');
  return stat('/usr/sbin/policy-rc.d').then(
    () => true,
    () => false,
  );
};
