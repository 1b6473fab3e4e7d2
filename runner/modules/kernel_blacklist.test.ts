import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { hostForEachTest } from '../../test/support/hosts.ts';
import kernelBlacklist from './kernel_blacklist.ts';

const host = hostForEachTest('busybox');
let file: string;
beforeEach(() => {
  file = join(host.directory, 'list.conf');
});

describe('kernel_blacklist', () => {
  it('adds a module once, to a file that need not be there', async () => {
    const args = { name: 'pcspkr', blacklist_file: file };
    expect(await host.run(kernelBlacklist, args, { check: true })).toMatchObject({ changed: true });
    await expect(readFile(file)).rejects.toThrow('ENOENT');
    expect(await host.run(kernelBlacklist, args)).toEqual({
      changed: true,
      name: 'pcspkr',
      state: 'present',
      filename: file,
      is_blacklisted: true,
      lines: ['blacklist pcspkr'],
    });
    expect(await host.countRoundTrips(() => host.run(kernelBlacklist, args))).toBe(1);
    expect(await host.run(kernelBlacklist, args)).toMatchObject({ changed: false });
    expect(await readFile(file, 'utf8')).toBe('blacklist pcspkr\n');
  });

  it('removes a module and nothing else', async () => {
    await writeFile(file, '# blacklist nouveau\n  blacklist   nouveau \nblacklist nouveau2\n');
    const args = { name: 'nouveau', blacklist_file: file, state: 'absent' };
    expect(await host.run(kernelBlacklist, args, { diff: true })).toMatchObject({
      changed: true,
      is_blacklisted: false,
      diff: [{ after: { lines: ['# blacklist nouveau', 'blacklist nouveau2'] } }],
    });
    expect(await readFile(file, 'utf8')).toBe('# blacklist nouveau\nblacklist nouveau2\n');
    expect(await host.run(kernelBlacklist, args)).toMatchObject({ changed: false });
  });

  it('says what went wrong', async () => {
    const path = join(host.directory, 'none', 'list.conf');
    expect(await host.run(kernelBlacklist, { name: 'x', blacklist_file: path })).toMatchObject({
      failed: true,
      msg: expect.stringContaining(`Failed to write ${path}: `),
    });
  });
});
