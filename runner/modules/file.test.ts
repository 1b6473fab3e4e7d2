import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hostForEachTest } from '../../test/support/hosts.ts';
import { modeOf, type Tools } from '../../test/support/module-host.ts';
import file from './file.ts';

describe.each<Tools>(['gnu', 'busybox'])('file with %s tools', (tools) => {
  const host = hostForEachTest(tools);
  const at = (name: string): string => join(host.directory, name);
  const run = (args: Record<string, unknown>, options = {}) => host.run(file, args, options);

  it('makes folders, each with the attributes', async () => {
    const args = { path: at('a/b/c'), state: 'directory', mode: '0750', owner: 'nobody' };
    expect(await run(args, { check: true })).toMatchObject({ changed: true });
    expect(existsSync(at('a'))).toBe(false);
    expect(await run(args)).toMatchObject({ changed: true, path: at('a/b/c'), mode: '0750', owner: 'nobody' });
    expect([modeOf(at('a')), statSync(at('a')).uid]).toEqual([0o750, 65534]);
    await host.target.session();
    expect(
      await host.countRoundTrips(async () => {
        expect(await run(args)).toMatchObject({ changed: false, state: 'directory', gid: 0 });
      }),
    ).toBe(1);
  });

  it('sets exactly the mode that was asked, also bits that chmod keeps for folders', async () => {
    mkdirSync(at('d'));
    chmodSync(at('d'), 0o2775);
    expect(await run({ path: at('d'), mode: '0755' }, { diff: true })).toMatchObject({
      changed: true,
      mode: '0755',
      diff: { before: { mode: '02775' }, after: { mode: '0755' } },
    });
    expect(await run({ path: at('d'), mode: 'g+s,o=' })).toMatchObject({ mode: '02750' });
  });

  it('touches: makes a file, and keeps times with preserve', async () => {
    expect(await run({ path: at('f'), state: 'touch', mode: '0600' })).toMatchObject({
      changed: true,
      dest: at('f'),
      mode: '0600',
      size: 0,
    });
    const keep = { modification_time: 'preserve', access_time: 'preserve' };
    expect(await run({ path: at('f'), state: 'touch', ...keep })).toMatchObject({ changed: false });
    expect(await run({ path: at('f'), state: 'touch' })).toMatchObject({ changed: true });
    expect(await run({ path: at('no/f'), state: 'touch' })).toMatchObject({
      failed: true,
      msg: `Error, could not touch target: [Errno 2] No such file or directory: b'${at('no/f')}'`,
    });
  });

  it('sets times', async () => {
    writeFileSync(at('f'), '');
    const args = { path: at('f'), modification_time: '202001020304.05', access_time: '202102030405.06' };
    expect(await run(args)).toMatchObject({ changed: true });
    expect(statSync(at('f')).mtimeMs).toBe(new Date(2020, 0, 2, 3, 4, 5).getTime());
    expect(statSync(at('f')).atimeMs).toBe(new Date(2021, 1, 3, 4, 5, 6).getTime());
    expect(await run(args)).toMatchObject({ changed: false });
    expect((await run({ path: at('f'), access_time: 'soon' })).msg).toContain('Error while obtaining timestamp');
  });

  it('removes files, folders and links, but not what links lead to', async () => {
    mkdirSync(at('d/e'), { recursive: true });
    writeFileSync(at('d/e/f'), '');
    mkdirSync(at('kept'));
    writeFileSync(at('kept/f'), '');
    symlinkSync(at('kept'), at('d/l'));
    symlinkSync('kept', at('l'));
    const removal = { path: at('d'), state: 'absent' };
    expect(await run(removal, { diff: true, check: true })).toMatchObject({
      changed: true,
      state: 'directory',
      diff: { before: { path_content: { directories: [at('d/e')] } }, after: { state: 'absent' } },
    });
    expect(await run(removal)).toMatchObject({ changed: true, state: 'absent' });
    expect(await run(removal)).toEqual({ changed: false, path: at('d'), state: 'absent' });
    expect(await run({ path: `${at('l')}/`, state: 'absent' })).toMatchObject({ changed: true });
    expect(existsSync(at('l'))).toBe(false);
    expect(existsSync(at('kept/f'))).toBe(true);
  });

  it('makes links and replaces them', async () => {
    mkdirSync(at('a'));
    mkdirSync(at('b'));
    writeFileSync(at('b/x'), '');
    expect(await run({ path: at('l'), src: 'a', state: 'link' })).toMatchObject({
      changed: true,
      dest: at('l'),
      src: 'a',
      state: 'link',
    });
    expect(await run({ path: at('l'), src: 'a', state: 'link' })).toMatchObject({ changed: false });
    // A link to a folder is replaced itself rather than filled.
    expect(await run({ path: at('l'), src: 'b', state: 'link' })).toMatchObject({ changed: true });
    expect(readlinkSync(at('l'))).toBe('b');
    expect(readdirSync(at('a'))).toEqual([]);
    expect(readdirSync(host.directory).sort()).toEqual(['a', 'b', 'l']);
  });

  it('refuses links that would lose something or lead nowhere', async () => {
    writeFileSync(at('f'), 'f');
    mkdirSync(at('full/x'), { recursive: true });
    mkdirSync(at('empty'));
    expect((await run({ path: at('l'), src: 'none', state: 'link' })).msg).toContain('src file does not exist');
    expect((await run({ path: at('f'), src: 'empty', state: 'link' })).msg).toBe(
      `refusing to convert from file to symlink for ${at('f')}`,
    );
    expect((await run({ path: at('full'), src: 'f', state: 'link', force: true })).msg).toContain('is not empty');
    expect(await run({ path: at('empty'), src: 'f', state: 'link', force: true })).toMatchObject({ changed: true });
    expect(await run({ path: at('l'), src: 'none', state: 'link', force: true })).toMatchObject({ changed: true });
    expect(host.warnings).toEqual([
      'Cannot set fs attributes on a non-existent symlink target. follow should be set to False to avoid this.',
    ]);
    expect((await run({ path: at('new'), state: 'link' })).msg).toBe('src is required for creating new symlinks');
  });

  it('makes hard links', async () => {
    writeFileSync(at('f'), 'f');
    writeFileSync(at('g'), 'g');
    expect(await run({ path: at('h'), src: at('f'), state: 'hard' })).toMatchObject({ changed: true, state: 'hard' });
    expect(statSync(at('h')).ino).toBe(statSync(at('f')).ino);
    expect(await run({ path: at('h'), src: at('f'), state: 'hard' })).toMatchObject({ changed: false });
    expect((await run({ path: at('h'), src: at('g'), state: 'hard' })).msg).toBe(
      'Cannot link, different hard link exists at destination',
    );
    expect(await run({ path: at('h'), src: at('g'), state: 'hard', force: true })).toMatchObject({ changed: true });
    expect(readFileSync(at('h'), 'utf8')).toBe('g');
  });

  it('gives attributes to everything inside, whatever its name', async () => {
    mkdirSync(at('d/sub'), { recursive: true });
    const odd = at('d/sub/new\nline $(x)');
    writeFileSync(odd, '', { mode: 0o644 });
    writeFileSync(at('d/run'), '', { mode: 0o755 });
    writeFileSync(at('outside'), '', { mode: 0o644 });
    symlinkSync('../outside', at('d/l'));
    const args = { path: at('d'), state: 'directory', recurse: true, mode: 'u=rwX,g=rX,o=', owner: 'nobody' };
    expect(await run({ ...args, follow: false })).toMatchObject({ changed: true });
    expect([modeOf(odd), modeOf(at('d/run')), modeOf(at('d/sub'))]).toEqual([0o640, 0o750, 0o750]);
    expect([statSync(odd).uid, lstatSync(at('d/l')).uid, statSync(at('outside')).uid]).toEqual([65534, 65534, 0]);
    expect(await run({ ...args, follow: false })).toMatchObject({ changed: false });
    expect(await run(args)).toMatchObject({ changed: true });
    expect([modeOf(at('outside')), statSync(at('outside')).uid]).toEqual([0o640, 65534]);
    expect(await run(args)).toMatchObject({ changed: false });
  });

  it('follows a link to a folder unless told not to', async () => {
    mkdirSync(at('d'));
    symlinkSync('d', at('l'));
    expect(await run({ path: at('l'), state: 'directory', mode: '0700' })).toMatchObject({
      path: at('d'),
      mode: '0700',
    });
    expect((await run({ path: at('l'), state: 'directory', follow: false })).msg).toBe(
      `${at('l')} already exists as a link`,
    );
    expect((await run({ path: at('l'), state: 'file' })).msg).toBe(`file (${at('d')}) is directory, cannot continue`);
  });

  it('makes the folder that a broken link leads to', async () => {
    symlinkSync('target', at('l'));
    expect(await run({ path: at('l'), state: 'directory' })).toMatchObject({ changed: true, path: at('target') });
    expect(statSync(at('target')).isDirectory()).toBe(true);
  });

  it('names what is wrong', async () => {
    writeFileSync(at('f'), '');
    expect((await run({ path: at('none') })).msg).toBe(`file (${at('none')}) is absent, cannot continue`);
    expect((await run({ path: at('f'), recurse: true })).msg).toBe("recurse option requires state to be 'directory'");
    expect((await run({ path: at('f'), src: 'x' })).msg).toBe("src option requires state to be 'link' or 'hard'");
    expect((await run({ path: at('f'), owner: 'nosuch' })).msg).toBe('chown failed: failed to look up user nosuch');
    expect((await run({ path: at('f'), group: 'nosuch' })).msg).toBe('chgrp failed: failed to look up group nosuch');
    expect((await run({ path: at('f/x'), state: 'directory' })).msg).toContain('[Errno 20] Not a directory');
    const planned = await run({ path: at('d'), state: 'directory', owner: 'nosuch' }, { check: true });
    expect(planned).toMatchObject({ changed: true });
    expect(host.warnings[0]).toContain('failed to look up user nosuch');
  });
});
