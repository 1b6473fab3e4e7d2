import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeEngine, image, openEngine } from '../../test/support/docker/engine.ts';
import { addImage } from '../../test/support/docker/images.ts';
import { type ModuleHost, openModuleHost } from '../../test/support/module-host.ts';
import dockerContainer from './docker_container.ts';
import dockerNetwork from './docker_network.ts';

let host: ModuleHost;
let engine: FakeEngine;
beforeEach(async () => {
  [host, engine] = await Promise.all([openModuleHost(), openEngine()]);
});
afterEach(async () => {
  await host.close();
  await engine.close();
});
const run = (args: object, options = {}) =>
  host.run(dockerNetwork, { name: 'net', docker_host: `unix://${engine.socket}`, ...args }, options);

const args = {
  driver_options: { 'com.docker.network.bridge.enable_icc': true },
  labels: { a: 1 },
  internal: true,
  attachable: true,
  enable_ipv6: true,
  ipam_config: [{ subnet: '10.5.0.0/24', gateway: '10.5.0.1', aux_addresses: { host1: '10.5.0.9' } }],
};

describe('docker_network', () => {
  it('makes a network once, and anew when it differs', async () => {
    expect(await run(args, { check: true, diff: true })).toMatchObject({
      changed: true,
      actions: ['Created network net with driver bridge'],
      diff: { before: { exists: false } },
    });
    expect(engine.changes).toEqual([]);
    expect(await run(args)).toMatchObject({ changed: true, network: { Name: 'net', Internal: true } });
    expect(engine.calls.find(({ path }) => path === '/networks/create')!.body).toEqual({
      Name: 'net',
      Driver: 'bridge',
      Options: { 'com.docker.network.bridge.enable_icc': 'true' },
      EnableIPv6: true,
      Internal: true,
      Attachable: true,
      Labels: { a: '1' },
      IPAM: {
        Driver: 'default',
        Config: [{ Subnet: '10.5.0.0/24', Gateway: '10.5.0.1', AuxiliaryAddresses: { host1: '10.5.0.9' } }],
      },
    });
    expect(await run(args, { diff: true })).toMatchObject({ changed: false, diff: { after: { exists: true } } });
    expect(await run({})).toMatchObject({ changed: false });
    const other = { ...args, ipam_config: [{ subnet: '10.6.0.0/24' }] };
    expect(await run(other, { diff: true })).toMatchObject({
      changed: true,
      diff: { after: { 'ipam_config[0].subnet': '10.6.0.0/24' } },
    });
    expect(await run({ ...other, internal: false })).toMatchObject({ changed: true });
    expect(await run({ ...other, internal: false, force: true })).toMatchObject({ changed: true });
  });

  it('puts containers in and takes them out', async () => {
    addImage(engine.state, image('web:latest'));
    for (const name of ['one', 'two']) {
      await host.run(dockerContainer, { name, image: 'web', docker_host: `unix://${engine.socket}` });
    }
    const inside = () =>
      Object.values(
        [...engine.state.networks.values()].find(({ Name }) => Name === 'net')!.Containers as Record<
          string,
          { Name: string }
        >,
      ).map(({ Name }) => Name);
    expect(await run({ connected: ['one'] })).toMatchObject({ changed: true });
    expect(await run({ connected: ['one'] })).toMatchObject({ changed: false });
    expect(await run({})).toMatchObject({ changed: false });
    expect(await run({ connected: ['two'], appends: true })).toMatchObject({ changed: true });
    expect(inside().sort()).toEqual(['one', 'two']);
    expect(await run({ connected: ['two'] })).toMatchObject({ changed: true });
    expect(inside()).toEqual(['two']);
    expect(await run({ state: 'absent' })).toMatchObject({ changed: true });
    expect(await run({ state: 'absent' })).toEqual({ changed: false, actions: [] });
  });

  it('refuses what is no network', async () => {
    expect(await run({ ipam_config: [{ subnet: '10.0.0.1' }] })).toMatchObject({
      failed: true,
      msg: '"10.0.0.1" is not a valid CIDR',
    });
    expect(await run({ connected: ['nobody'] })).toMatchObject({
      failed: true,
      msg: expect.stringContaining('nobody'),
    });
  });
});
