import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../test/support/http-server.ts';
import { type ModuleHost, openModuleHost } from '../../test/support/module-host.ts';
import { runAnsible, withoutUnstable } from '../../test/support/oracle.ts';
import get_url from './get_url.ts';
import { findChecksum } from './shared/http/index.ts';

let host: ModuleHost;
let server: TestServer;
let content = 'first';
const modified = 'Mon, 01 Jan 2024 00:00:00 GMT';
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const sha1 = (text: string) => createHash('sha1').update(text).digest('hex');

describe.each(['gnu', 'busybox'] as const)('with %s tools', (tools) => {
  beforeAll(async () => {
    host = await openModuleHost(tools);
    server = await startServer((request, response) => {
      const { url, headers } = request;
      if (url === '/named') response.setHeader('Content-Disposition', 'attachment; filename="../its name"');
      if (url === '/gone') response.statusCode = 404;
      if (url === '/sums') return void response.end(`${sha256('other')}  other\n${sha256(content)} *./file\n`);
      if (url === '/gzip') {
        response.setHeader('Content-Encoding', 'gzip');
        return void response.end(gzipSync('unpacked'));
      }
      response.setHeader('Last-Modified', modified);
      const since = headers['if-modified-since'];
      if (since !== undefined && new Date(since) >= new Date(modified)) {
        response.statusCode = 304;
        return void response.end();
      }
      response.end(content);
    });
  });
  afterAll(async () => {
    await host.close();
    await server.close();
  });

  const run = (args: Record<string, unknown>, options?: Parameters<ModuleHost['run']>[2]) =>
    host.run(get_url, { ...args, url: `${server.url}${args.url ?? '/file'}` }, options);

  test('downloads, and not again what has not changed', async () => {
    content = 'first';
    const dest = join(host.directory, 'file');
    expect(await run({ dest }, { check: true })).toMatchObject({ changed: true });
    await expect(stat(dest)).rejects.toThrow();
    const result = await run({ dest, mode: '0640' });
    expect(result).toMatchObject({
      changed: true,
      dest,
      url: `${server.url}/file`,
      checksum_src: sha1('first'),
      checksum_dest: null,
      status_code: 200,
      msg: 'OK (5 bytes)',
      mode: '0640',
      size: 5,
      state: 'file',
      owner: 'root',
      elapsed: 0,
    });
    expect(await readFile(dest, 'utf8')).toBe('first');
    expect(await run({ dest })).toMatchObject({
      changed: false,
      status_code: 304,
      msg: 'HTTP Error 304: Not Modified',
    });
  });

  test('force looks at the content, keeps mode and owner, and makes a backup', async () => {
    const dest = join(host.directory, 'forced');
    await writeFile(dest, 'old', { mode: 0o600 });
    content = 'new';
    expect(await run({ dest, force: true }, { check: true })).toMatchObject({ changed: true });
    const result = await run({ dest, force: true, backup: true });
    expect(result).toMatchObject({
      changed: true,
      mode: '0600',
      checksum_dest: sha1('old'),
      checksum_src: sha1('new'),
    });
    expect(await readFile(String(result.backup_file), 'utf8')).toBe('old');
    expect(await run({ dest, force: true })).toMatchObject({ changed: false, checksum_dest: sha1('new') });
    expect((await readdir(host.directory)).filter((name) => name.startsWith('.muster'))).toEqual([]);
  });

  test('a folder gets the name of the file', async () => {
    const dest = join(host.directory, 'folder');
    await mkdir(dest);
    expect(await run({ dest })).toMatchObject({ dest: join(dest, 'file') });
    expect(await run({ dest, url: '/named' })).toMatchObject({ dest: join(dest, 'its name') });
    expect(await run({ dest, url: '/' })).toMatchObject({ dest: join(dest, 'index.html') });
  });

  test('checksums', async () => {
    content = 'checked';
    const dest = join(host.directory, 'checked');
    const wrong = await run({ dest, checksum: `sha256:${sha256('x')}` });
    expect(wrong).toMatchObject({
      failed: true,
      msg: `The checksum for ${dest} did not match ${sha256('x')}; it was ${sha256('checked')}.`,
    });
    await expect(stat(dest)).rejects.toThrow();
    expect(await run({ dest, checksum: `sha256:${sha256('checked').toUpperCase()}` })).toMatchObject({ changed: true });
    const before = server.requests.length;
    const cost = await host.countRoundTrips(async () => {
      expect(await run({ dest, checksum: `sha256:${sha256('checked')}` })).toMatchObject({
        changed: false,
        msg: 'file already exists',
        mode: '0644',
      });
    });
    expect(cost).toBe(1);
    expect(server.requests.length).toBe(before);
    content = 'another';
    const list = `sha256:${server.url}/sums`;
    expect(await run({ dest, checksum: list })).toMatchObject({ changed: true });
    expect(await run({ dest, checksum: list })).toMatchObject({ changed: false });
    expect(await run({ dest, checksum: 'nonsense' })).toMatchObject({
      msg: 'The checksum parameter has to be in format <algorithm>:<checksum>',
    });
    expect(await run({ dest, checksum: 'sha1:xyz' })).toMatchObject({ msg: 'The checksum format is invalid' });
  });

  test('lists of checksums', () => {
    expect(findChecksum('abc\n', 'any')).toBe('abc');
    expect(findChecksum('abc  a\ndef  ./b\n', 'b')).toBe('def');
    expect(findChecksum('abc  a\n', 'b')).toBeUndefined();
  });

  test('what goes wrong', async () => {
    expect(await run({ dest: join(host.directory, 'x'), url: '/gone' })).toMatchObject({
      failed: true,
      msg: 'Request failed',
      status_code: 404,
      response: 'HTTP Error 404: Not Found',
    });
    expect(await run({ dest: join(host.directory, 'none/x') })).toMatchObject({
      msg: `Destination ${host.directory}/none does not exist`,
    });
    expect(await run({ dest: join(host.directory, 'x'), tmp_dest: '/nope' })).toMatchObject({
      msg: '/nope directory does not exist.',
    });
    expect(await host.run(get_url, { dest: '/tmp/x', url: 'http://127.0.0.1:1/x' })).toMatchObject({
      failed: true,
      msg: 'Request failed: <urlopen error [Errno 111] Connection refused>',
    });
  });

  test('a packed reply', async () => {
    const dest = join(host.directory, 'packed');
    await run({ dest, url: '/gzip' });
    expect(await readFile(dest, 'utf8')).toBe('unpacked');
    await run({ dest, url: '/gzip', decompress: false, force: true });
    expect(await readFile(dest)).toEqual(gzipSync('unpacked'));
  });

  test('as under Ansible', async () => {
    content = 'same';
    const ours = withoutUnstable(await run({ dest: join(host.directory, 'same-1') }));
    const theirs = await runAnsible('get_url', { url: `${server.url}/file`, dest: join(host.directory, 'same-2') });
    const place = { dest: '', src: '' };
    expect({ ...ours, ...place }).toEqual({ ...theirs, ...place });
  });
});
