import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { refusal, say, withPool } from '../../../test/support/connections.ts';
import { freePort } from '../../../test/support/sshd.ts';
import { sshdForTests } from '../../../test/support/sshd-for-tests.ts';

const server = sshdForTests();
const { spec } = server;

describe('hosts that cannot be reached', () => {
  test('refuse, at once', async () => {
    const port = await freePort();
    expect((await refusal(spec({ port }))).message).toBe(
      `cannot connect to 127.0.0.1 port ${port}: connection refused`,
    );
  });

  test('have no address', async () => {
    const failure = await refusal(spec({ address: 'no-such-host.invalid' }));
    expect(failure.message).toContain('cannot resolve the name no-such-host.invalid');
    expect(failure.problems[0]?.hint).toContain('ansible_host');
  });

  test('say nothing', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    const started = Date.now();
    const failure = await refusal(spec({ port, timeout: 1 }));
    expect(failure.message).toBe(`the ssh handshake on 127.0.0.1 port ${port} timed out after 1 s`);
    expect(Date.now() - started).toBeLessThan(15_000);
    silent.close();
  });

  test('are tried again when they drop the connection, and as often as is wished otherwise', async () => {
    let count = 0;
    const dropping = createServer((socket) => {
      count++;
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await once(dropping, 'listening');
    const { port } = dropping.address() as { port: number };
    expect((await refusal(spec({ port }))).message).toContain('closed the connection before the login');
    expect(count).toBe(4);
    dropping.close();
    await once(dropping, 'close');
    expect((await refusal(spec({ port }), { retries: 2 })).message).toContain('connection refused');
  });

  test('speak something else', async () => {
    const other = createServer((socket) => socket.end('220 mail ready\r\n')).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    expect((await refusal(spec({ port }))).constructor.name).toMatch(/UnreachableError|HandshakeError/);
    other.close();
  });
});

test('other connections are refused by name', async () => {
  expect((await refusal(spec({ connection: 'community.docker.docker' }))).message).toBe(
    "connection 'community.docker.docker' is not supported",
  );
  expect((await refusal(spec({ connection: 'winrm' }))).problems[0]?.hint).toBe('Windows hosts are not supported');
  await withPool(async (pool) =>
    expect(await say(pool, spec({ connection: 'ansible.builtin.paramiko_ssh' }))).toBe('hello'),
  );
});
