import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hostForEachTest } from '../../test/support/hosts.ts';
import type { Tools } from '../../test/support/module-host.ts';
import lineinfile from './lineinfile.ts';

describe.each<Tools>(['gnu', 'busybox'])('lineinfile with %s tools', (tools) => {
  const host = hostForEachTest(tools);
  const at = (name: string): string => join(host.directory, name);
  const run = (args: Record<string, unknown>, options = {}) =>
    host.run(lineinfile, { path: at('f'), ...args }, options);
  const write = (text: string | Buffer): void => writeFileSync(at('f'), text);
  const read = (): string => readFileSync(at('f'), 'latin1');

  // [content, arguments, content afterwards, message]; the outcomes are those of ansible-core 2.14.
  it.each<[string, Record<string, unknown>, string, string]>([
    ['a\nb', { line: 'c' }, 'a\nb\nc\n', 'line added'],
    ['a\nb\n', { line: 'b' }, 'a\nb\n', ''],
    ['a', { line: 'a' }, 'a\n', 'line replaced'],
    ['x\r\ny', { line: 'x' }, 'x\ny', 'line replaced'],
    ['x\r\ny', { line: 'z' }, 'x\r\ny\nz\n', 'line added'],
    ['a\nb\n', { line: 'n', insertafter: '^a' }, 'a\nn\nb\n', 'line added'],
    ['a\nb\na\nc\n', { line: 'n', insertafter: '^a' }, 'a\nb\na\nn\nc\n', 'line added'],
    ['a\nb\na\nc\n', { line: 'n', insertafter: '^a', firstmatch: true }, 'a\nn\nb\na\nc\n', 'line added'],
    ['a\nb\n', { line: 'n', insertbefore: '^b' }, 'a\nn\nb\n', 'line added'],
    ['a\nb\n', { line: 'n', insertbefore: 'BOF' }, 'n\na\nb\n', 'line added'],
    ['a\nb\n', { line: 'n', insertafter: 'nomatch' }, 'a\nb\nn\n', 'line added'],
    ['k=1\nk=2\n', { regexp: '^k=', line: 'k=3' }, 'k=1\nk=3\n', 'line replaced'],
    ['k=1\nk=2\n', { regexp: '^k=', line: 'k=3', firstmatch: true }, 'k=3\nk=2\n', 'line replaced'],
    ['ab\n', { regexp: '(a)(b)', line: '\\2\\g<1>', backrefs: true }, 'ba\n', 'line replaced'],
    ['ab\n', { regexp: '(?P<x>a)', line: '\\g<x>\\n', backrefs: true }, 'a\n', 'line replaced'],
    ['ab\n', { regexp: 'z', line: '\\1', backrefs: true }, 'ab\n', ''],
    ['a.b\nab\n', { search_string: 'a.b', line: 'new' }, 'new\nab\n', 'line replaced'],
    ['a\nb\nab\n', { regexp: '^a', state: 'absent' }, 'b\n', '2 line(s) removed'],
    ['a\nb\n', { line: 'b', state: 'absent' }, 'a\n', '1 line(s) removed'],
    ['a\nb\n', { search_string: 'z', state: 'absent' }, 'a\nb\n', ''],
    ['a\nb\n', { line: 'n', insertafter: '^b$' }, 'a\nb\nn\n', 'line added'],
  ])('makes of %j by %j: %j', async (before, args, after, msg) => {
    write(before);
    const result = await run(args);
    expect(read()).toBe(after);
    expect(result).toMatchObject({ changed: before !== after, msg });
  });

  it('costs one round trip when nothing changes, and two when it does', async () => {
    write('a\n');
    await host.target.session();
    expect(await host.countRoundTrips(() => run({ line: 'b', mode: '0600' }))).toBe(2);
    expect(await host.countRoundTrips(() => run({ line: 'b', mode: '0600' }))).toBe(1);
  });

  it('makes the file, with its folder, when told to', async () => {
    expect(await run({ line: 'x' })).toMatchObject({
      failed: true,
      rc: 257,
      msg: `Destination ${at('f')} does not exist !`,
    });
    const args = { path: at('d/e/f'), line: 'x', create: true, mode: '0600' };
    expect(await run(args, { check: true })).toMatchObject({ changed: true, msg: 'line added' });
    expect(existsSync(at('d'))).toBe(false);
    expect(await run(args)).toMatchObject({
      changed: true,
      msg: 'line added and ownership, perms or SE linux context changed',
    });
    expect(statSync(at('d/e/f')).mode & 0o777).toBe(0o600);
  });

  it('says so when only attributes differ', async () => {
    write('x\n');
    expect(await run({ line: 'x', mode: '0600' }, { diff: true })).toMatchObject({
      changed: true,
      msg: 'ownership, perms or SE linux context changed',
      diff: [
        { before: 'x\n', after: 'x\n' },
        { before: { mode: '0644' }, after: { mode: '0600' } },
      ],
    });
  });

  it('writes what a link leads to, and keeps the link', async () => {
    write('x\n');
    symlinkSync('f', at('l'));
    expect(await run({ path: at('l'), line: 'y' })).toMatchObject({ changed: true });
    expect(read()).toBe('x\ny\n');
  });

  it('keeps the old file with backup, and everything when validation fails', async () => {
    write('x\n');
    const { backup } = await run({ line: 'y', backup: true });
    expect(readFileSync(String(backup), 'utf8')).toBe('x\n');
    const files = readdirSync(host.directory);
    expect((await run({ line: 'z', validate: 'grep -q nothing %s' })).msg).toBe('failed to validate: rc:1 error:');
    expect(read()).toBe('x\ny\n');
    expect(readdirSync(host.directory)).toEqual(files);
  });

  it('searches bytes, so that any encoding survives', async () => {
    write(Buffer.from('68e96c6c6f0aff7261770ac3a90a', 'hex'));
    expect(await run({ regexp: 'é', line: 'wörld' })).toMatchObject({ msg: 'line replaced' });
    expect(readFileSync(at('f')).toString('hex')).toBe('68e96c6c6f0aff7261770a77c3b6726c640a');
  });

  it('loses no byte of random ones', async () => {
    for (let round = 0; round < 25; round++) {
      const bytes = randomBytes(round === 0 ? 0 : round * 211);
      // After a carriage return at the end, a new line is no line of its own, in Ansible as well.
      if (bytes.at(-1) === 0x0d) bytes[bytes.length - 1] = 0;
      write(bytes);
      const line = `added ${round}`;
      await run({ line });
      const isEnded = bytes.length === 0 || bytes.at(-1) === 0x0a;
      const ended = isEnded ? bytes : Buffer.concat([bytes, Buffer.from('\n')]);
      expect(readFileSync(at('f')).equals(Buffer.concat([ended, Buffer.from(`${line}\n`)]))).toBe(true);
      await run({ line, state: 'absent' });
      expect(readFileSync(at('f')).equals(ended)).toBe(true);
    }
  });

  it('edits a file that is too large for one reply', async () => {
    const bytes = Buffer.concat([randomBytes(5 * 1024 * 1024), Buffer.from('\n')]);
    write(bytes);
    await run({ line: 'last' });
    expect(readFileSync(at('f')).equals(Buffer.concat([bytes, Buffer.from('last\n')]))).toBe(true);
  });

  it('refuses what makes no sense', async () => {
    write('x\n');
    mkdirSync(at('d'));
    expect(await run({ path: at('d'), line: 'x' })).toMatchObject({ rc: 256, msg: `Path ${at('d')} is a directory !` });
    expect((await run({})).msg).toBe('line is required with state=present');
    expect((await run({ line: 'x', backrefs: true })).msg).toBe('regexp is required with backrefs=true');
    expect((await run({ state: 'absent' })).msg).toBe(
      'one of line, search_string, or regexp is required with state=absent',
    );
    expect((await run({ line: 'x', regexp: '(' })).msg).toContain("Invalid regular expression '('");
    expect(await run({ path: at('none'), state: 'absent', line: 'x' })).toMatchObject({
      changed: false,
      msg: 'file not present',
    });
    await run({ line: 'y', regexp: '' });
    expect(host.warnings[0]).toContain('The regular expression is an empty string');
  });
});
