import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ConnectionPool, type ConnectionSpec, raw } from '../../../runner/connection/index.ts';
import { type EmbeddedHosts, openEmbeddedHosts } from './server.ts';

let embedded: EmbeddedHosts;
let pool: ConnectionPool;
beforeAll(async () => {
  embedded = await openEmbeddedHosts({ hosts: 40 });
  pool = new ConnectionPool({ warn: () => {} });
});
afterAll(async () => {
  await pool.close();
  await embedded.close();
  await expect(stat(embedded.directory)).rejects.toThrow('ENOENT');
});

const spec = (name: string): ConnectionSpec => ({
  host: name,
  connection: 'ssh',
  address: '127.0.0.1',
  port: embedded.port,
  user: name,
  password: undefined,
  privateKeyFile: join(embedded.directory, 'key'),
  passphrase: undefined,
  sshArgs: [`-F none -o UserKnownHostsFile=${join(embedded.directory, 'known_hosts')} -o IdentitiesOnly=yes`],
  timeout: 20,
  hostKeyChecking: true,
  become: undefined,
  shell: '/bin/sh',
});

test('each host has a home of its own', async () => {
  const outputs = await Promise.all(
    embedded.hosts.map(async ({ name }) =>
      (await (await pool.target(spec(name))).run(raw('pwd; echo "$HOME"'))).stdout.toString(),
    ),
  );
  expect(outputs).toEqual(embedded.hosts.map(({ home }) => `${home}\n${home}\n`));
  expect(embedded.counts).toEqual({ connections: 40, commands: 40 });
});

test('files go there and back', async () => {
  const target = await pool.target(spec('host1'));
  const bytes = Buffer.alloc(3_000_000, 'x');
  await target.put(bytes, 'file');
  expect((await readFile(join(embedded.hosts[0]!.home, 'file'))).equals(bytes)).toBe(true);
  expect((await target.temporaryDirectory()).startsWith(embedded.hosts[0]!.home)).toBe(true);
});

test('strangers are refused', async () => {
  const target = await pool.target(spec('somebody'));
  await expect(target.run(raw('true'))).rejects.toThrow('somebody@127.0.0.1: Permission denied (publickey)');
});

test('scripts can be ended', async () => {
  const target = await pool.target(spec('host2'));
  await expect(target.run(raw('sleep 30'), { timeoutMs: 100 })).rejects.toThrow('0.1 s');
});
