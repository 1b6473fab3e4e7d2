import { randomBytes } from 'node:crypto';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hostForEachTest } from '../../test/support/hosts.ts';
import type { Tools } from '../../test/support/module-host.ts';
import blockinfile from './blockinfile.ts';

const begin = '# BEGIN ANSIBLE MANAGED BLOCK\n';
const end = '# END ANSIBLE MANAGED BLOCK\n';

describe.each<Tools>(['gnu', 'busybox'])('blockinfile with %s tools', (tools) => {
  const host = hostForEachTest(tools);
  const at = (name: string): string => join(host.directory, name);
  const run = (args: Record<string, unknown>, options = {}) =>
    host.run(blockinfile, { path: at('f'), ...args }, options);

  // [content, arguments, content afterwards, message]; the outcomes are those of ansible-core 2.14.
  it.each<[string, Record<string, unknown>, string, string]>([
    ['a\nb', { block: 'x\ny' }, `a\nb\n${begin}x\ny\n${end}`, 'Block inserted'],
    [`a\n${begin}x\n${end}b\n`, { block: 'x\n' }, `a\n${begin}x\n${end}b\n`, ''],
    [`a\n${begin}x\n${end}b\n`, { block: 'z' }, `a\n${begin}z\n${end}b\n`, 'Block inserted'],
    [`a\n${begin}x\n${end}b\n`, { state: 'absent' }, 'a\nb\n', 'Block removed'],
    [`a\n${begin}x\n${end}b\n`, { block: '' }, 'a\nb\n', 'Block removed'],
    ['a\nb\n', { block: 'x', insertafter: '^a' }, `a\n${begin}x\n${end}b\n`, 'Block inserted'],
    ['a\nb\na\nc\n', { block: 'x', insertbefore: '^a' }, `a\nb\n${begin}x\n${end}a\nc\n`, 'Block inserted'],
    ['a\n', { block: 'x', insertbefore: 'BOF' }, `${begin}x\n${end}a\n`, 'Block inserted'],
    ['a\n', { block: 'x', insertbefore: 'nomatch' }, `a\n${begin}x\n${end}`, 'Block inserted'],
    ['a\nb\nc\n', { block: 'x', insertafter: '(?m)^a\\n^b' }, `a\nb\n${begin}x\n${end}c\n`, 'Block inserted'],
    [
      'a\n',
      { block: 'x', marker: '<!-- {mark} -->', marker_begin: '<', marker_end: '>' },
      'a\n<!-- < -->\nx\n<!-- > -->\n',
      'Block inserted',
    ],
    [`${end}x\n${begin}`, { block: 'y' }, `${begin}y\n${end}`, 'Block inserted'],
  ])('makes of %j by %j: %j', async (before, args, after, msg) => {
    writeFileSync(at('f'), before);
    const result = await run(args);
    expect(readFileSync(at('f'), 'utf8')).toBe(after);
    expect(result).toMatchObject({ changed: before !== after, msg });
    expect(await run(args)).toMatchObject({ changed: false });
  });

  it('makes the file when told to, and tells when there is none', async () => {
    expect(await run({ block: 'x' })).toMatchObject({ rc: 257, msg: `Path ${at('f')} does not exist !` });
    expect(await run({ path: at('d/f'), block: 'x', create: true })).toMatchObject({
      changed: true,
      msg: 'File created',
    });
    expect(readFileSync(at('d/f'), 'utf8')).toBe(`${begin}x\n${end}`);
    expect(await run({ path: host.directory, block: 'x' })).toMatchObject({ rc: 256 });
  });

  it('costs one round trip when nothing changes, and two when it does', async () => {
    writeFileSync(at('f'), 'a\n');
    await host.target.session();
    expect(await host.countRoundTrips(() => run({ block: 'b' }))).toBe(2);
    expect(await host.countRoundTrips(() => run({ block: 'b' }))).toBe(1);
  });

  it('keeps the link, the old file with backup, and sets attributes', async () => {
    writeFileSync(at('f'), 'a\n');
    symlinkSync('f', at('l'));
    const result = await run({ path: at('l'), block: 'x', backup: true });
    expect(readFileSync(String(result.backup_file), 'utf8')).toBe('a\n');
    expect(readFileSync(at('f'), 'utf8')).toBe(`a\n${begin}x\n${end}`);
    expect(await run({ block: 'y', mode: '0600' })).toMatchObject({
      msg: 'Block inserted and ownership, perms or SE linux context changed',
    });
  });

  it('loses no byte of random ones', async () => {
    for (let round = 1; round < 20; round++) {
      const bytes = Buffer.concat([randomBytes(round * 173), Buffer.from('\n')]);
      writeFileSync(at('f'), bytes);
      await run({ block: `line ${round}` });
      expect(readFileSync(at('f')).equals(Buffer.concat([bytes, Buffer.from(`${begin}line ${round}\n${end}`)]))).toBe(
        true,
      );
      await run({ state: 'absent' });
      expect(readFileSync(at('f')).equals(bytes)).toBe(true);
    }
  });
});
