import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openFakeHost } from '../../test/support/fake-commands.ts';
import { hostForEachTest } from '../../test/support/hosts.ts';
import { openModuleHost } from '../../test/support/module-host.ts';
import { raw } from '../connection/index.ts';
import filesystem from './filesystem.ts';

// With the real tools of e2fsprogs and util-linux, on files.
const host = hostForEachTest();
let dev: string;
const sh = async (command: string): Promise<string> => String((await host.target.run(raw(command))).stdout);
beforeEach(async () => {
  dev = join(host.directory, 'disk');
  await writeFile(dev, '');
  await truncate(dev, 8 * 1024 * 1024);
});
const run = (args: object, options = {}) => host.run(filesystem, { dev, ...args }, options);

describe('filesystem', () => {
  it('makes one, once', async () => {
    const args = { fstype: 'ext4', opts: '-L my-label' };
    expect(await run(args, { check: true })).toEqual({ changed: true });
    expect(await sh(`blkid -p ${dev}`)).toBe('');
    expect(await run(args)).toEqual({ changed: true });
    expect(await sh(`blkid -p -o value -s TYPE -s LABEL ${dev}`)).toBe('my-label\next4\n');
    expect(await host.countRoundTrips(() => run(args))).toBe(1);
    expect(await run(args)).toEqual({ changed: false });
    expect(await run({ ...args, force: true })).toEqual({ changed: true });
  });

  it('does not destroy another one unless forced', async () => {
    await run({ fstype: 'ext2' });
    expect(await run({ fstype: 'swap' })).toMatchObject({
      failed: true,
      msg: `'${dev}' is already used as ext2, use force=true to overwrite`,
    });
    expect(await run({ fstype: 'swap', force: true })).toEqual({ changed: true });
    expect(await sh(`blkid -p -o value -s TYPE ${dev}`)).toBe('swap\n');
  });

  it('lets one grow', async () => {
    await run({ fstype: 'ext4' });
    const args = { fstype: 'ext4', resizefs: true };
    expect(await run(args)).toEqual({ changed: false, msg: `Ext4 filesystem is using the whole device ${dev}` });
    await truncate(dev, 16 * 1024 * 1024);
    expect(await run(args, { check: true })).toMatchObject({ changed: true });
    expect(await run(args)).toMatchObject({ changed: true, msg: expect.stringContaining(dev) });
    expect(await run(args)).toMatchObject({ changed: false });
    await run({ fstype: 'swap', force: true });
    expect(await run({ fstype: 'swap', resizefs: true })).toMatchObject({ failed: true });
  });

  it('wipes', async () => {
    await run({ fstype: 'ext4' });
    expect(await run({ state: 'absent' }, { check: true })).toEqual({ changed: true });
    expect(await run({ state: 'absent' })).toEqual({ changed: true });
    expect(await run({ state: 'absent' })).toEqual({ changed: false });
    expect(await run({ dev: '/no/such', state: 'absent' })).toEqual({
      changed: false,
      msg: 'Device /no/such not found.',
    });
    expect(await run({ dev: '/no/such', fstype: 'ext4' })).toMatchObject({ failed: true });
    expect(await run({})).toMatchObject({ failed: true, msg: expect.stringContaining('fstype') });
  });

  it('understands busybox', async () => {
    await run({ fstype: 'ext4' });
    const small = await openModuleHost('busybox');
    try {
      expect(await small.run(filesystem, { dev, fstype: 'ext4' })).toEqual({ changed: false });
      expect(await small.run(filesystem, { dev, fstype: 'vfat' })).toMatchObject({ failed: true });
      expect(await small.run(filesystem, { dev, fstype: 'swap', force: true })).toMatchObject({ failed: true });
    } finally {
      await small.close();
    }
  });

  it('measures the other kinds by what their tools print', async () => {
    const data = 'data     =                       bsize=4096   blocks=76800, imaxpct=25';
    const cases: [string, string, Record<string, string>, boolean][] = [
      ['xfs', 'xfs', { xfs_info: `echo "${data}"` }, true],
      ['btrfs', 'btrfs', { btrfs: '[ "$2" = usage ] && echo "    Device size:             314572800"; :' }, true],
      ['LVM2_member', 'lvm', { pvs: 'echo "  314572800"', pvresize: ':' }, false],
      [
        'f2fs',
        'f2fs',
        { 'dump.f2fs': 'echo "Info: sector size = 512"; echo "Info: total FS sectors = 614400 (300 MB)"' },
        false,
      ],
      ['vfat', 'vfat', { fatresize: 'echo "FAT: fat32"; echo "Cur size:314572800"' }, false],
    ];
    for (const [found, fstype, tools, isMounted] of cases) {
      const fake = await openFakeHost(join(host.directory, fstype), {
        ...tools,
        blkid: `echo ${found}`,
        findmnt: isMounted ? 'echo /mnt/x' : ':',
        'resize.f2fs': ':',
        xfs_growfs: 'echo "grown $*"',
      });
      try {
        await truncate(dev, 300 * 1024 * 1024);
        expect(await fake.run(filesystem, { dev, fstype, resizefs: true })).toMatchObject({ changed: false });
        await truncate(dev, 301 * 1024 * 1024);
        const grown = await fake.run(filesystem, { dev, fstype, resizefs: true });
        expect(grown).toMatchObject({ changed: true });
        if (fstype === 'xfs') expect(grown.msg).toBe('grown /mnt/x\n');
      } finally {
        await fake.close();
      }
    }
  });
});
