import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { folderForAllTests } from '../../test/support/folders.ts';
import { startServer, type TestServer } from '../../test/support/http-server.ts';
import { type ModuleHost, openModuleHost } from '../../test/support/module-host.ts';
import { runAnsible, withoutUnstable } from '../../test/support/oracle.ts';
import { type Channel, LocalTransport, type Transport } from '../connection/index.ts';
import uri from './uri.ts';

/** This machine as one that has no curl. */
class WithoutCurl implements Transport {
  readonly #local = new LocalTransport();
  exec(command: string): Promise<Channel> {
    return this.#local.exec(`PATH=${bin.path}; export PATH; ${command}`);
  }
  forward(to: { path: string } | { host: string; port: number }): ReturnType<Transport['forward']> {
    return this.#local.forward(to);
  }
  close(): Promise<void> {
    return this.#local.close();
  }
}

const bin = folderForAllTests('muster-bin-');
let server: TestServer;
/** Answers that a test gives itself. */
const held: ServerResponse[] = [];
const hosts: Record<string, ModuleHost> = {};

beforeAll(async () => {
  for (const tool of [
    'cat',
    'stat',
    'rm',
    'mktemp',
    'mv',
    'cp',
    'chmod',
    'chown',
    'sha1sum',
    'md5sum',
    'gzip',
    'date',
    'id',
    'readlink',
    'getent',
    'mkdir',
    'ls',
    'sleep',
  ]) {
    execFileSync('ln', ['-s', `/usr/bin/${tool}`, bin.at(tool)]);
  }
  hosts.curl = await openModuleHost();
  hosts.sshd = await openModuleHost(new WithoutCurl());
  server = await startServer((request, response) => {
    const path = request.url!;
    response.setHeader('Date', 'Mon, 01 Jan 2024 00:00:00 GMT');
    const send = (status: number, headers: Record<string, string | string[]>, body: string | Buffer = '') => {
      response.writeHead(status, headers);
      response.end(body);
    };
    if (path === '/json')
      return send(200, { 'Content-Type': 'application/json; charset=utf-8' }, '{"a": [1, 2.0, "é"]}');
    if (path === '/text')
      return send(200, { 'Content-Type': 'text/plain', 'Content-Length': '2', 'X-Two': ['a', 'b'] }, 'ok');
    if (path === '/latin') return send(200, { 'Content-Type': 'text/plain; charset=latin-1' }, Buffer.from([0xe9]));
    if (path === '/missing') return send(404, { 'Content-Type': 'text/plain' }, 'gone');
    if (path === '/moved') return send(302, { Location: '/text' });
    if (path === '/kept') return send(307, { Location: '/text' });
    if (path === '/loop') return send(302, { Location: '/loop' });
    if (path === '/cookies') return send(200, { 'Set-Cookie': ['one=1; Path=/', 'two="2"'] });
    if (path === '/gzip')
      return send(200, { 'Content-Encoding': 'gzip', 'Content-Type': 'text/plain' }, gzipSync('packed'));
    if (path === '/hang') return undefined;
    if (path === '/held') return void held.push(response);
    if (path === '/drop') return void response.destroy();
    if (path === '/basic') {
      const isIn = request.headers.authorization === `Basic ${Buffer.from("me:p'w").toString('base64')}`;
      return isIn ? send(200, {}, 'in') : send(401, { 'WWW-Authenticate': 'Basic realm="x"' });
    }
    if (path === '/digest') {
      const hash = (text: string) => createHash('md5').update(text).digest('hex');
      const given = Object.fromEntries(
        [...(request.headers.authorization ?? '').matchAll(/(\w+)="?([^",]*)"?/g)].map(([, name, value]) => [
          name,
          value,
        ]),
      );
      const ha1 = hash("me:r:p'w");
      const expected = hash(`${ha1}:n:${given.nc}:${given.cnonce}:auth:${hash('GET:/digest')}`);
      return given.response === expected
        ? send(200, {}, 'in')
        : send(401, { 'WWW-Authenticate': 'Digest realm="r", nonce="n", qop="auth", algorithm=MD5' });
    }
    return send(200, { 'Content-Type': 'text/plain' }, 'ok');
  });
});
afterAll(async () => {
  await Promise.all(Object.values(hosts).map((host) => host.close()));
  await server.close();
});

describe.each(['curl', 'sshd'])('uri by %s', (way) => {
  const run = (args: Record<string, unknown>, options?: Parameters<ModuleHost['run']>[2]) =>
    hosts[way]!.run(uri, { ...args, url: `${server.url}${args.url}` }, options);

  test('json, content and headers', async () => {
    expect(await run({ url: '/json', return_content: true })).toMatchObject({
      changed: false,
      status: 200,
      redirected: false,
      url: `${server.url}/json`,
      content_type: 'application/json; charset=utf-8',
      content: '{"a": [1, 2.0, "é"]}',
      json: { a: [1, 2, 'é'] },
      cookies: {},
      cookies_string: '',
      elapsed: 0,
      msg: 'OK (unknown bytes)',
    });
    const plain = await run({ url: '/text' });
    expect(plain).toMatchObject({ msg: 'OK (2 bytes)', x_two: 'a, b' });
    expect(plain).not.toHaveProperty('content');
    expect(await run({ url: '/latin', return_content: true })).toMatchObject({ content: 'é' });
    expect(await run({ url: '/gzip', return_content: true })).toMatchObject({ content: 'packed' });
  });

  test('a status that was not expected', async () => {
    expect(await run({ url: '/missing', return_content: true })).toMatchObject({
      failed: true,
      status: 404,
      content: 'gone',
      msg: 'Status code was 404 and not [200]: HTTP Error 404: Not Found',
    });
    expect(await run({ url: '/missing', status_code: [200, 404] })).toMatchObject({ status: 404, changed: false });
    expect(await run({ url: '/missing', status_code: '200,404' })).toMatchObject({ status: 404 });
  });

  test('nobody answers', async () => {
    expect(await hosts[way]!.run(uri, { url: 'http://127.0.0.1:1/' })).toMatchObject({
      failed: true,
      status: -1,
      url: 'http://127.0.0.1:1/',
      msg: expect.stringMatching(
        /^Status code was -1 and not \[200\]: Request failed: <urlopen error .*ECONNREFUSED|Errno 111/,
      ),
    });
    expect(await run({ url: '/drop' })).toMatchObject({
      status: -1,
      msg: expect.stringContaining('Connection failure'),
    });
    const began = Date.now();
    expect(await run({ url: '/hang', timeout: 1 })).toMatchObject({
      status: -1,
      msg: expect.stringContaining('timed out'),
    });
    expect(Date.now() - began).toBeLessThan(6000);
  });

  test('redirects', async () => {
    expect(await run({ url: '/moved', return_content: true })).toMatchObject({
      redirected: true,
      url: `${server.url}/text`,
      content: 'ok',
    });
    expect(await run({ url: '/moved', follow_redirects: false })).toMatchObject({
      failed: true,
      status: 302,
      location: `${server.url}/text`,
    });
    expect(await run({ url: '/moved', method: 'POST', body: 'x' })).toMatchObject({ failed: true, status: 302 });
    expect(await run({ url: '/moved', method: 'POST', body: 'x', follow_redirects: 'all' })).toMatchObject({
      status: 200,
    });
    expect(server.requests.at(-1)).toMatchObject({ method: 'GET', url: '/text', body: Buffer.alloc(0) });
    await run({ url: '/kept', method: 'PUT', body: 'x', follow_redirects: true });
    expect(server.requests.at(-1)).toMatchObject({ method: 'PUT', url: '/text', body: Buffer.from('x') });
    expect(await run({ url: '/loop' })).toMatchObject({ failed: true, status: 302 });
  });

  test('bodies', async () => {
    await run({ url: '/x', method: 'POST', body: { a: [1, true, null], b: 'é' }, body_format: 'json' });
    expect(server.requests.at(-1)).toMatchObject({
      body: Buffer.from('{"a": [1, true, null], "b": "\\u00e9"}'),
      headers: { 'content-type': 'application/json', 'user-agent': 'ansible-httpget', connection: 'close' },
    });
    expect(server.requests.at(-1)!.headers).not.toHaveProperty('accept');
    await run({ url: '/x', method: 'POST', body: { a: ['1 &', 'é'], b: "it's" }, body_format: 'form-urlencoded' });
    expect(server.requests.at(-1)).toMatchObject({
      body: Buffer.from('a=1+%26&a=%C3%A9&b=it%27s'),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    await run({
      url: '/x',
      method: 'PATCH',
      body: "raw'\n",
      headers: { 'Content-Type': 'text/x; a="b\\c"', 'X-Empty': '' },
    });
    expect(server.requests.at(-1)).toMatchObject({
      method: 'PATCH',
      body: Buffer.from("raw'\n"),
      headers: { 'content-type': 'text/x; a="b\\c"', 'x-empty': '' },
    });
    const big = 'x'.repeat(300_000);
    await run({ url: '/x', method: 'PUT', body: big });
    expect(server.requests.at(-1)!.body.toString()).toBe(big);
    await run({ url: '/x', method: 'HEAD' });
    expect(server.requests.at(-1)!.method).toBe('HEAD');
  });

  test('forms with files', async () => {
    const controller = { find: async (_: string, name: string) => name, read: async () => Buffer.from([0, 255, 1]) };
    const body = { text: 'hello', file: { filename: 'dir/a.zip' }, other: { content: '{}', filename: 'b.json' } };
    await run({ url: '/x', method: 'POST', body_format: 'form-multipart', body }, { controller });
    const { headers, body: sent } = server.requests.at(-1)!;
    const boundary = /boundary="(.+)"/.exec(headers['content-type']!)![1]!;
    const parts = sent.toString('latin1').split(`--${boundary}`);
    expect(parts).toHaveLength(5);
    expect(parts[1]).toContain('filename="a.zip"');
    expect(parts[1]).toContain('Content-Type: application/zip');
    expect(parts[1]!.split('\r\n\r\n')[1]!.trim()).toBe('AP8B');
    expect(parts[2]).toContain('name="other"; filename="b.json"\r\n\r\n{}');
    expect(parts[3]).toContain('Content-Type: text/plain\r\nContent-Disposition: form-data; name="text"\r\n\r\nhello');
  });

  test('logins', async () => {
    const login = { url_username: 'me', url_password: "p'w" };
    expect(await run({ url: '/basic', return_content: true, ...login })).toMatchObject({ content: 'in' });
    const before = server.requests.length;
    expect(await run({ url: '/basic', force_basic_auth: true, ...login })).toMatchObject({ status: 200 });
    expect(server.requests.length - before).toBe(1);
    expect(await run({ url: '/digest', return_content: true, ...login })).toMatchObject({ content: 'in' });
    expect(await run({ url: '/basic', user: 'me', password: 'wrong' })).toMatchObject({ status: 401, failed: true });
    const inUrl = `${server.url.replace('//', "//me:p'w@")}/basic`;
    expect(await hosts[way]!.run(uri, { url: inUrl })).toMatchObject({ status: 200 });
  });

  test('cookies', async () => {
    expect(await run({ url: '/cookies' })).toMatchObject({
      cookies: { one: '1', two: '"2"' },
      cookies_string: 'one=1; two="2"',
    });
  });

  test('creates and removes', async () => {
    const before = server.requests.length;
    expect(await run({ url: '/x', creates: '/etc/passwd' })).toEqual({
      changed: false,
      stdout: "skipped, since '/etc/passwd' exists",
    });
    expect(await run({ url: '/x', removes: '/nope' })).toMatchObject({
      stdout: "skipped, since '/nope' does not exist",
    });
    expect(server.requests.length).toBe(before);
    expect(await run({ url: '/x', creates: '/nope', removes: '/etc' })).toMatchObject({ status: 200 });
  });

  test('dest', async () => {
    const { directory } = hosts[way]!;
    const dest = join(directory, 'reply');
    expect(await run({ url: '/json', dest, mode: '0600' })).toMatchObject({
      changed: true,
      path: dest,
      mode: '0600',
      size: 21,
      json: { a: [1, 2, 'é'] },
    });
    expect(await readFile(dest, 'utf8')).toBe('{"a": [1, 2.0, "é"]}');
    expect(await run({ url: '/text', dest: directory })).toMatchObject({ path: join(directory, 'text') });
    expect(await run({ url: '/gzip', dest: directory })).toMatchObject({ changed: true });
    expect(await readFile(join(directory, 'gzip'), 'utf8')).toBe('packed');
    expect(await run({ url: '/missing', dest: join(directory, 'none'), return_content: true })).toMatchObject({
      failed: true,
      content: 'gone',
    });
    await expect(stat(join(directory, 'none'))).rejects.toThrow();
  });

  test('a file of the host as the body', async () => {
    const file = join(hosts[way]!.directory, 'body file');
    await writeFile(file, Buffer.from([0, 10, 255]));
    await run({ url: '/x/', method: 'PUT', src: file, remote_src: true });
    expect(server.requests.at(-1)).toMatchObject({ method: 'PUT', url: '/x/', body: Buffer.from([0, 10, 255]) });
    await run({ url: '/x', method: 'PUT', src: 'body file' });
    expect(server.requests.at(-1)!.body).toEqual(Buffer.from([0, 10, 255]));
  });

  test('a unix socket', async () => {
    const at = join(hosts[way]!.directory, 'http.sock');
    const local = await startServer((_, response) => void response.end('by socket'), { at });
    const result = await hosts[way]!.run(uri, { url: 'http://localhost/y', unix_socket: at, return_content: true });
    await local.close();
    expect(result).toMatchObject({ content: 'by socket' });
  });

  test('certificates', async () => {
    const { directory } = hosts[way]!;
    const file = (name: string) => join(directory, name);
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
        ...[
          '-subj',
          '/CN=localhost',
          '-addext',
          'subjectAltName=DNS:localhost',
          '-keyout',
          file('k'),
          '-out',
          file('c'),
        ],
      ],
      { stdio: 'pipe' },
    );
    const [key, cert] = await Promise.all([readFile(file('k'), 'utf8'), readFile(file('c'), 'utf8')]);
    let client: string | undefined;
    const secure = await startServer(
      (request, response) => {
        client = (request.socket as import('node:tls').TLSSocket).getPeerCertificate().subject?.CN as string;
        response.end('safe');
      },
      { tls: { key, cert, ca: cert } },
    ).catch((error: Error) => {
      throw error;
    });
    const args = { url: `${secure.url}/`, client_cert: file('c'), client_key: file('k') };
    expect(await hosts[way]!.run(uri, args)).toMatchObject({
      failed: true,
      status: -1,
      msg: expect.stringContaining('Failed to validate the SSL certificate for localhost:'),
    });
    expect(await hosts[way]!.run(uri, { ...args, validate_certs: false })).toMatchObject({ status: 200 });
    client = undefined;
    expect(await hosts[way]!.run(uri, { ...args, ca_path: file('c') })).toMatchObject({ status: 200 });
    expect(client).toBe('localhost');
    await secure.close();
  });
});

test('one request is one round trip', async () => {
  await hosts.curl!.target.session();
  const cost = await hosts.curl!.countRoundTrips(() => hosts.curl!.run(uri, { url: `${server.url}/json` }));
  expect(cost).toBe(1);
});

test('a password is in no list of processes', async () => {
  const args = {
    url: `${server.url}/held`,
    url_username: 'me',
    url_password: 'very-secret',
    force_basic_auth: true,
  };
  held.splice(0);
  const running = hosts.curl!.run(uri, args);
  await vi.waitFor(() => expect(held).toHaveLength(1), 20_000);
  const processes = execFileSync('ps', ['axww', '-o', 'args']).toString();
  held[0]!.end();
  await running;
  expect(processes).toContain('curl -q');
  expect(processes).not.toContain('very-secret');
  expect(processes).not.toContain(Buffer.from('me:very-secret').toString('base64'));
});

test.each([
  [{ url: '/json', return_content: true }],
  [{ url: '/moved', follow_redirects: 'none' }],
  [{ url: '/missing', return_content: true }],
  [{ url: '/cookies' }],
])('as under Ansible: %j', async (args) => {
  const whole = { ...args, url: server.url + args.url };
  const ours = withoutUnstable(await hosts.curl!.run(uri, whole));
  const theirs = await runAnsible('uri', whole);
  expect(ours).toEqual(theirs);
});
