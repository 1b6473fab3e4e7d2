import { appendFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hostForAllTests } from '../../test/support/hosts.ts';
import { procAddress } from './shared/waiting/index.ts';
import wait_for from './wait_for.ts';

const listen = async (greeting?: string): Promise<{ port: number; server: Server; close: () => Promise<void> }> => {
  const sockets = new Set<import('node:net').Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    if (greeting) socket.write(greeting);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    });
  return { port: (server.address() as AddressInfo).port, server, close };
};
const later = (milliseconds: number, work: () => Promise<unknown>) => setTimeout(() => void work(), milliseconds);

describe.each(['gnu', 'busybox'] as const)('wait_for with %s tools', (tools) => {
  const host = hostForAllTests(tools);
  // What is waited for comes within a moment; a machine that is busy may take long to see it.
  const run = (args: Record<string, unknown>) => host.run(wait_for, { timeout: 25, ...args });

  test('a port that is open, and one that is not', async () => {
    const { port, close } = await listen();
    const cost = await host.countRoundTrips(async () => {
      expect(await run({ port })).toEqual({
        changed: false,
        state: 'started',
        port,
        path: null,
        search_regex: null,
        match_groups: [],
        match_groupdict: {},
        elapsed: expect.any(Number),
      });
    });
    expect(cost).toBe(1);
    expect(await run({ port, state: 'stopped', timeout: 1 })).toMatchObject({
      failed: true,
      msg: `Timeout when waiting for 127.0.0.1:${port} to stop.`,
    });
    await close();
    expect(await run({ port, timeout: 1 })).toMatchObject({
      failed: true,
      msg: `Timeout when waiting for 127.0.0.1:${port}`,
    });
    expect(await run({ port, state: 'stopped' })).toMatchObject({ state: 'stopped' });
    expect(await run({ port, timeout: 1, msg: 'too late' })).toMatchObject({ msg: 'too late' });
  });

  test('a port that opens after a while', async () => {
    const { port, server, close } = await listen();
    await close();
    let isOpen = false;
    later(700, async () => {
      isOpen = true;
      server.listen(port, '127.0.0.1');
    });
    expect(await run({ port })).not.toHaveProperty('failed');
    expect(isOpen).toBe(true);
    server.close();
  });

  test('what a port says', async () => {
    const { port, close } = await listen('220 mail.example.org ESMTP\r\n');
    expect(await run({ port, search_regex: '^220 (?P<name>\\S+) (E?SMTP)' })).toMatchObject({
      match_groups: ['mail.example.org', 'ESMTP'],
      match_groupdict: { name: 'mail.example.org' },
    });
    expect(await run({ port, search_regex: 'nope', timeout: 1 })).toMatchObject({
      msg: `Timeout when waiting for search string nope in 127.0.0.1:${port}`,
    });
    await close();
  });

  test('files', async () => {
    const path = join(host.directory, 'a file');
    later(600, () => writeFile(path, 'x'));
    expect(await run({ path })).toMatchObject({ path, state: 'started' });
    expect(await run({ path, state: 'absent', timeout: 1 })).toMatchObject({
      msg: `Timeout when waiting for ${path} to be absent.`,
    });
    later(400, () => rm(path));
    expect(await run({ path, state: 'absent' })).not.toHaveProperty('failed');
    expect(await run({ path, timeout: 1 })).toMatchObject({ msg: `Timeout when waiting for file ${path}` });
  });

  test('text in a file', async () => {
    const path = join(host.directory, 'log');
    await writeFile(path, 'starting\n');
    later(1200, () => appendFile(path, 'ready on 80\n'));
    expect(await run({ path, search_regex: '^ready on (\\d+)' })).toMatchObject({ match_groups: ['80'] });
    expect(await run({ path, search_regex: 'never', timeout: 1 })).toMatchObject({
      msg: `Timeout when waiting for search string never in ${path}`,
    });
  });

  test('connections that go away', async () => {
    const { port, close } = await listen();
    const client = connect(port, '127.0.0.1');
    client.on('error', () => {});
    await new Promise((resolve) => client.once('connect', resolve));
    expect(await run({ port, state: 'drained', timeout: 1 })).toMatchObject({
      msg: `Timeout when waiting for 127.0.0.1:${port} to drain`,
    });
    expect(await run({ port, state: 'drained', exclude_hosts: '127.0.0.1' })).not.toHaveProperty('failed');
    expect(await run({ port, state: 'drained', host: '10.9.8.7' })).not.toHaveProperty('failed');
    expect(await run({ port, state: 'drained', timeout: 1, host: '0.0.0.0' })).toHaveProperty('failed');
    later(300, async () => client.resetAndDestroy());
    expect(await run({ port, state: 'drained', host: 'localhost' })).not.toHaveProperty('failed');
    await close();
  });

  test('arguments that do not go together, and plain waiting', async () => {
    expect(await run({ port: 1, path: '/x' })).toMatchObject({
      msg: 'port and path parameter can not both be passed to wait_for',
      elapsed: 0,
    });
    expect(await run({ path: '/x', state: 'drained' })).toMatchObject({ failed: true });
    expect(await run({ port: 1, state: 'drained', active_connection_states: 'OPEN' })).toMatchObject({
      msg: 'unknown active_connection_state (OPEN) defined',
    });
    const { elapsed } = await run({ timeout: 1 });
    expect(elapsed).toBeGreaterThanOrEqual(1);
  });
});

test('addresses as /proc writes them', () => {
  expect(procAddress('127.0.0.1')).toBe('0100007F');
  expect(procAddress('::1')).toBe('00000000000000000000000001000000');
  expect(procAddress('::ffff:0.0.0.0')).toBe('0000000000000000FFFF000000000000');
  expect(procAddress('fe80::1:2')).toBe('000080FE000000000000000002000100');
  expect(procAddress('example.org')).toBeUndefined();
});
