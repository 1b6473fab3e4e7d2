import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeEngine, image, openEngine } from '../../test/support/docker/engine.ts';
import { addImage } from '../../test/support/docker/images.ts';
import { openFakeHost } from '../../test/support/fake-commands.ts';
import type { ModuleHost } from '../../test/support/module-host.ts';
import dockerImage from './docker_image.ts';

let folder: string;
let host: ModuleHost;
let engine: FakeEngine;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-image-'));
  engine = await openEngine();
  // The docker command, which hands what it does to the engine by curl's stand-in: a file that the test looks at.
  host = await openFakeHost(folder, {
    docker: `echo "$*" >>"$FAKE/log"
case " $* " in
*' load '*) cat "$FAKE/loaded";;
*' save '*) printf 'an archive' >"$5";;
*' build '*) [ ! -e "$FAKE/broken" ] || { echo "pull access denied" >&2; exit 1; }; echo "Successfully built";;
esac`,
  });
});
afterEach(async () => {
  await host.close();
  await engine.close();
  await rm(folder, { recursive: true });
});
const run = (args: object, options = {}) =>
  host.run(dockerImage, { name: 'app', docker_host: `unix://${engine.socket}`, ...args }, options);
const log = async () => {
  const text = await readFile(join(folder, 'log'), 'utf8').catch(() => '');
  await rm(join(folder, 'log'), { force: true });
  return text.replaceAll(`--host unix://${engine.socket} `, '').replaceAll(folder, 'DIR');
};

describe('docker_image', () => {
  it('pulls once, or again with force_source', async () => {
    engine.state.registry.set('app:1', image('app:1'));
    const args = { name: 'app:1', source: 'pull' };
    expect(await run(args, { check: true })).toMatchObject({ changed: true, actions: ['Pulled image app:1'] });
    expect(engine.changes).toEqual([]);
    expect(await run(args)).toMatchObject({ changed: true, image: { RepoTags: ['app:1'] } });
    expect(await run(args)).toMatchObject({ changed: false, actions: [], image: { RepoTags: ['app:1'] } });
    expect(await run({ ...args, force_source: true })).toMatchObject({ changed: false });
    engine.state.registry.set('app:1', image('app:1', { Cmd: ['new'] }));
    expect(await run({ ...args, force_source: true })).toMatchObject({ changed: true });
    expect(await run({ name: 'none', source: 'pull' })).toMatchObject({
      failed: true,
      msg: expect.stringMatching(/^Error pulling image none:latest/),
    });
    expect(await run({ name: 'none', source: 'local' })).toMatchObject({
      failed: true,
      msg: 'Cannot find the image none:latest locally.',
    });
  });

  it('shows the login that the target has', async () => {
    engine.state.registry.set('registry.example/app:1', image('registry.example/app:1'));
    const config = {
      auths: { 'https://registry.example/v1/': { auth: Buffer.from('joe:s3cret:x').toString('base64') } },
    };
    await writeFile(join(folder, 'config.json'), JSON.stringify(config));
    const { raw } = await import('../connection/index.ts');
    const plain = host.target.run.bind(host.target);
    host.target.run = (script, options) => plain(raw(`DOCKER_CONFIG=${folder}; ${script.text}`), options);
    await run({ name: 'registry.example/app:1', source: 'pull' });
    const header = engine.calls.find(({ path }) => path === '/images/create')!.headers['x-registry-auth'];
    expect(JSON.parse(Buffer.from(String(header), 'base64url').toString())).toEqual({
      username: 'joe',
      password: 's3cret:x',
      serveraddress: 'registry.example',
    });
  });

  it('builds by the docker command', async () => {
    const path = join(folder, 'src');
    await mkdir(path);
    const build = {
      path,
      dockerfile: 'sub/Dockerfile',
      args: { A: true },
      nocache: true,
      target: 'x',
      container_limits: { memory: 1000 },
    };
    const args = { name: 'app', tag: '2', source: 'build', build };
    expect(await run(args, { check: true })).toMatchObject({ changed: true });
    expect(await log()).toBe('');
    expect(await run(args)).toMatchObject({
      changed: true,
      stdout: 'Successfully built\n',
      actions: [`Built image app:2 from ${path}`],
    });
    expect(await log()).toBe(
      'build --tag app:2 --build-arg A=true --memory 1000 --target x --no-cache --force-rm --file DIR/src/sub/Dockerfile DIR/src\n',
    );
    await writeFile(join(folder, 'broken'), '');
    expect(await run(args)).toMatchObject({ failed: true, msg: 'Error building app:2: pull access denied', rc: 1 });
    expect(await run({ ...args, build: { path: '/no/such' } })).toMatchObject({
      failed: true,
      msg: expect.stringContaining('/no/such could not be found'),
    });
  });

  it('loads and archives by the docker command', async () => {
    const archive = join(folder, 'app.tar');
    await writeFile(archive, '');
    await writeFile(join(folder, 'loaded'), 'Loaded image: app:latest\nLoaded image: more:1\n');
    expect(await run({ source: 'load', load_path: archive })).toMatchObject({ changed: true });
    expect(host.warnings).toEqual(["The archive contained more images than specified: 'more:1'"]);
    await writeFile(join(folder, 'loaded'), 'Loaded image: other:1\n');
    expect(await run({ source: 'load', load_path: archive })).toMatchObject({
      failed: true,
      msg: "The archive did not contain image 'app:latest'. Instead, found 'other:1'.",
    });
    expect(await run({ source: 'load', load_path: '/no/such' })).toMatchObject({
      failed: true,
      msg: expect.stringContaining('does not exist'),
    });
    addImage(engine.state, image('app:latest'));
    await log();
    const target = join(folder, 'out.tar');
    expect(await run({ source: 'local', archive_path: target })).toMatchObject({
      changed: true,
      actions: [expect.stringContaining('since none present')],
    });
    expect(await log()).toBe('save -o DIR/out.tar app:latest\n');
    const { execFileSync } = await import('node:child_process');
    const manifest = [{ Config: `blobs/sha256/${image('app:latest').Id.slice(7)}`, RepoTags: ['app:latest'] }];
    await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
    execFileSync('tar', ['-cf', target, '-C', folder, 'manifest.json']);
    expect(await run({ source: 'local', archive_path: target })).toMatchObject({ changed: false });
  });

  it('tags, pushes and removes', async () => {
    addImage(engine.state, image('app:latest'));
    const args = { source: 'local', repository: 'registry.example/app:9' };
    expect(await run(args)).toMatchObject({
      changed: true,
      actions: ['Tagged image app:latest to registry.example/app:9'],
    });
    expect(await run(args)).toMatchObject({ changed: false });
    expect(await run({ ...args, force_tag: true })).toMatchObject({ changed: false });
    expect(await run({ ...args, push: true })).toMatchObject({
      failed: true,
      msg: 'Error pushing image registry.example/app: denied: requested access to the resource is denied',
    });
    expect(await run({ state: 'absent' }, { check: true })).toMatchObject({ changed: true });
    expect(await run({ state: 'absent', force_absent: true })).toMatchObject({
      changed: true,
      image: { state: 'Deleted' },
      actions: ['Removed image app:latest'],
    });
    expect(await run({ state: 'absent' })).toMatchObject({ changed: false });
    expect(await run({ source: 'local', tag: 'a b' })).toMatchObject({ failed: true });
  });
});
