import { randomBytes } from 'node:crypto';
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
import { beforeEach, describe, expect, it } from 'vitest';
import { hostForEachTest } from '../../test/support/hosts.ts';
import { modeOf, type Tools } from '../../test/support/module-host.ts';
import { ModuleFailure } from '../errors/index.ts';
import copy from './copy.ts';

describe.each<Tools>(['gnu', 'busybox'])('copy with %s tools', (tools) => {
  const host = hostForEachTest(tools);
  const at = (name: string): string => join(host.directory, name);
  // Sources are looked up as they are, without the search of a real controller.
  const controller = { find: async (_folder: string, name: string) => name };
  const run = (args: Record<string, unknown>, options = {}) => host.run(copy, args, { controller, ...options });

  it('writes content and tells about the file', async () => {
    const result = await run({ content: 'hello\n', dest: at('f'), mode: '0640' });
    expect(result).toMatchObject({
      changed: true,
      dest: at('f'),
      checksum: 'f572d396fae9206628714fb2ce00f72e94f2258f',
      md5sum: 'b1946ac92492d2347c6235b4d2611184',
      mode: '0640',
      owner: 'root',
      group: 'root',
      uid: 0,
      gid: 0,
      size: 6,
      state: 'file',
    });
    expect(readFileSync(at('f'), 'utf8')).toBe('hello\n');
    expect(readdirSync(host.directory)).toEqual(['f']);
  });

  it('costs one round trip when nothing changes, and two when content does', async () => {
    await host.target.session();
    expect(await host.countRoundTrips(() => run({ content: 'a', dest: at('f'), mode: '0600' }))).toBe(2);
    let result = {};
    expect(
      await host.countRoundTrips(async () => {
        result = await run({ content: 'a', dest: at('f'), mode: '0600' });
      }),
    ).toBe(1);
    expect(result).toMatchObject({ changed: false, path: at('f'), dest: at('f'), mode: '0600' });
  });

  it('writes a mapping as JSON, as Python spells it', async () => {
    await run({ content: { b: [1, 2.5, null, true], a: 'é' }, dest: at('f') });
    expect(readFileSync(at('f'), 'utf8')).toBe('{"b": [1, 2.5, null, true], "a": "\\u00e9"}');
  });

  it('takes an int mode as YAML gives it, and symbols against what is there', async () => {
    await run({ content: 'a', dest: at('f'), mode: 0o640 });
    expect(modeOf(at('f'))).toBe(0o640);
    await run({ content: 'b', dest: at('f'), mode: 'u+x,g=,o+rX' });
    expect(modeOf(at('f'))).toBe(0o704);
  });

  it('keeps mode and owner of a file that it replaces', async () => {
    writeFileSync(at('f'), 'old');
    chmodSync(at('f'), 0o4751);
    await host.run((await import('./file.ts')).default, {
      path: at('f'),
      owner: 'nobody',
      group: 'nogroup',
      mode: '4751',
    });
    const result = await run({ content: 'new', dest: at('f') });
    expect(result).toMatchObject({ changed: true, owner: 'nobody', group: 'nogroup', mode: '04751' });
  });

  it('predicts under --check and changes nothing', async () => {
    const result = await run({ content: 'a', dest: at('f') }, { check: true, diff: true });
    expect(result).toMatchObject({ changed: true, diff: [{ before: '', after: 'a' }] });
    expect(existsSync(at('f'))).toBe(false);
  });

  it('shows the old and the new content, but not what is binary', async () => {
    writeFileSync(at('f'), 'old\n');
    const text = await run({ content: 'new\n', dest: at('f') }, { diff: true });
    expect(text.diff).toMatchObject([{ before: 'old\n', after: 'new\n', before_header: at('f') }]);
    const binary = await run({ content: 'a\0b', dest: at('f') }, { diff: true });
    expect(binary.diff).toMatchObject([{ before: 'new\n', after: '', src_binary: 1 }]);
  });

  it('keeps the old file with backup', async () => {
    writeFileSync(at('f'), 'old');
    const result = await run({ content: 'new', dest: at('f'), backup: true });
    expect(result.backup_file).toMatch(/\/f\.\d+\.\d{4}-\d\d-\d\d@\d\d:\d\d:\d\d~$/);
    expect(readFileSync(String(result.backup_file), 'utf8')).toBe('old');
  });

  it('leaves everything as it was when validation fails', async () => {
    writeFileSync(at('f'), 'old');
    const result = await run({ content: 'new', dest: at('f'), validate: 'cat %s /nonexistent' });
    expect(result).toMatchObject({ failed: true, msg: 'failed to validate', exit_status: 1, stdout: 'new' });
    expect(result.stderr).toContain('/nonexistent');
    expect(readFileSync(at('f'), 'utf8')).toBe('old');
    expect(readdirSync(host.directory)).toEqual(['f']);
    expect(await run({ content: 'new', dest: at('f'), validate: 'true' })).toMatchObject({
      msg: 'validate must contain %s: true',
    });
    expect(await run({ content: 'new', dest: at('f'), validate: "grep -q 'ne' %s" })).toMatchObject({ changed: true });
  });

  it('runs no shell in validate', async () => {
    await run({ content: 'x', dest: at('f'), validate: `cat %s ; touch ${at('hacked')}` });
    expect(existsSync(at('hacked'))).toBe(false);
  });

  it('replaces a link, or writes what it leads to with follow', async () => {
    writeFileSync(at('f'), 'old');
    chmodSync(at('f'), 0o600);
    symlinkSync('f', at('l'));
    expect(await run({ content: 'new', dest: at('l'), follow: true })).toMatchObject({ dest: at('f'), mode: '0600' });
    expect(readlinkSync(at('l'))).toBe('f');
    expect(await run({ content: 'new', dest: at('l') })).toMatchObject({ changed: true, dest: at('l'), mode: '0644' });
    expect(lstatSync(at('l')).isFile()).toBe(true);
  });

  it('refuses what cannot be met', async () => {
    mkdirSync(at('d'));
    expect(await run({ content: 'x', dest: at('d') })).toMatchObject({ msg: 'can not use content with a dir as dest' });
    expect(await run({ content: 'x', dest: at('no/f') })).toMatchObject({
      msg: `Destination directory ${at('no')} does not exist`,
    });
    expect(await run({ content: 'x', dest: at('no/f') }, { check: true })).toMatchObject({ changed: true });
    expect(await run({ dest: at('f') })).toMatchObject({ msg: 'src (or content) is required' });
    expect(await run({ content: 'x', dest: at('f'), owner: 'nosuchuser' })).toMatchObject({
      msg: 'chown failed: failed to look up user nosuchuser',
    });
    expect(await run({ content: 'x', dest: at('f'), mode: 'rwx' })).toMatchObject({
      msg: 'mode must be in octal or symbolic form',
    });
    writeFileSync(at('s'), 'x');
    expect(await run({ src: at('s'), dest: at('f'), checksum: 'abc' })).toMatchObject({
      msg: 'Copied file does not match the expected checksum. Transfer failed.',
    });
    expect(await run({ src: at('none'), dest: at('f') })).toMatchObject({ failed: true });
    expect(existsSync(at('f'))).toBe(false);
  });

  it('copies into folders, which it makes where dest ends with a slash', async () => {
    writeFileSync(at('s'), 'x');
    chmodSync(at('s'), 0o750);
    mkdirSync(at('d'));
    expect(await run({ src: at('s'), dest: at('d'), mode: 'preserve' })).toMatchObject({
      dest: at('d/s'),
      mode: '0750',
    });
    expect(await run({ src: at('s'), dest: at('a/b/'), directory_mode: '0711' })).toMatchObject({ dest: at('a/b/s') });
    expect(modeOf(at('a'))).toBe(0o711);
  });

  it('leaves an existing file alone without force', async () => {
    writeFileSync(at('f'), 'old');
    expect(await run({ content: 'new', dest: at('f'), force: false })).toMatchObject({ changed: false });
    expect(readFileSync(at('f'), 'utf8')).toBe('old');
  });

  it.each([0, 1, 1000, 64 * 1024 + 1, 3 * 1024 * 1024])('loses no byte of %d random ones', async (size) => {
    const bytes = randomBytes(size);
    writeFileSync(at('s'), bytes);
    expect(await run({ src: at('s'), dest: at('f') })).toMatchObject({ changed: true, size });
    expect(readFileSync(at('f')).equals(bytes)).toBe(true);
    expect(await run({ src: at('s'), dest: at('f') })).toMatchObject({ changed: false });
  });

  it('handles any name', async () => {
    for (const name of ["a b'c", '$(id)`id`', '-rf', 'new\nline', 'ü*?[x]', '"\\']) {
      expect(await run({ content: name, dest: at(name) })).toMatchObject({ changed: true, dest: at(name) });
      expect(readFileSync(at(name), 'utf8')).toBe(name);
      expect(await run({ content: name, dest: at(name) })).toMatchObject({ changed: false });
    }
  });

  it('expands ~ and variables of the target, and nothing else', async () => {
    const result = await run({ content: 'x', dest: '$HOME_OF_NOBODY/f' });
    expect(result.msg).toContain('$HOME_OF_NOBODY');
    const home = await run({ content: 'x', dest: '~nobody/x/f' });
    expect(home.msg).toBe('Destination directory /nonexistent/x does not exist');
    expect((await run({ content: 'x', dest: '${HOME}/$(echo no)/f' })).msg).toBe(
      `Destination directory ${process.env.HOME}/$(echo no) does not exist`,
    );
  });

  describe('of a folder', () => {
    beforeEach(() => {
      mkdirSync(at('s/a/b'), { recursive: true });
      mkdirSync(at('s/empty'));
      writeFileSync(at('s/f1'), '1');
      writeFileSync(at('s/a/f2'), '2', { mode: 0o755 });
      writeFileSync(at("s/a/b/it's"), '3');
      symlinkSync('f1', at('s/l'));
      symlinkSync('..', at('s/a/up'));
    });

    it('copies the folder, or its inside with a slash', async () => {
      expect(await run({ src: at('s'), dest: at('d') })).toMatchObject({ changed: true, dest: at('d/'), src: at('s') });
      expect(readFileSync(at("d/s/a/b/it's"), 'utf8')).toBe('3');
      expect(readFileSync(at('d/s/l'), 'utf8')).toBe('1');
      expect(lstatSync(at('d/s/l')).isFile()).toBe(true);
      expect(readlinkSync(at('d/s/a/up'))).toBe('..');
      expect(statSync(at('d/s/empty')).isDirectory()).toBe(true);
      expect(readdirSync(at('d/s/a'))).toEqual(['b', 'f2', 'up']);
      await run({ src: at('s/'), dest: at('e') });
      expect(readFileSync(at('e/a/f2'), 'utf8')).toBe('2');
    });

    it('costs one round trip when nothing changes, and two when it does', async () => {
      await host.target.session();
      expect(await host.countRoundTrips(() => run({ src: at('s'), dest: at('d') }))).toBe(2);
      expect(
        await host.countRoundTrips(async () => {
          expect(await run({ src: at('s'), dest: at('d') })).toMatchObject({ changed: false });
        }),
      ).toBe(1);
    });

    it('keeps links with local_follow off, modes with preserve, and old files with backup', async () => {
      mkdirSync(at('d'));
      writeFileSync(at('d/f1'), 'old');
      await run({ src: at('s/'), dest: at('d'), local_follow: false, mode: 'preserve', backup: true });
      expect(readlinkSync(at('d/l'))).toBe('f1');
      expect(modeOf(at('d/a/f2'))).toBe(0o755);
      const backup = readdirSync(at('d')).find((name) => name.startsWith('f1.'))!;
      expect(readFileSync(at(`d/${backup}`), 'utf8')).toBe('old');
    });

    it('copies a thousand files, small and large ones', async () => {
      mkdirSync(at('many'));
      const contents = new Map<string, Buffer>();
      for (let index = 0; index < 1000; index++) contents.set(`f${index}`, randomBytes(index));
      contents.set('large', randomBytes(300_000));
      for (const [name, content] of contents) writeFileSync(at(`many/${name}`), content);
      expect(await run({ src: at('many/'), dest: at('d') })).toMatchObject({ changed: true });
      for (const [name, content] of contents) expect(readFileSync(at(`d/${name}`)).equals(content), name).toBe(true);
      expect(readdirSync(at('d')).length).toBe(1001);
      expect(await run({ src: at('many/'), dest: at('d') })).toMatchObject({ changed: false });
    });

    it('copies within the target', async () => {
      expect(await run({ src: at('s/'), dest: at('d'), remote_src: true })).toMatchObject({ changed: true });
      expect(readFileSync(at("d/a/b/it's"), 'utf8')).toBe('3');
      expect(modeOf(at('d/a/f2'))).toBe(0o755);
      expect(await run({ src: at('s/'), dest: at('d'), remote_src: true })).toMatchObject({ changed: false });
      writeFileSync(at('d/f1'), 'other');
      expect(await run({ src: at('s/'), dest: at('d'), remote_src: true })).toMatchObject({ changed: true });
      expect(readFileSync(at('d/f1'), 'utf8')).toBe('1');
      const file = await run({ src: at('s/a/f2'), dest: at('copy'), remote_src: true, mode: 'preserve' });
      expect(file).toMatchObject({ changed: true, mode: '0755', md5sum: 'c81e728d9d4c2f636f067f89cc14862c' });
      expect(await run({ src: at('none'), dest: at('copy'), remote_src: true })).toMatchObject({
        msg: `Source ${at('none')} not found`,
      });
    });
  });

  it('hands on the failure of a search', async () => {
    const find = async (): Promise<string> => {
      throw new ModuleFailure('Could not find it');
    };
    expect(await host.run(copy, { src: 'x', dest: at('f') }, { controller: { find } })).toMatchObject({
      failed: true,
      msg: 'Could not find it',
    });
  });
});
