import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { hostForEachTest } from '../../test/support/hosts.ts';
import { openModuleHost, type Tools } from '../../test/support/module-host.ts';
import archive from './archive.ts';
import unarchive from './unarchive.ts';

describe.each<Tools>(['gnu', 'busybox'])('unarchive and archive with %s tools', (tools) => {
  const host = hostForEachTest(tools);
  const at = (name: string): string => join(host.directory, name);
  const unpack = (args: Record<string, unknown>, options = {}) =>
    host.run(
      unarchive,
      { dest: at('d'), ...args },
      { controller: { find: async (_f: string, name: string) => name }, ...options },
    );
  const pack = (args: Record<string, unknown>, options = {}) => host.run(archive, args, options);
  const shell = (script: string): void => void execFileSync('sh', ['-ec', script], { cwd: host.directory });

  beforeEach(() => {
    mkdirSync(at('t/a/b'), { recursive: true });
    mkdirSync(at('d'));
    writeFileSync(at('t/a/f'), '1', { mode: 0o600 });
    writeFileSync(at('t/a/b/g'), '22');
  });

  it.each([
    ['TarArchive', 'cf'],
    ['TgzArchive', 'czf'],
    ['TarBzipArchive', 'cjf'],
    ['TarXzArchive', 'cJf'],
  ])('unpacks a %s once', async (handler, options) => {
    shell(`cd t; tar ${options} ../x a`);
    expect(await unpack({ src: at('x'), list_files: true })).toMatchObject({
      changed: true,
      handler,
      dest: at('d'),
      files: expect.arrayContaining(['a/', 'a/f', 'a/b/', 'a/b/g']),
      extract_results: { rc: 0 },
    });
    expect(readFileSync(at('d/a/b/g'), 'utf8')).toBe('22');
    expect(statSync(at('d/a/f')).mode & 0o777).toBe(0o600);
    expect(readdirSync(at('d'))).toEqual(['a']);
    const again = await unpack({ src: at('x'), remote_src: true });
    expect(again).toMatchObject({ changed: false, handler });
    expect(again).not.toHaveProperty('extract_results');
    expect(await unpack({ src: at('x') }, { check: true })).toMatchObject({ skipped: true });
  });

  it('unpacks zip archives once', async () => {
    shell('cd t; zip -qr ../x.zip a');
    expect(await unpack({ src: at('x.zip') }, { check: true })).toMatchObject({ changed: true });
    expect(existsSync(at('d/a'))).toBe(false);
    expect(await unpack({ src: at('x.zip'), list_files: true })).toMatchObject({
      changed: true,
      handler: 'ZipArchive',
      files: ['a/', 'a/f', 'a/b/', 'a/b/g'].sort(),
    });
    expect(readFileSync(at('d/a/b/g'), 'utf8')).toBe('22');
    expect(await unpack({ src: at('x.zip') })).toMatchObject({ changed: false });
    writeFileSync(at('d/a/f'), 'changed');
    expect(await unpack({ src: at('x.zip') })).toMatchObject({ changed: true });
    expect(readFileSync(at('d/a/f'), 'utf8')).toBe('1');
  });

  it('leaves out, and sets modes and owners', async () => {
    shell('cd t; tar czf ../x a');
    const args = { src: at('x'), exclude: ['a/b'], mode: '0700', owner: 'nobody' };
    expect(await unpack(args)).toMatchObject({ changed: true });
    expect(readdirSync(at('d/a'))).toEqual(['f']);
    expect([statSync(at('d/a/f')).uid, statSync(at('d/a/f')).mode & 0o777]).toEqual([65534, 0o700]);
  });

  it('refuses what cannot be unpacked', async () => {
    writeFileSync(at('empty'), '');
    expect((await unpack({ src: at('empty') })).msg).toContain('the file is 0 bytes');
    expect((await unpack({ src: at('t/a/f') })).msg).toContain('Failed to find handler');
    expect((await unpack({ src: at('none'), remote_src: true })).msg).toBe(`Source '${at('none')}' does not exist`);
    expect((await unpack({ src: at('t/a/f'), dest: at('nod') })).msg).toBe(
      `dest '${at('nod')}' must be an existing dir`,
    );
    expect(await unpack({ src: at('t/a/f'), creates: at('d') })).toMatchObject({
      skipped: true,
      msg: `skipped, since ${at('d')} exists`,
    });
  });

  it('packs a folder once', async () => {
    const args = { path: at('t'), dest: at('x.tgz') };
    expect(await pack(args, { check: true })).toMatchObject({ changed: true });
    expect(await pack(args)).toMatchObject({
      changed: true,
      dest: at('x.tgz'),
      dest_state: 'archive',
      arcroot: `${host.directory}/`,
      archived: expect.arrayContaining([at('t/a'), at('t/a/f'), at('t/a/b/g')]),
      state: 'file',
    });
    expect(await pack(args)).toMatchObject({ changed: false });
    expect(execFileSync('tar', ['-xzOf', at('x.tgz'), 't/a/b/g']).toString()).toBe('22');
    writeFileSync(at('t/new'), '');
    expect(await pack({ ...args, mode: '0600' })).toMatchObject({ changed: true, mode: '0600' });
  });

  it('only compresses a single file', async () => {
    expect(await pack({ path: at('t/a/f') })).toMatchObject({ dest: at('t/a/f.gz'), dest_state: 'compress' });
    expect(execFileSync('gzip', ['-dc', at('t/a/f.gz')]).toString()).toBe('1');
    expect(await pack({ path: at('t/a/f') })).toMatchObject({ changed: false });
  });

  it('leaves out by globs, tells what is missing, and removes what it packed', async () => {
    const result = await pack({
      path: [`${at('t/a')}/*`, at('none')],
      exclude_path: [at('t/a/b')],
      dest: at('x.tar'),
      format: 'tar',
      remove: true,
    });
    expect(result).toMatchObject({
      changed: true,
      archived: [at('t/a/f')],
      missing: [at('none')],
      dest_state: 'incomplete',
    });
    expect(existsSync(at('t/a/f'))).toBe(false);
    expect(existsSync(at('t/a/b/g'))).toBe(true);
    await pack({ path: at('t'), dest: at('y.tar'), format: 'tar', exclusion_patterns: ['*/g'] });
    expect(execFileSync('tar', ['-tf', at('y.tar')]).toString()).not.toContain('g');
  });

  it('refuses what makes no sense', async () => {
    expect((await pack({ path: at('t') })).msg).toBe(
      'Error, must specify "dest" when archiving multiple files or trees',
    );
    expect((await pack({ path: `${at('t')}/no*`, dest: at('x') })).msg).toBe('Error, no source paths were found');
    expect((await pack({ path: at('t'), dest: at('t/x'), remove: true })).msg).toContain('can not be contained');
  });
});

describe('archive with zip', () => {
  it('packs a folder once', async () => {
    const host = await openModuleHost();
    try {
      mkdirSync(join(host.directory, 't'));
      writeFileSync(join(host.directory, 't/f'), '1');
      const args = { path: join(host.directory, 't'), dest: join(host.directory, 'x.zip'), format: 'zip' };
      expect(await host.run(archive, args)).toMatchObject({ changed: true, dest_state: 'archive' });
      expect(execFileSync('unzip', ['-p', args.dest, 't/f']).toString()).toBe('1');
      expect(await host.run(archive, args)).toMatchObject({ changed: false });
    } finally {
      await host.close();
    }
  });
});
