import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hostForEachTest } from '../../test/support/hosts.ts';
import type { Tools } from '../../test/support/module-host.ts';
import replace from './replace.ts';

describe.each<Tools>(['gnu', 'busybox'])('replace with %s tools', (tools) => {
  const host = hostForEachTest(tools);
  const at = (name: string): string => join(host.directory, name);
  const run = (args: Record<string, unknown>, options = {}) => host.run(replace, { path: at('f'), ...args }, options);

  // [content, arguments, content afterwards, message]; the outcomes are those of ansible-core 2.14.
  it.each<[string, Record<string, unknown>, string, string]>([
    ['a1 b2\nc3\n', { regexp: '([a-z])(\\d)', replace: '\\2\\g<1>' }, '1a 2b\n3c\n', '3 replacements made'],
    ['a\nb\n', { regexp: '^', replace: '> ' }, '> a\n> b\n> ', '3 replacements made'],
    ['a\n', { regexp: 'z' }, 'a\n', ''],
    ['a\n', { regexp: 'a', replace: 'a' }, 'a\n', ''],
    ['x=1\n', { regexp: 'x=(\\d)', replace: 'x=\\1\\n' }, 'x=1\n\n', '1 replacements made'],
    [
      '[a]\nx=1\n[b]\nx=1\nx=1\n[c]\nx=1\n',
      { regexp: '^x=1$', replace: 'x=2', after: '\\[b\\]', before: '\\[c\\]' },
      '[a]\nx=1\n[b]\nx=2\nx=2\n[c]\nx=1\n',
      '2 replacements made',
    ],
    ['x [c] x\n', { regexp: 'x', replace: 'y', after: '\\[c\\]' }, 'x [c] y\n', '1 replacements made'],
    ['x [c] x\n', { regexp: 'x', replace: 'y', before: '\\[c\\]' }, 'y [c] x\n', '1 replacements made'],
    [
      'x\n',
      { regexp: 'x', after: 'no', before: 'way' },
      'x\n',
      'Pattern for before/after params did not match the given file: no(?P<subsection>.*?)way',
    ],
    ['hé\n', { regexp: '\\w+', replace: 'X' }, 'X\n', '1 replacements made'],
  ])('makes of %j by %j: %j', async (before, args, after, msg) => {
    writeFileSync(at('f'), before);
    expect(await run(args)).toMatchObject({ changed: before !== after, msg, rc: 0 });
    expect(readFileSync(at('f'), 'utf8')).toBe(after);
  });

  it('shows the diff, keeps the old file and predicts', async () => {
    writeFileSync(at('f'), 'a\n');
    expect(await run({ regexp: 'a', replace: 'b' }, { check: true, diff: true })).toMatchObject({
      changed: true,
      diff: [{ before: 'a\n', after: 'b\n', before_header: at('f') }],
    });
    expect(readFileSync(at('f'), 'utf8')).toBe('a\n');
    const { backup_file } = await run({ regexp: 'a', replace: 'b', backup: true });
    expect(readFileSync(String(backup_file), 'utf8')).toBe('a\n');
  });

  it('reads and writes other encodings, and refuses bytes that are none', async () => {
    writeFileSync(at('f'), Buffer.from('68e90a', 'hex'));
    expect((await run({ regexp: 'h', replace: 'x' })).msg).toBe("'utf-8' codec can't decode the bytes of the file");
    expect(await run({ regexp: 'é', replace: 'è', encoding: 'latin-1' })).toMatchObject({ changed: true });
    expect(readFileSync(at('f')).toString('hex')).toBe('68e80a');
    writeFileSync(at('f'), Buffer.from('82b10a', 'hex'));
    expect(await run({ regexp: 'こ', replace: 'そ', encoding: 'shift_jis' })).toMatchObject({ changed: true });
    expect(readFileSync(at('f')).toString('hex')).toBe('82bb0a');
    expect((await run({ regexp: 'x', encoding: 'klingon' })).msg).toBe('unknown encoding: klingon');
  });

  it('loses no byte of random ones', async () => {
    for (let round = 1; round < 15; round++) {
      const bytes = randomBytes(round * 401).map((byte) => (byte === 0x40 ? 0 : byte));
      writeFileSync(at('f'), Buffer.concat([bytes, Buffer.from('@'), bytes]));
      await run({ regexp: '@', replace: '', encoding: 'latin-1' });
      expect(readFileSync(at('f')).equals(Buffer.concat([bytes, bytes]))).toBe(true);
    }
  });

  it('refuses what makes no sense', async () => {
    writeFileSync(at('f'), 'a');
    expect(await run({ path: at('none'), regexp: 'a' })).toMatchObject({ rc: 257 });
    expect(await run({ path: host.directory, regexp: 'a' })).toMatchObject({ rc: 256 });
    expect((await run({ regexp: '[' })).msg).toContain("Invalid regular expression '['");
    expect((await run({ regexp: 'a', replace: '\\9' })).msg).toContain("Invalid replacement '\\9'");
  });

  it('costs one round trip when nothing changes, and two when it does', async () => {
    writeFileSync(at('f'), 'a');
    await host.target.session();
    expect(await host.countRoundTrips(() => run({ regexp: 'a', replace: 'b' }))).toBe(2);
    expect(await host.countRoundTrips(() => run({ regexp: 'a', replace: 'b' }))).toBe(1);
  });
});
