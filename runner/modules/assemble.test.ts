import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { hostForEachTest } from '../../test/support/hosts.ts';
import type { Tools } from '../../test/support/module-host.ts';
import assemble from './assemble.ts';

describe.each<Tools>(['gnu', 'busybox'])('assemble with %s tools', (tools) => {
  const host = hostForEachTest(tools);
  const at = (name: string): string => join(host.directory, name);
  const run = (args: Record<string, unknown>, options = {}) =>
    host.run(
      assemble,
      { src: at('s'), dest: at('o'), ...args },
      { controller: { find: async (_f: string, name: string) => name }, ...options },
    );
  const made = async (args: Record<string, unknown>): Promise<string> => {
    expect(await run(args)).toMatchObject({ changed: true, dest: at('o') });
    return readFileSync(at('o'), 'latin1');
  };

  beforeEach(() => {
    mkdirSync(at('s/folder'), { recursive: true });
    writeFileSync(at('s/2'), 'two\n');
    writeFileSync(at('s/1'), 'one\0\xff', 'latin1');
    writeFileSync(at('s/.h'), 'hidden\n');
  });

  it('puts fragments together by name, each on lines of its own', async () => {
    expect(await made({})).toBe('hidden\none\0\xff\ntwo\n');
    await host.target.session();
    expect(
      await host.countRoundTrips(async () => {
        expect(await run({})).toMatchObject({ changed: false, msg: 'OK', src: at('s') });
      }),
    ).toBe(1);
  });

  it('takes some of them, with a delimiter in between', async () => {
    expect(await made({ ignore_hidden: true, delimiter: '-\\x2d\\n' })).toBe('one\0\xff\n--\ntwo\n');
    expect(await made({ regexp: '^[2.]', delimiter: '#' })).toBe('hidden\n#\ntwo\n');
    expect((await run({ regexp: '[' })).msg).toContain("Invalid regular expression '['");
  });

  it('does the same with fragments of the controller', async () => {
    expect(await made({ remote_src: false })).toBe('hidden\none\0\xff\ntwo\n');
    expect(await run({ remote_src: false })).toMatchObject({ changed: false });
  });

  it('validates, keeps the old file, and predicts', async () => {
    expect(await run({}, { check: true })).toMatchObject({ changed: true });
    expect(existsSync(at('o'))).toBe(false);
    expect((await run({ validate: 'grep nothing %s' })).msg).toBe('failed to validate: rc:1 error:');
    expect(readdirSync(host.directory)).toEqual(['s']);
    expect(await run({ validate: 'grep -q two %s' })).toMatchObject({ validation: { rc: 0, stderr: '' } });
    expect((await run({ validate: 'true' })).msg).toBe('validate must contain %s: true');
    const { backup_file } = await run({ ignore_hidden: true, backup: true });
    expect(readFileSync(String(backup_file), 'latin1')).toContain('hidden');
  });

  it('refuses what is no folder', async () => {
    expect((await run({ src: at('none') })).msg).toBe(`Source (${at('none')}) does not exist`);
    expect((await run({ src: at('s/1') })).msg).toBe(`Source (${at('s/1')}) is not a directory`);
    expect((await run({ src: at('none'), remote_src: false })).msg).toBe(`Source (${at('none')}) is not a directory`);
  });
});
