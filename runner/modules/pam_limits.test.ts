import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { hostForEachTest } from '../../test/support/hosts.ts';
import pamLimits from './pam_limits.ts';

const host = hostForEachTest('busybox');
let file: string;
const args = { domain: 'joe', limit_type: 'soft', limit_item: 'nofile', value: '64000' };
beforeEach(() => {
  file = join(host.directory, 'limits.conf');
});
const run = (more: object, options = {}) => host.run(pamLimits, { ...args, dest: file, ...more }, options);
const text = () => readFile(file, 'utf8');

describe('pam_limits', () => {
  it('adds a line to a file that need not be there, once', async () => {
    expect(await run({}, { check: true })).toMatchObject({ changed: true });
    expect(await run({})).toEqual({ changed: true, msg: 'joe\tsoft\tnofile\t64000\n' });
    expect(await host.countRoundTrips(() => run({}))).toBe(1);
    expect(await run({})).toMatchObject({ changed: false });
    expect(await text()).toBe('joe\tsoft\tnofile\t64000\n');
  });

  it('replaces the one line, with its remark, and keeps a backup', async () => {
    const before = '# joe soft nofile 1\njoe hard nofile 5\njoe  soft nofile 5 # why\n@x - nice -5\nodd';
    await writeFile(file, before);
    const result = await run({ backup: true }, { diff: true });
    const after = before.replace('joe  soft nofile 5 # why', 'joe\tsoft\tnofile\t64000\t# why');
    expect(result).toMatchObject({ changed: true, diff: [{ before, after }] });
    expect(await text()).toBe(after);
    expect(await readFile(String(result.backup_file), 'utf8')).toBe(before);
    await run({ domain: 'ann', comment: 'new' });
    expect(await text()).toBe(`${after}\nann\tsoft\tnofile\t64000\t#new\n`);
  });

  it('keeps the larger or the smaller value', async () => {
    const cases = [
      ['5', { use_max: true }, '64000'],
      ['70000', { use_max: true }, '70000'],
      ['unlimited', { use_max: true }, 'unlimited'],
      ['70000', { use_min: true }, '64000'],
      ['5', { use_min: true }, '5'],
      ['-1', { use_min: true }, '64000'],
      ['-1', { use_max: true, value: 'infinity' }, '-1'],
    ] as const;
    for (const [there, options, expected] of cases) {
      await writeFile(file, `joe\tsoft\tnofile\t${there}\n`);
      await run(options);
      expect(await text()).toBe(`joe\tsoft\tnofile\t${expected}\n`);
    }
  });

  it('refuses values that cannot be', async () => {
    for (const more of [{ value: 'many' }, { limit_item: 'nice', value: '20' }, { use_max: true, use_min: true }]) {
      expect(await run(more)).toMatchObject({ failed: true });
    }
    await writeFile(file, 'ann soft nofile many\n');
    expect(await run({})).toMatchObject({
      failed: true,
      msg: expect.stringMatching(/^Invalid configuration found in '.*'\. Value 'many' of 'nofile' is invalid/),
    });
    expect(await run({ dest: `${host.directory}/none/x` })).toMatchObject({
      failed: true,
      msg: expect.stringContaining('/none is not writable'),
    });
  });
});
