import { existsSync, lstatSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hostForEachTest } from '../../test/support/hosts.ts';
import type { Tools } from '../../test/support/module-host.ts';
import ini from './ini_file.ts';

describe.each<Tools>(['gnu', 'busybox'])('ini_file with %s tools', (tools) => {
  const host = hostForEachTest(tools);
  const at = (name: string): string => join(host.directory, name);
  const run = (args: Record<string, unknown>, options = {}) => host.run(ini, { path: at('f'), ...args }, options);

  // [content, arguments, content afterwards, message]; the outcomes are those of community.general 6.6.
  it.each<[string, Record<string, unknown>, string, string]>([
    ['', { section: 's', option: 'o', value: 'v' }, '\n[s]\no = v\n', 'section and option added'],
    ['[s]\no = v\n', { section: 's', option: 'o', value: 'v' }, '[s]\no = v\n', 'OK'],
    [
      '[s]\no = v\n',
      { section: 's', option: 'p', value: 'w', no_extra_spaces: true },
      '[s]\no = v\np=w\n',
      'option added',
    ],
    [
      '[a]\n# x = 1\nx = 2\n\n[b]\ny=1',
      { section: 'a', option: 'x', value: '3' },
      '[a]\nx = 3\n\n[b]\ny=1\n',
      'option changed',
    ],
    ['[a]\nx = 2\n\n[b]\n', { section: 'a', option: 'z', value: '9' }, '[a]\nx = 2\nz = 9\n\n[b]\n', 'option added'],
    ['g = 1\n[a]\n', { option: 'g', value: '2' }, 'g = 2\n[a]\n', 'option changed'],
    ['[a]\n', { option: 'top', value: '1' }, 'top = 1\n[a]\n', 'option added'],
    ['[s]\no = a\n', { section: 's', option: 'o', values: ['a', 'b'] }, '[s]\no = a\no = b\n', 'option added'],
    ['[s]\no = a\no = b\n', { section: 's', option: 'o', value: 'c' }, '[s]\no = c\n', 'option changed'],
    [
      '[s]\no = a\n',
      { section: 's', option: 'o', value: 'c', exclusive: false },
      '[s]\no = a\no = c\n',
      'option added',
    ],
    [
      '[s]\no = a\no = b\n',
      { section: 's', option: 'o', value: 'a', state: 'absent', exclusive: false },
      '[s]\no = b\n',
      'option changed',
    ],
    ['[s]\no = a\n#o = b\n', { section: 's', option: 'o', state: 'absent' }, '[s]\n#o = b\n', 'option changed'],
    ['[s]\no = a\n[t]\n', { section: 's', state: 'absent' }, '[t]\n', 'section removed'],
    ['[s]\n', { section: 's', option: 'o', allow_no_value: true }, '[s]\no\n', 'option added'],
    ['a\r\n[b]\r\nc=d\r\n', { section: 'b', option: 'c', value: 'e' }, 'a\r\n[b]\r\nc = e\r\n', 'option changed'],
    ['[s]\no = a\n', { section: 't', state: 'absent' }, '[s]\no = a\n', 'OK'],
  ])('makes of %j by %j: %j', async (before, args, after, msg) => {
    if (before !== '') writeFileSync(at('f'), before);
    expect(await run(args)).toMatchObject({ changed: before !== after, msg, path: at('f') });
    expect(readFileSync(at('f'), 'utf8')).toBe(after);
    expect(await run(args)).toMatchObject({ changed: false, mode: '0644' });
  });

  it('costs one round trip when nothing changes, and two when it does', async () => {
    await host.target.session();
    const args = { section: 's', option: 'o', value: 'v', mode: '0600' };
    expect(await host.countRoundTrips(() => run(args))).toBe(2);
    expect(await host.countRoundTrips(() => run(args))).toBe(1);
  });

  it('refuses what makes no sense, and predicts', async () => {
    expect((await run({ section: 's', option: 'o' })).msg).toContain("Parameter 'value(s)' must be defined");
    expect(await run({ section: 's', option: 'o', value: 'v', create: false })).toMatchObject({ rc: 257 });
    const options = { check: true, diff: true };
    expect(await run({ section: 's', option: 'o', value: 'v' }, options)).toMatchObject({
      changed: true,
      diff: [{ before: '', after: '\n[s]\no = v\n', before_header: `${at('f')} (content)` }],
    });
    expect(existsSync(at('f'))).toBe(false);
  });

  it('replaces a link, as Ansible does', async () => {
    writeFileSync(at('f'), '[s]\n');
    symlinkSync('f', at('l'));
    await run({ path: at('l'), section: 's', option: 'o', value: 'v' });
    expect(lstatSync(at('l')).isFile()).toBe(true);
    expect(readFileSync(at('f'), 'utf8')).toBe('[s]\n');
  });
});
