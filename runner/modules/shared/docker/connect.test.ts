import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeEngine, openEngine } from '../../../../test/support/docker/engine.ts';
import { openFakeHost } from '../../../../test/support/fake-commands.ts';
import { type ModuleHost, openModuleHost } from '../../../../test/support/module-host.ts';
import { type Channel, LocalTransport, quote } from '../../../connection/index.ts';
import dockerVolume from '../../docker_volume.ts';

let engine: FakeEngine;
let outer: ModuleHost;
beforeEach(async () => {
  [engine, outer] = await Promise.all([openEngine(), openModuleHost()]);
});
afterEach(async () => {
  await outer.close();
  await engine.close();
});

/** This machine as a host whose login user may not use sockets, and where docker is a program that passes a stream on. */
class WithoutSockets extends LocalTransport {
  readonly #path: string;
  constructor(path: string) {
    super();
    this.#path = path;
  }
  override exec(command: string): Promise<Channel> {
    return super.exec(`PATH=${quote(this.#path)}:$PATH; export PATH; ${command}`);
  }
  override forward(): Promise<never> {
    return Promise.reject(new Error('open failed: connect failed: open failed'));
  }
}

const bridge = (socket: string): string =>
  `const s = require('net').connect(${JSON.stringify(socket)}); process.stdin.pipe(s); s.pipe(process.stdout)`;

describe('reaching a Docker Engine', () => {
  it("goes through the target's docker command where the socket is not for the login user", async () => {
    const made = await openFakeHost(outer.directory, {
      docker: `echo "$*" >>"$(dirname "$0")/log"; exec ${quote(process.execPath)} -e ${quote(bridge(engine.socket))}`,
    });
    await made.close();
    const host = await openModuleHost(new WithoutSockets(join(outer.directory, 'bin')));
    try {
      const args = { name: 'data', docker_host: 'unix:///run/other.sock' };
      expect(await host.run(dockerVolume, args)).toMatchObject({ changed: true });
      expect(await host.run(dockerVolume, args)).toMatchObject({ changed: false });
      const { stdout } = await outer.target.run(
        (await import('../../../connection/index.ts')).raw(`cat ${outer.directory}/bin/log`),
      );
      expect(stdout.toString()).toBe('-H unix:///run/other.sock system dial-stdio\n'.repeat(2));
    } finally {
      await host.close();
    }
  });

  it('tells both why the socket and why the command did not do', async () => {
    const made = await openFakeHost(outer.directory, {
      docker: 'echo "permission denied while trying to connect" >&2; exit 1',
    });
    await made.close();
    const host = await openModuleHost(new WithoutSockets(join(outer.directory, 'bin')));
    try {
      expect(await host.run(dockerVolume, { name: 'data' })).toMatchObject({
        failed: true,
        msg: expect.stringMatching(/Error connecting: .*permission denied while trying to connect/),
      });
    } finally {
      await host.close();
    }
  });

  it('speaks TCP, and keeps to one stream', async () => {
    let count = 0;
    const server = createServer((socket) => {
      count++;
      const inner = connect(engine.socket);
      socket.pipe(inner).pipe(socket);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const url = `tcp://127.0.0.1:${port}`;
    expect(await outer.run(dockerVolume, { name: 'data', docker_host: url })).toMatchObject({ changed: true });
    expect(count).toBe(1);
    const versioned = { name: 'data', docker_host: url, api_version: '1.41' };
    expect(await outer.run(dockerVolume, versioned)).toMatchObject({ changed: false });
    server.close();
    expect(await outer.run(dockerVolume, { name: 'data', docker_host: 'tcp://127.0.0.1:1' })).toMatchObject({
      failed: true,
      msg: expect.stringContaining('tcp://127.0.0.1:1'),
    });
  });

  it("takes the target's DOCKER_HOST", async () => {
    class WithVariable extends LocalTransport {
      override exec(command: string): Promise<Channel> {
        return super.exec(`DOCKER_HOST=unix://${engine.socket}; export DOCKER_HOST; ${command}`);
      }
    }
    const host = await openModuleHost(new WithVariable());
    try {
      expect(await host.run(dockerVolume, { name: 'data' })).toMatchObject({ changed: true });
      expect(engine.state.volumes.has('data')).toBe(true);
    } finally {
      await host.close();
    }
  });
});
