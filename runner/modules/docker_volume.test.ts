import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeEngine, image, openEngine } from '../../test/support/docker/engine.ts';
import { addImage } from '../../test/support/docker/images.ts';
import { type ModuleHost, openModuleHost } from '../../test/support/module-host.ts';
import dockerContainer from './docker_container.ts';
import dockerContainerExec from './docker_container_exec.ts';
import dockerContainerInfo from './docker_container_info.ts';
import dockerLogin from './docker_login.ts';
import dockerPrune from './docker_prune.ts';
import dockerVolume from './docker_volume.ts';

// The smaller modules of community.docker.
let host: ModuleHost;
let engine: FakeEngine;
beforeEach(async () => {
  [host, engine] = await Promise.all([openModuleHost(), openEngine()]);
  addImage(engine.state, image('web:latest'));
});
afterEach(async () => {
  await host.close();
  await engine.close();
});
const run = (module: unknown, args: object, options = {}) =>
  host.run(module, { docker_host: `unix://${engine.socket}`, ...args }, options);

describe('docker_volume', () => {
  it('makes a volume, and anew only when told', async () => {
    const args = { name: 'data', driver_options: { type: 'tmpfs' }, labels: { a: 'b' } };
    expect(await run(dockerVolume, args, { check: true })).toMatchObject({ changed: true });
    expect(await run(dockerVolume, args)).toMatchObject({
      changed: true,
      volume: { Name: 'data', Options: { type: 'tmpfs' } },
    });
    expect(await run(dockerVolume, args)).toMatchObject({ changed: false });
    const other = { ...args, labels: { a: 'c' } };
    expect(await run(dockerVolume, other, { diff: true })).toMatchObject({
      changed: false,
      diff: { after: { 'labels.a': 'c' } },
    });
    expect(await run(dockerVolume, { ...other, recreate: 'options-changed' })).toMatchObject({
      changed: true,
      volume: { Labels: { a: 'c' } },
    });
    expect(await run(dockerVolume, { ...other, recreate: 'always' })).toMatchObject({ changed: true });
    expect(await run(dockerVolume, { name: 'data', state: 'absent' })).toEqual({
      changed: true,
      actions: ['Removed volume data'],
    });
    expect(await run(dockerVolume, { name: 'data', state: 'absent' })).toEqual({ changed: false, actions: [] });
    expect(await run(dockerVolume, { name: 'x', driver: 'none' })).toMatchObject({
      failed: true,
      msg: expect.stringContaining('plugin none'),
    });
  });
});

describe('docker_container_info and docker_container_exec', () => {
  it('tell of a container, and run commands in it', async () => {
    expect(await run(dockerContainerInfo, { name: 'app' })).toEqual({ changed: false, exists: false, container: null });
    await run(dockerContainer, { name: 'app', image: 'web' });
    expect(await run(dockerContainerInfo, { name: 'app' })).toMatchObject({
      exists: true,
      container: { Name: '/app' },
    });

    engine.state.commands.set('show it', { stdout: 'out\n\n', stderr: 'err\n', code: 4 });
    const args = { container: 'app', command: 'show it', env: { A: 'b' }, user: 'joe', chdir: '/x' };
    expect(await run(dockerContainerExec, args)).toMatchObject({
      changed: true,
      rc: 4,
      stdout: 'out',
      stderr: 'err',
      stdout_lines: ['out'],
    });
    expect(engine.calls.find(({ path }) => path.endsWith('/exec'))!.body).toMatchObject({
      User: 'joe',
      Cmd: ['show', 'it'],
      Env: ['A=b'],
      WorkingDir: '/x',
    });
    expect(await run(dockerContainerExec, { ...args, strip_empty_ends: false, tty: true })).toMatchObject({
      stdout: 'out\n\nerr\n',
    });
    expect(await run(dockerContainerExec, { container: 'app', argv: ['cat'], stdin: 'hello there' })).toMatchObject({
      stdout: 'hello there',
      rc: 0,
    });
    expect(await run(dockerContainerExec, { ...args, detach: true })).toMatchObject({
      changed: true,
      exec_id: expect.any(String),
    });
    expect(await run(dockerContainerExec, { container: 'none', argv: ['x'] })).toMatchObject({
      failed: true,
      msg: 'Could not find container "none"',
    });
    await run(dockerContainer, { name: 'app', state: 'stopped' });
    expect(await run(dockerContainerExec, args)).toMatchObject({
      failed: true,
      msg: expect.stringContaining('does not run'),
    });
    expect(await run(dockerContainerExec, { container: 'app' })).toMatchObject({ failed: true });
  });
});

describe('docker_prune', () => {
  it('removes what is not used', async () => {
    await run(dockerContainer, { name: 'app', image: 'web', state: 'present' });
    engine.state.volumes.set('v', { Name: 'v' });
    const args = { containers: true, images: true, networks: true, volumes: true, builder_cache: true };
    expect(await run(dockerPrune, { ...args, containers_filters: { until: '24h', label: ['a', 'b'] } })).toMatchObject({
      changed: true,
      containers: [expect.any(String)],
      containers_space_reclaimed: 12,
      images: [],
      networks: [],
      volumes: ['v'],
      builder_cache_space_reclaimed: 5,
    });
    const query = engine.calls.find(({ path }) => path === '/containers/prune')!.query.get('filters');
    expect(JSON.parse(query!)).toEqual({ until: ['24h'], label: ['a', 'b'] });
    expect(await run(dockerPrune, { networks: true })).toEqual({ changed: false, networks: [] });
  });
});

describe('docker_login', () => {
  it('keeps logins in a file for its owner, and forgets them', async () => {
    const file = join(host.directory, 'deep', 'config.json');
    const args = { registry_url: 'registry.example', username: 'joe', password: 'right', config_path: file };
    expect(await run(dockerLogin, args, { check: true })).toMatchObject({ changed: true });
    expect(await run(dockerLogin, args)).toMatchObject({ changed: true, login_result: { Status: 'Login Succeeded' } });
    const auth = Buffer.from('joe:right').toString('base64');
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ auths: { 'registry.example': { auth } } });
    const { mode } = await (await import('node:fs/promises')).stat(file);
    expect(mode & 0o777).toBe(0o600);
    expect(await run(dockerLogin, args)).toMatchObject({ changed: false });
    expect(await run(dockerLogin, { ...args, reauthorize: true })).toMatchObject({ changed: true });
    await writeFile(
      file,
      JSON.stringify({ HttpHeaders: { a: 'b' }, auths: { 'registry.example': { auth }, other: {} } }),
    );
    expect(await run(dockerLogin, { ...args, password: 'wrong' })).toMatchObject({
      failed: true,
      msg: expect.stringMatching(
        /^Logging into registry.example for user joe failed: .*incorrect username or password/,
      ),
    });
    const gone = { registry_url: 'registry.example', state: 'absent', config_path: file };
    expect(await run(dockerLogin, gone)).toMatchObject({ changed: true });
    expect(await run(dockerLogin, gone)).toMatchObject({ changed: false });
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ HttpHeaders: { a: 'b' }, auths: { other: {} } });
  });
});
