import { beforeAll, describe, expect, it } from 'vitest';
import { hostForAllTests } from '../../test/support/hosts.ts';
import { OverlayTransport } from '../../test/support/overlay-transport.ts';
import { raw } from '../connection/index.ts';
import mount from './mount.ts';
import { readMountinfo, withEntry, withoutEntry } from './shared/services/fstab.ts';

// In a mount namespace of its own.
const host = hostForAllTests(() => OverlayTransport.open());
const sh = async (command: string): Promise<string> => String((await host.target.run(raw(command))).stdout);
beforeAll(async () => {
  await sh("printf '# c\\nproc /proc proc defaults 0 0\\n' >/etc/fstab; mkdir -p /data/src");
}, 30_000);

const tmpfs = { src: 'tmpfs', fstype: 'tmpfs', opts: 'size=1m' };

describe('mount', () => {
  it('writes fstab only, with spaces and noauto as they have to be', async () => {
    const args = { path: '/mnt/a b', ...tmpfs, state: 'present', boot: false };
    expect(await host.run(mount, args)).toMatchObject({
      changed: true,
      boot: 'no',
      opts: 'size=1m,noauto',
      backup_file: '',
    });
    expect(await sh('tail -n 1 /etc/fstab')).toBe('tmpfs /mnt/a\\040b tmpfs size=1m,noauto 0 0\n');
    expect(await host.countRoundTrips(() => host.run(mount, args))).toBe(1);
    expect(await host.run(mount, args)).toMatchObject({ changed: false });
  });

  it('mounts, mounts anew when options change, and unmounts', async () => {
    const args = { path: '/mnt/t/deep', ...tmpfs, state: 'mounted' };
    expect(await host.run(mount, args, { check: true })).toMatchObject({ changed: true });
    expect(await sh('ls -d /mnt/t 2>&1')).toContain('No such file');
    expect(await host.run(mount, args)).toMatchObject({ changed: true });
    expect(await host.run(mount, args)).toMatchObject({ changed: false });
    expect(await host.run(mount, { ...args, opts: 'size=2m' })).toMatchObject({ changed: true });
    expect(await sh('grep /mnt/t/deep /proc/mounts')).toContain('size=2048k');
    expect(await host.run(mount, { path: args.path, state: 'remounted', opts: 'ro' })).toMatchObject({ changed: true });
    expect(await sh('grep /mnt/t/deep /proc/mounts')).toContain('tmpfs ro,');
    expect(await host.run(mount, { path: args.path, state: 'unmounted' })).toMatchObject({ changed: true });
    expect(await host.run(mount, { path: args.path, state: 'unmounted' })).toMatchObject({ changed: false });
  });

  it('mounts a folder elsewhere and removes all of it', async () => {
    const args = { path: '/mnt/bind', src: '/data/src', fstype: 'none', opts: 'bind', state: 'mounted' };
    expect(await host.run(mount, args)).toMatchObject({ changed: true });
    expect(await host.run(mount, args)).toMatchObject({ changed: false });
    expect(await host.run(mount, { path: args.path, state: 'absent', backup: true })).toMatchObject({
      changed: true,
      backup_file: expect.stringMatching(/^\/etc\/fstab\.\d+\.\d{4}-\d\d-\d\d@\d\d:\d\d:\d\d~$/),
    });
    expect(await sh('grep -c bind /etc/fstab /proc/mounts; ls -d /mnt/bind 2>&1')).toContain('No such file');
    expect(await host.run(mount, { path: args.path, state: 'absent' })).toMatchObject({ changed: false });
  });

  it('mounts without fstab, but never over another source', async () => {
    const args = { path: '/mnt/e', src: 'one', fstype: 'tmpfs', state: 'ephemeral' };
    expect(await host.run(mount, args)).toMatchObject({ changed: true });
    expect(await host.run(mount, args)).toMatchObject({ changed: true });
    expect(await host.run(mount, { ...args, src: 'two' })).toMatchObject({ failed: true });
    expect(await sh('grep -c /mnt/e /etc/fstab')).toBe('0\n');
  });

  it('leaves nothing behind when it fails', async () => {
    const before = await sh('cat /etc/fstab');
    const result = await host.run(mount, { path: '/mnt/bad', src: '/dev/nope', fstype: 'ext4', state: 'mounted' });
    expect(result).toMatchObject({ failed: true, msg: expect.stringContaining('Error mounting /mnt/bad: mount: ') });
    expect(await sh('cat /etc/fstab')).toBe(before);
    expect(await sh('ls -d /mnt/bad 2>&1')).toContain('No such file');
  });
});

describe('fstab', () => {
  const entry = { src: '/dev/b', name: 'none', fstype: 'swap', opts: 'sw', dump: '0', passno: '0' };

  it('tells swap entries apart by their device', () => {
    const text = '/dev/a none swap sw 0 0\n';
    expect(withEntry(text, entry).text).toBe(`${text}/dev/b none swap sw 0 0\n`);
    expect(withoutEntry(text, 'none', '/dev/b').changed).toBe(false);
  });

  it('finds the source of a folder that is shown elsewhere', () => {
    const mounts = readMountinfo(
      '22 1 8:1 / / rw shared:1 - ext4 /dev/sda1 rw\n30 22 8:1 /data/src /mnt/x\\040y rw shared:1 - ext4 /dev/sda1 rw\n',
    );
    expect(mounts.get('/mnt/x y')).toMatchObject({ src: '/data/src', fstype: 'ext4' });
    expect(mounts.get('/')).toMatchObject({ src: '/dev/sda1' });
  });
});
