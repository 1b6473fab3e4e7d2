import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hostForEachTest } from '../../test/support/hosts.ts';
import type { Tools } from '../../test/support/module-host.ts';
import fetch from './fetch.ts';
import tempfile from './tempfile.ts';

describe.each<Tools>(['gnu', 'busybox'])('fetch and tempfile with %s tools', (tools) => {
  const host = hostForEachTest(tools);
  const at = (name: string): string => join(host.directory, name);
  const run = (args: Record<string, unknown>) => host.run(fetch, { src: at('f'), dest: at('to'), ...args });

  it.each([0, 100, 200_000])('copies %d bytes into a folder for the host', async (size) => {
    const bytes = randomBytes(size);
    writeFileSync(at('f'), bytes);
    const copy = join(at('to'), 'localhost', at('f'));
    const first = await run({});
    expect(first).toMatchObject({ changed: true, dest: copy, remote_md5sum: null });
    expect(first.checksum).toBe(first.remote_checksum);
    expect(readFileSync(copy).equals(bytes)).toBe(true);
    expect(readdirSync(join(copy, '..'))).toEqual(['f']);
    const second = await run({});
    expect(second).toMatchObject({ changed: false, file: at('f'), dest: copy, checksum: first.checksum });
  });

  it('costs one round trip', async () => {
    writeFileSync(at('f'), 'x');
    await host.target.session();
    expect(await host.countRoundTrips(() => run({}))).toBe(1);
    expect(await host.countRoundTrips(() => run({}))).toBe(1);
  });

  it('copies flat, to a file or into a folder', async () => {
    writeFileSync(at('f'), 'x');
    expect(await run({ flat: true, dest: at('copy') })).toMatchObject({ changed: true, dest: at('copy') });
    expect(await run({ flat: true, dest: at('d/') })).toMatchObject({ changed: true, dest: at('d/f') });
    expect((await run({ flat: true, dest: at('d') })).msg).toContain('dest is an existing directory');
  });

  it('fails for what is missing, unless told not to', async () => {
    mkdirSync(at('d'));
    const missing = 'the remote file does not exist, not transferring, ignored';
    expect(await run({})).toMatchObject({ failed: true, msg: missing });
    expect(await run({ fail_on_missing: false })).toMatchObject({ changed: false, msg: missing, file: at('f') });
    expect(await run({ src: at('d') })).toMatchObject({
      failed: true,
      msg: 'remote file is a directory, fetch cannot work on directories',
    });
  });

  it('never writes outside of the folder of the host', async () => {
    mkdirSync(at('x'));
    writeFileSync(at('f'), 'x');
    const path = `${at('x')}/../../../../../../../../../..${at('f')}`;
    const result = await run({ src: path, dest: at('to') });
    expect(result.msg).toContain('Detected directory traversal');
    expect(existsSync(at('to'))).toBe(false);
  });

  it('makes temporary files and folders that only their owner may use', async () => {
    const file = await host.run(tempfile, { path: host.directory, prefix: 'p.', suffix: '.s' });
    expect(file).toMatchObject({ changed: true, mode: '0600', state: 'file', size: 0 });
    expect(file.path).toMatch(/\/p\.[a-z0-9_]{8}\.s$/);
    const folder = await host.run(tempfile, { path: host.directory, state: 'directory' });
    expect(folder).toMatchObject({ mode: '0700', state: 'directory' });
    expect(folder.path).toMatch(/\/ansible\.[a-z0-9_]{8}$/);
    expect((await host.run(tempfile, { path: at('none') })).msg).toContain('[Errno 2] No such file or directory');
    expect(await host.run(tempfile, {}, { check: true })).toMatchObject({ skipped: true });
  });
});
