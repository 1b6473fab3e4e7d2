import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeEngine, image, openEngine } from '../../test/support/docker/engine.ts';
import { addImage } from '../../test/support/docker/images.ts';
import { type ModuleHost, openModuleHost } from '../../test/support/module-host.ts';
import dockerContainer from './docker_container.ts';
import { readPublished } from './shared/docker/container/ports.ts';

let host: ModuleHost;
let engine: FakeEngine;
const web = image('web:latest', {
  Env: ['PATH=/usr/bin', 'MODE=prod'],
  Labels: { maker: 'us' },
  Volumes: { '/data': {} },
  ExposedPorts: { '80/tcp': {} },
});
beforeEach(async () => {
  [host, engine] = await Promise.all([openModuleHost(), openEngine()]);
  addImage(engine.state, structuredClone(web));
});
afterEach(async () => {
  await host.close();
  await engine.close();
});

const run = (args: object, options = {}) =>
  host.run(dockerContainer, { name: 'app', docker_host: `unix://${engine.socket}`, ...args }, options);
const only = () =>
  [...engine.state.containers.values()][0] as never as {
    Id: string;
    Config: Record<string, unknown>;
    HostConfig: Record<string, unknown>;
    State: Record<string, unknown>;
    NetworkSettings: { Networks: Record<string, { Aliases: string[]; IPAMConfig: object }> };
  };
const changes = () => engine.changes.splice(0).map((change) => change.replace(/[0-9a-f]{64}/, 'ID'));

const everything = {
  image: 'web',
  command: 'serve --port "8 0"',
  entrypoint: ['/run', '-x'],
  env: { MODE: 'test', EXTRA: 'a=b' },
  labels: { role: 'web', count: 3 },
  user: '1000:1000',
  groups: ['audio'],
  working_dir: '/srv',
  hostname: 'app',
  tty: true,
  interactive: true,
  detach: true,
  init: true,
  stop_signal: 'SIGINT',
  stop_timeout: 30,
  healthcheck: { test: 'curl localhost', interval: '1m30s', timeout: '500ms', retries: 3 },
  restart_policy: 'on-failure',
  restart_retries: 5,
  published_ports: ['8080:80', '127.0.0.1:53:53/udp', '9000-9001:9000-9001'],
  exposed_ports: ['443', '500-510/udp'],
  volumes: ['data:/data', '/etc/x:/x:ro', '/anon'],
  tmpfs: ['/tmp:size=1m'],
  mounts: [
    { target: '/m', source: 'vol', read_only: true, labels: { a: 'b' } },
    { target: '/t', type: 'tmpfs', tmpfs_size: '1M', tmpfs_mode: '1777' },
  ],
  etc_hosts: { db: '10.0.0.2' },
  dns_servers: ['1.1.1.1'],
  log_driver: 'syslog',
  log_options: { tag: 'app' },
  memory: '512M',
  memory_swap: '-1',
  cpus: 1.5,
  shm_size: '64M',
  ulimits: ['nofile:1024:2048'],
  devices: ['/dev/fuse:/dev/fuse:r'],
  device_read_bps: [{ path: '/dev/sda', rate: '1M' }],
  privileged: true,
  read_only: true,
  capabilities: ['NET_ADMIN'],
  sysctls: { 'net.ipv4.ip_forward': 1 },
  security_opts: ['label:disable'],
};

describe('docker_container', () => {
  it('makes a container with all that was asked, once', async () => {
    expect(await run(everything, { check: true, diff: true })).toMatchObject({
      changed: true,
      diff: { before: { exists: false }, after: { exists: true } },
      actions: [{ created: 'Created container' }],
    });
    expect(changes()).toEqual([]);
    expect(await run(everything)).toMatchObject({ changed: true, container: { State: { Running: true } } });
    expect(changes()).toEqual(['POST /containers/create', 'POST /containers/ID/start']);
    expect(engine.calls.find(({ path }) => path === '/containers/create')!.body).toEqual({
      Image: 'web',
      Cmd: ['serve', '--port', '8 0'],
      Entrypoint: ['/run', '-x'],
      Env: ['MODE=test', 'EXTRA=a=b'],
      Labels: { role: 'web', count: '3' },
      User: '1000:1000',
      WorkingDir: '/srv',
      Hostname: 'app',
      Tty: true,
      AttachStdin: false,
      AttachStdout: false,
      AttachStderr: false,
      StdinOnce: false,
      OpenStdin: true,
      StopSignal: 'SIGINT',
      StopTimeout: 30,
      Healthcheck: { Test: ['CMD-SHELL', 'curl localhost'], Interval: 90e9, Timeout: 5e8, Retries: 3 },
      ExposedPorts: { '443/tcp': {}, '500-510/udp': {}, '80/tcp': {}, '53/udp': {}, '9000/tcp': {}, '9001/tcp': {} },
      Volumes: { '/anon': {} },
      HostConfig: {
        GroupAdd: ['audio'],
        Init: true,
        RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 5 },
        PortBindings: {
          '80/tcp': [{ HostIp: '0.0.0.0', HostPort: '8080' }],
          '53/udp': [{ HostIp: '127.0.0.1', HostPort: '53' }],
          '9000/tcp': [{ HostIp: '0.0.0.0', HostPort: '9000' }],
          '9001/tcp': [{ HostIp: '0.0.0.0', HostPort: '9001' }],
        },
        Binds: ['data:/data:rw', '/etc/x:/x:ro'],
        Tmpfs: { '/tmp': 'size=1m' },
        Mounts: [
          { Target: '/m', Source: 'vol', Type: 'volume', ReadOnly: true, VolumeOptions: { Labels: { a: 'b' } } },
          {
            Target: '/t',
            Source: '',
            Type: 'tmpfs',
            ReadOnly: false,
            TmpfsOptions: { Mode: 0o1777, SizeBytes: 1048576 },
          },
        ],
        ExtraHosts: ['db:10.0.0.2'],
        Dns: ['1.1.1.1'],
        LogConfig: { Type: 'syslog', Config: { tag: 'app' } },
        Memory: 536870912,
        MemorySwap: -1,
        NanoCpus: 1500000000,
        ShmSize: 67108864,
        Ulimits: [{ Name: 'nofile', Soft: 1024, Hard: 2048 }],
        Devices: [{ CgroupPermissions: 'r', PathInContainer: '/dev/fuse', PathOnHost: '/dev/fuse' }],
        BlkioDeviceReadBps: [{ Path: '/dev/sda', Rate: 1048576 }],
        Privileged: true,
        ReadonlyRootfs: true,
        CapAdd: ['NET_ADMIN'],
        Sysctls: { 'net.ipv4.ip_forward': '1' },
        SecurityOpt: ['label:disable'],
      },
    });
    expect(await run(everything, { diff: true })).toMatchObject({ changed: false, diff: { before: {}, after: {} } });
    expect(changes()).toEqual([]);
  });

  it('makes it anew when something differs, and not for what is only more', async () => {
    await run({ image: 'web', env: { A: '1' }, labels: { a: 'x' }, capabilities: ['A', 'B'] });
    const { Id: first } = only();
    for (const less of [{}, { env: {} }, { capabilities: ['B'] }, { labels: {} }]) {
      expect(await run({ image: 'web', ...less })).toMatchObject({ changed: false });
    }
    changes();
    const differs = { image: 'web', env: { A: '2' } };
    expect(await run(differs, { diff: true })).toMatchObject({
      changed: true,
      diff: { before: { env: expect.arrayContaining(['A=1']) }, after: { env: expect.arrayContaining(['A=2']) } },
    });
    expect(changes()).toEqual([
      'POST /containers/ID/stop',
      'DELETE /containers/ID',
      'POST /containers/create',
      'POST /containers/ID/start',
    ]);
    expect(only().Id).not.toBe(first);
  });

  it('compares as it is told', async () => {
    await run({ image: 'web', env: { A: '1' }, capabilities: ['A', 'B'], hostname: 'x' });
    const check = { check: true };
    expect(
      await run({ image: 'web', capabilities: ['A'], comparisons: { capabilities: 'strict' } }, check),
    ).toMatchObject({ changed: true });
    expect(await run({ image: 'web', hostname: 'y', comparisons: { hostname: 'ignore' } }, check)).toMatchObject({
      changed: false,
    });
    expect(
      await run({ image: 'web', hostname: 'y', env: { A: '3' }, comparisons: { '*': 'ignore' } }, check),
    ).toMatchObject({ changed: false });
    expect(await run({ image: 'web', comparisons: { hostname: 'allow_more_present' } })).toMatchObject({
      failed: true,
    });
    expect(await run({ image: 'web', comparisons: { nonsense: 'strict' } })).toMatchObject({
      failed: true,
      msg: "Unknown module option 'nonsense' in comparisons dict!",
    });
    const strict = { image: 'web', labels: {}, comparisons: { labels: 'strict' } };
    expect(await run(strict, check)).toMatchObject({ changed: false });
    expect(await run({ ...strict, image_label_mismatch: 'fail' })).toMatchObject({
      failed: true,
      msg: expect.stringContaining('"maker"'),
    });
  });

  it('changes limits in place', async () => {
    await run({ image: 'web', memory: '1G' });
    changes();
    expect(await run({ image: 'web', memory: '2G', restart_policy: 'always' })).toMatchObject({ changed: true });
    expect(changes()).toEqual(['POST /containers/ID/update']);
    expect(host.warnings).toEqual(['Docker warning: something to know']);
    expect(await run({ image: 'web', memory: '2G', restart_policy: 'always' })).toMatchObject({ changed: false });
  });

  it('follows the image', async () => {
    await run({ image: 'web' });
    addImage(engine.state, { ...structuredClone(web), Id: 'sha256:new' });
    expect(await run({ image: 'web', ignore_image: true })).toMatchObject({ changed: false });
    expect(await run({ image: 'web', comparisons: { image: 'ignore' } })).toMatchObject({ changed: false });
    expect(await run({ image: 'web' })).toMatchObject({ changed: true });
    expect(only()).toMatchObject({ Image: 'sha256:new' });
    expect(await run({ image: 'docker.io/library/web' })).toMatchObject({ changed: false });
    expect(await run({ image: 'docker.io/library/web', image_name_mismatch: 'recreate' })).toMatchObject({
      changed: true,
    });
  });

  it('pulls', async () => {
    engine.state.registry.set('new:1', image('new:1'));
    expect(await run({ image: 'new:1' }, { check: true })).toMatchObject({ changed: true });
    expect(changes()).toEqual([]);
    expect(await run({ image: 'new:1' })).toMatchObject({ changed: true });
    expect(await run({ image: 'new:1', pull: true })).toMatchObject({ changed: false });
    engine.state.registry.set('new:1', image('new:1', { Cmd: ['other'] }));
    expect(await run({ image: 'new:1' })).toMatchObject({ changed: false });
    expect(await run({ image: 'new:1', pull: true })).toMatchObject({ changed: true });
    expect(await run({ image: 'none:1' })).toMatchObject({
      failed: true,
      msg: 'Error pulling image none:1: manifest for none:1 not found: manifest unknown: manifest unknown',
    });
    engine.state.registry.set('broken:1', { ...image('broken:1'), broken: true });
    expect(await run({ image: 'broken:1' })).toMatchObject({
      failed: true,
      msg: 'Error pulling image broken:1: unexpected EOF',
    });
  });

  it('starts, stops, restarts, pauses and removes', async () => {
    expect(await run({ image: 'web', state: 'present' })).toMatchObject({ changed: true });
    expect(only().State.Running).toBe(false);
    expect(await run({})).toMatchObject({ changed: true });
    expect(await run({})).toMatchObject({ changed: false });
    expect(await run({ restart: true })).toMatchObject({ changed: true });
    expect(await run({ paused: true })).toMatchObject({ changed: true, container: { State: { Paused: true } } });
    expect(await run({ paused: true })).toMatchObject({ changed: false });
    expect(await run({ paused: false })).toMatchObject({ changed: true });
    changes();
    expect(await run({ state: 'stopped' }, { check: true })).toMatchObject({ changed: true });
    expect(await run({ state: 'stopped', force_kill: true, kill_signal: 'SIGUSR1' })).toMatchObject({ changed: true });
    expect(changes()).toEqual(['POST /containers/ID/kill']);
    expect(engine.calls.at(-2)!.query.get('signal')).toBe('SIGUSR1');
    expect(await run({ state: 'stopped' })).toMatchObject({ changed: false });
    await run({ recreate: true });
    changes();
    expect(await run({ state: 'absent', keep_volumes: false })).toEqual({ changed: true });
    expect(changes()).toEqual(['POST /containers/ID/stop', 'DELETE /containers/ID']);
    expect(engine.calls.at(-1)!.query.get('v')).toBe('true');
    expect(await run({ state: 'absent' })).toEqual({ changed: false });
    expect(await run({})).toMatchObject({ failed: true, msg: 'Cannot create container when image is not specified!' });
  });

  it('joins networks', async () => {
    for (const name of ['front', 'back'])
      engine.state.networks.set(name, { Id: `${name}-id`, Name: name, Driver: 'bridge', Options: {}, Containers: {} });
    const networks = [{ name: 'front', ipv4_address: '10.1.0.5', aliases: ['www'] }, { name: 'back' }];
    expect(await run({ image: 'web', networks })).toMatchObject({ changed: true });
    const joined = () => only().NetworkSettings.Networks;
    expect(Object.keys(joined()).sort()).toEqual(['back', 'front']);
    expect(joined().front).toMatchObject({ Aliases: ['www'], IPAMConfig: { IPv4Address: '10.1.0.5' } });
    expect(await run({ image: 'web', networks })).toMatchObject({ changed: false });
    const fewer = { image: 'web', networks: [networks[0]] };
    expect(await run(fewer)).toMatchObject({ changed: false });
    expect(await run({ ...fewer, comparisons: { networks: 'strict' } })).toMatchObject({ changed: true });
    expect(Object.keys(joined())).toEqual(['front']);
    expect(await run({ image: 'web', networks: [{ name: 'none-such' }] })).toMatchObject({
      failed: true,
      msg: 'Parameter error: network named none-such could not be found. Does it exist?',
    });
  });

  it('waits for what is not detached, and tells its output', async () => {
    engine.state.commands.set('greet', { stdout: 'hello\n', stderr: 'hm\n' });
    engine.state.commands.set('fail', { stderr: 'no\n', code: 3 });
    const args = { image: 'web', detach: false, cleanup: true };
    expect(await run({ ...args, command: 'greet' })).toMatchObject({
      changed: true,
      status: 0,
      container: { Output: 'hello\nhm\n' },
    });
    expect(engine.state.containers.size).toBe(0);
    expect(await run({ ...args, command: 'fail' })).toMatchObject({ failed: true, msg: 'no\n', status: 3 });
  });

  it('takes variables from a file, and ~ from the target', async () => {
    const file = join(host.directory, 'env');
    await writeFile(file, '# none\nA=1\n\nB=x=y\n');
    await run({ image: 'web', env_file: file, env: { A: '2' }, volumes: ['~/x:/x', './y:/y:ro', 'named:/z'] });
    expect(only().Config.Env).toEqual(expect.arrayContaining(['A=2', 'B=x=y']));
    const home = process.env.HOME;
    expect(only().HostConfig.Binds).toEqual([`${home}/x:/x:rw`, `${home}/y:/y:ro`, 'named:/z:rw']);
  });

  it('refuses what cannot be', async () => {
    const wrong: [object, string | RegExp][] = [
      [{ env: { A: 1 } }, /Non-string value found for env option.*Key: A$/],
      [{ memory: '1 fortnight' }, /^Failed to convert memory to bytes/],
      [{ published_ports: ['all'] }, /publish_all_ports/],
      [{ published_ports: ['host.name:1:2'] }, /must be IPv4 or IPv6/],
      [{ published_ports: ['9-1:9-1'] }, 'Invalid port range: "9-1"'],
      [{ volumes: ['a:/x', 'b:/x'] }, 'The mount point "/x" appears twice in the volumes option'],
      [{ volumes: ['a:/x:rx'] }, 'Found invalid volumes mode: rx'],
      [{ mounts: [{ target: '/x', type: 'bind' }] }, 'source must be specified for mount "/x" of type "bind"'],
      [{ mounts: [{ target: '/x', tmpfs_size: '1' }] }, /needs type "tmpfs"/],
      [{ healthcheck: { test: 'x', interval: '5 minutes' } }, 'Invalid time duration - 5 minutes'],
      [{ restart_retries: 3 }, /restart_policy/],
      [{ default_host_ip: 'x y', published_ports: ['1'] }, /default_host_ip/],
    ];
    for (const [args, msg] of wrong) {
      expect(await run({ image: 'web', ...args })).toMatchObject({
        failed: true,
        msg: typeof msg === 'string' ? msg : expect.stringMatching(msg),
      });
    }
  });

  it('says when there is no engine', async () => {
    expect(await run({ image: 'web', docker_host: 'unix:///no/such.sock' })).toMatchObject({
      failed: true,
      msg: expect.stringMatching(
        /^Error connecting: there is no Docker Engine to be reached at unix:\/\/\/no\/such\.sock/,
      ),
    });
    expect(await run({ image: 'web', docker_host: 'ssh://x' })).toMatchObject({
      failed: true,
      msg: expect.stringContaining("'ssh://x'"),
    });
  });
});

it('reads published ports', () => {
  expect(readPublished(['80', '[::1]:81:81', '127.0.0.1::82/udp', '83:83', '84:83'])).toEqual({
    '80/tcp': [{ HostIp: '\0default', HostPort: '' }],
    '81/tcp': [{ HostIp: '::1', HostPort: '81' }],
    '82/udp': [{ HostIp: '127.0.0.1', HostPort: '' }],
    '83/tcp': [
      { HostIp: '\0default', HostPort: '83' },
      { HostIp: '\0default', HostPort: '84' },
    ],
  });
});
