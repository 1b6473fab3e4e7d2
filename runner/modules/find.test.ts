import { createHash } from 'node:crypto';
import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { hostForEachTest } from '../../test/support/hosts.ts';
import type { ModuleResult, Tools } from '../../test/support/module-host.ts';
import find from './find.ts';

describe.each<Tools>(['gnu', 'busybox'])('find with %s tools', (tools) => {
  const host = hostForEachTest(tools);
  const at = (name: string): string => join(host.directory, name);
  const run = (args: Record<string, unknown>) => host.run(find, { paths: host.directory, ...args });
  const names = async (args: Record<string, unknown>): Promise<string[]> => {
    const { files } = await run(args);
    return (files as ModuleResult[]).map(({ path }) => relative(host.directory, String(path))).sort();
  };

  beforeEach(() => {
    mkdirSync(at('a/b/c'), { recursive: true });
    mkdirSync(at('.hid'));
    writeFileSync(at('a/f.log'), 'x\n');
    writeFileSync(at('a/b/g.txt'), 'first\nhello\n');
    writeFileSync(at('a/b/c/new\nline.log'), 'y\n');
    writeFileSync(at('.hid/i.log'), 'z\n');
    writeFileSync(at('.dot.log'), 'q\n');
    writeFileSync(at('big'), Buffer.alloc(3000));
    symlinkSync('a/f.log', at('l.log'));
    symlinkSync('a', at('la'));
    utimesSync(at('a/f.log'), 1e9, 1e9);
  });

  it.each<[Record<string, unknown>, string[]]>([
    [{}, ['big']],
    [{ recurse: true, patterns: '*.log' }, ['.hid/i.log', 'a/b/c/new\nline.log', 'a/f.log']],
    [
      { recurse: true, patterns: ['*.log'], hidden: true },
      ['.dot.log', '.hid/i.log', 'a/b/c/new\nline.log', 'a/f.log'],
    ],
    [{ recurse: true, patterns: '[!f]*.t?t' }, ['a/b/g.txt']],
    [{ recurse: true, file_type: 'directory' }, ['a', 'a/b', 'a/b/c']],
    [{ file_type: 'link' }, ['l.log', 'la']],
    [{ file_type: 'any' }, ['a', 'big', 'l.log', 'la']],
    [{ recurse: true, depth: 2, file_type: 'any', patterns: 'a,b,f.log' }, ['a', 'a/b', 'a/f.log']],
    [{ recurse: true, use_regex: true, patterns: '^[fg]\\..*$', excludes: '^g' }, ['a/f.log']],
    [{ recurse: true, excludes: 'big,*.log' }, ['a/b/g.txt']],
    [{ recurse: true, age: '1w' }, ['a/f.log']],
    [{ recurse: true, age: '-1h', size: '1k' }, ['big']],
    [{ recurse: true, size: '-2' }, ['.hid/i.log', 'a/b/c/new\nline.log', 'a/f.log']],
    [{ recurse: true, contains: 'h.l' }, ['a/b/g.txt']],
    [{ recurse: true, contains: '.*ell' }, ['a/b/g.txt']],
    [{ recurse: true, contains: 'first\\sh', read_whole_file: true }, ['a/b/g.txt']],
    [{ recurse: true, follow: true, patterns: 'f.log' }, ['a/f.log', 'la/f.log']],
  ])('finds by %j: %j', async (args, expected) => {
    expect(await names(args)).toEqual(expected);
  });

  it('tells about each, counts, and works out checksums', async () => {
    const result = await run({ patterns: 'big', get_checksum: true });
    expect(result).toMatchObject({
      changed: false,
      matched: 1,
      examined: 6,
      msg: 'All paths examined',
      skipped_paths: {},
    });
    expect((result.files as ModuleResult[])[0]).toMatchObject({
      path: at('big'),
      mode: '0644',
      size: 3000,
      isreg: true,
      pw_name: 'root',
      checksum: createHash('sha1').update(Buffer.alloc(3000)).digest('hex'),
    });
  });

  it('costs one round trip', async () => {
    await host.target.session();
    expect(await host.countRoundTrips(() => run({ recurse: true }))).toBe(1);
  });

  it('goes on where a folder is missing, and refuses what it cannot read', async () => {
    const result = await run({ paths: [at('none'), at('a')] });
    expect(result).toMatchObject({
      matched: 1,
      msg: 'Not all paths examined, check warnings for details',
      skipped_paths: { [at('none')]: `'${at('none')}' is not a directory` },
    });
    expect(host.warnings[0]).toContain('Skipped');
    expect((await run({ age: 'old' })).msg).toBe('failed to process age');
    expect((await run({ size: 'big' })).msg).toBe('failed to process size');
  });
});
