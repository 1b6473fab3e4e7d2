import { chmodSync, lstatSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hostForEachTest } from '../../test/support/hosts.ts';
import type { ModuleResult, Tools } from '../../test/support/module-host.ts';
import slurp from './slurp.ts';
import stat from './stat.ts';

describe.each<Tools>(['gnu', 'busybox'])('stat and slurp with %s tools', (tools) => {
  const host = hostForEachTest(tools);
  const at = (name: string): string => join(host.directory, name);
  const run = async (path: string, args: Record<string, unknown> = {}): Promise<ModuleResult> =>
    (await host.run(stat, { path: at(path), ...args })).stat as ModuleResult;

  it('tells everything about a file, as node sees it too', async () => {
    writeFileSync(at('f'), 'hi\n');
    chmodSync(at('f'), 0o4640);
    const own = lstatSync(at('f'));
    const told = await run('f', { get_md5: true });
    expect(told).toMatchObject({
      exists: true,
      path: at('f'),
      mode: '4640',
      isreg: true,
      isdir: false,
      islnk: false,
      isuid: true,
      rusr: true,
      xusr: false,
      rgrp: true,
      roth: false,
      uid: 0,
      gid: 0,
      size: 3,
      inode: own.ino,
      dev: own.dev,
      nlink: 1,
      blocks: own.blocks,
      block_size: own.blksize,
      device_type: 0,
      readable: true,
      writeable: true,
      executable: false,
      pw_name: 'root',
      gr_name: 'root',
      checksum: '55ca6286e3e4f4fba5d0448333fa99fc5a404a73',
      md5: '764efa883dda1e11db47671c4a3bbd9e',
    });
    expect(Number(told.mtime)).toBeCloseTo(own.mtimeMs / 1000, 3);
    expect(told.mimetype).toBe(tools === 'gnu' ? 'text/plain' : 'unknown');
    expect(Array.isArray(told.attributes)).toBe(true);
  });

  it('tells about links, or what they lead to', async () => {
    writeFileSync(at('f'), 'hi\n');
    symlinkSync('f', at('l'));
    symlinkSync('none', at('b'));
    const link = await run('l');
    expect(link).toMatchObject({ islnk: true, isreg: false, lnk_source: at('f'), lnk_target: 'f' });
    expect(link).not.toHaveProperty('checksum');
    const followed = await run('l', { follow: true, checksum_algorithm: 'sha256' });
    expect(followed).toMatchObject({ islnk: false, isreg: true });
    expect(followed.checksum).toBe('98ea6e4f216f2fb4b69fff9b3a44842c38686ca685f3f55dc48c5d3fb1107be4');
    expect(await run('b')).toMatchObject({ exists: true, islnk: true, lnk_target: 'none', lnk_source: at('none') });
    expect(await run('b', { follow: true })).toEqual({ exists: false });
  });

  it('leaves out what was not asked for, in one round trip', async () => {
    mkdirSync(at('d'));
    await host.target.session();
    const asked = { get_checksum: false, get_mime: false, get_attributes: false };
    expect(
      await host.countRoundTrips(async () => {
        const told = await run('d', asked);
        expect(told).toMatchObject({ isdir: true });
        for (const name of ['checksum', 'mimetype', 'charset', 'attributes', 'version']) {
          expect(told).not.toHaveProperty(name);
        }
      }),
    ).toBe(1);
  });

  it('tells what is missing, and fails for what is no path', async () => {
    writeFileSync(at('f'), '');
    expect(await run('none')).toEqual({ exists: false });
    expect(await host.run(stat, { path: at('f/x') })).toMatchObject({ failed: true, msg: 'Not a directory' });
  });

  it('reads files with any bytes', async () => {
    const bytes = Buffer.from(Array.from({ length: 1024 }, (_, index) => index % 256));
    writeFileSync(at('f'), bytes);
    const expected = { content: bytes.toString('base64'), encoding: 'base64', source: at('f'), changed: false };
    expect(await host.run(slurp, { src: at('f') })).toEqual(expected);
    expect(await host.run(slurp, { src: at('none') })).toMatchObject({ msg: `file not found: ${at('none')}` });
    expect(await host.run(slurp, { src: host.directory })).toMatchObject({
      msg: `source is a directory and must be a file: ${host.directory}`,
    });
  });
});
