import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFakeHost } from '../../test/support/fake-commands.ts';
import type { ModuleHost } from '../../test/support/module-host.ts';
import dockerCompose from './docker_compose_v2.ts';
import { actionsOf, isChange, readJsonEvents, readPlainEvents, warningsOf } from './shared/docker/compose/events.ts';

// What docker compose 2.36 writes with --progress json.
const json = (id: string, text: string, status = 'Working') => JSON.stringify({ id, status, text });
const upEvents = [
  json('web', 'Pulling'),
  json('Network app_default', 'Creating'),
  json('Network app_default', 'Created', 'Done'),
  json('Container app-web-1', 'Creating'),
  json('Container app-web-1', 'Started', 'Done'),
].join('\n');
const sameEvents = json('Container app-web-1', 'Running', 'Done');
const row = {
  ID: '44a7',
  Name: 'app-web-1',
  Names: 'app-web-1',
  Service: 'web',
  State: 'running',
  Labels: 'a=1,b=x=y',
  Networks: 'app_default',
  Publishers: null,
};

let folder: string;
let project: string;
let host: ModuleHost;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-compose-'));
  project = join(folder, 'app');
  await mkdir(project);
  await writeFile(join(project, 'compose.yaml'), 'services: {}\n');
  host = await openFakeHost(folder, {
    docker: `case "$*" in
'compose version --short') cat "$FAKE/version"; exit;;
esac
echo "$*" >>"$FAKE/log"
case " $* " in
*' ps '*) cat "$FAKE/ps"; exit;;
*' images '*) echo '[{"ID":"sha256:1","Repository":"web"}]'; exit;;
esac
[ ! -e compose.yaml ] || cat compose.yaml >"$FAKE/seen"
[ ! -e "$FAKE/events" ] || cat "$FAKE/events" >&2
exit "$(cat "$FAKE/code")"`,
  });
  await set({ version: '2.36.0', events: upEvents, code: '0', ps: JSON.stringify(row) });
});
afterEach(async () => {
  await host.close();
  await rm(folder, { recursive: true });
});
const set = async (files: Record<string, string>): Promise<void> => {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), `${text}\n`);
};
const log = async () => {
  const text = await readFile(join(folder, 'log'), 'utf8').catch(() => '');
  await rm(join(folder, 'log'), { force: true });
  return text
    .replaceAll(project, 'SRC')
    .replaceAll('compose --ansi never --progress json --project-directory SRC', '…')
    .trim()
    .split('\n');
};
const run = (args: object, options = {}) => host.run(dockerCompose, { project_src: project, ...args }, options);

describe('docker_compose_v2', () => {
  it('brings a project up, in one round trip', async () => {
    expect(await run({})).toEqual({
      changed: true,
      actions: [
        { what: 'image', id: 'web', status: 'Pulling' },
        { what: 'network', id: 'app_default', status: 'Creating' },
        { what: 'container', id: 'app-web-1', status: 'Creating' },
      ],
      stderr: expect.stringContaining('app_default'),
      containers: [
        { ...row, Labels: { a: '1', b: 'x=y' }, Names: ['app-web-1'], Networks: ['app_default'], Publishers: [] },
      ],
      images: [{ ID: 'sha256:1', Repository: 'web' }],
    });
    expect(await log()).toEqual([
      '… up --detach --no-color --quiet-pull --',
      '… ps --format json --all --no-trunc',
      '… images --format json',
    ]);
    await set({ events: sameEvents });
    expect(await host.countRoundTrips(() => run({}))).toBe(1);
    expect(await run({})).toMatchObject({ changed: false, actions: [] });
  });

  it('gives docker compose all options', async () => {
    await writeFile(join(project, 'other.yml'), '');
    await run(
      {
        docker_host: 'tcp://x:1',
        validate_certs: true,
        project_name: 'p',
        files: ['other.yml'],
        env_files: ['e'],
        profiles: ['dev'],
        pull: 'always',
        build: 'never',
        recreate: 'always',
        remove_orphans: true,
        dependencies: false,
        timeout: 3,
        scale: { web: 2, db: '1' },
        wait: true,
        wait_timeout: 9,
        services: ['web', 'db'],
      },
      { check: true },
    );
    expect((await log())[0]).toBe(
      '--host tcp://x:1 --tlsverify … --project-name p --file other.yml --env-file e --profile dev up --detach --no-color --quiet-pull --pull always --remove-orphans --force-recreate --no-deps --timeout 3 --no-build --scale db=1 --scale web=2 --wait --wait-timeout 9 --dry-run -- web db',
    );
    await run({ state: 'absent', remove_images: 'all', remove_volumes: true, timeout: 1 });
    expect((await log())[0]).toBe('… down --rmi all --volumes --timeout 1 --');
    await run({ state: 'restarted', services: ['web'] });
    expect((await log())[0]).toBe('… restart -- web');
  });

  it('stops only what runs', async () => {
    await set({ events: sameEvents });
    await run({ state: 'stopped' });
    expect((await log()).filter((line) => /up|stop/.test(line))).toEqual([
      '… up --detach --no-color --quiet-pull --no-start --',
      '… stop --',
    ]);
    await set({ ps: JSON.stringify({ ...row, State: 'exited' }) });
    expect(await run({ state: 'stopped' })).toMatchObject({ changed: false });
    expect((await log()).filter((line) => /stop/.test(line))).toEqual([]);
  });

  it('takes a definition', async () => {
    const definition = { services: { web: { image: 'web', ports: ['80:80'] } } };
    expect(await host.run(dockerCompose, { definition, project_name: 'p' })).toMatchObject({ changed: true });
    expect(JSON.parse(await readFile(join(folder, 'seen'), 'utf8'))).toEqual(definition);
  });

  it('says what is wrong', async () => {
    await set({ code: '1', events: JSON.stringify({ error: true, message: 'yaml: line 3: no' }) });
    expect(await run({})).toMatchObject({
      failed: true,
      rc: 1,
      msg: 'General error: yaml: line 3: no',
      cmd: expect.stringMatching(/docker compose --ansi never --progress json --project-directory \S+ up --detach/),
      stderr: expect.stringContaining('line 3'),
      containers: [expect.objectContaining({ Name: 'app-web-1' })],
    });
    await set({ code: '0', version: '2.17.3' });
    expect(await run({})).toMatchObject({
      failed: true,
      msg: 'docker compose on the host is version 2.17.3; 2.18.0 or later is needed',
    });
    await set({ version: 'v2.20.0' });
    await rm(join(project, 'compose.yaml'));
    expect(await run({})).toMatchObject({
      failed: true,
      msg: expect.stringContaining(`"${project}" does not contain compose.yaml, `),
    });
    expect(await run({ files: ['x.yml'] })).toMatchObject({
      failed: true,
      msg: `Cannot find Compose file "x.yml" relative to project directory "${project}"`,
    });
    expect(await run({ project_src: '/no/such' })).toMatchObject({
      failed: true,
      msg: '"/no/such" is not a directory',
    });
    expect(await run({ scale: { web: 'many' } })).toMatchObject({ failed: true });
    expect(await run({ definition: {} })).toMatchObject({ failed: true });
  });
});

it('reads the events of older versions', () => {
  const plain = ` web Pulling 
 a1b2c3d4e5f6 Downloading [====>   ]  10MB/20MB
 web Pulled 
 Network app_default  Creating
 Container app-web-1  Starting
 Container app-db-1  Error
 dependency failed to start
 DRY-RUN MODE -  Container app-web-1  Started
Error response from daemon: no space
`;
  expect(readPlainEvents(plain, true)).toEqual([
    { what: 'service', id: 'web', status: 'Pulling', message: undefined },
    { what: 'image-layer', id: 'a1b2c3d4e5f6', status: 'Downloading', message: undefined },
    { what: 'service', id: 'web', status: 'Pulled', message: undefined },
    { what: 'network', id: 'app_default', status: 'Creating', message: undefined },
    { what: 'container', id: 'app-web-1', status: 'Starting', message: undefined },
    { what: 'container', id: 'app-db-1', status: 'Error', message: 'dependency failed to start' },
    { what: 'container', id: 'app-web-1', status: 'Started', message: undefined },
    { what: 'unknown', id: '', status: 'Error', message: 'Error response from daemon: no space' },
  ]);
  expect(readJsonEvents('not json\n{"id":"x","text":"Extracting"}\n')).toEqual([
    { what: 'image-layer', id: 'x', status: 'Extracting', message: undefined },
  ]);
});

it('reads the events of newer versions', () => {
  const lines = [
    { id: ' ', text: 'build service own' },
    { id: '==>', text: '==> writing image dryRun-1' },
    { id: '63a2', parent_id: 'Image web:1', status: 'Working' },
    { id: 'web', text: 'Skipped - no image to be pulled' },
    { tail: true, text: 'WARNING: some are old' },
    { tail: true, text: 'it broke' },
    { level: 'warning', msg: 'a volume is another one' },
  ];
  const events = readJsonEvents(`Warning: plain\n${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
  expect(events.map(({ what, id, status, message }) => [what, id, status, message])).toEqual([
    ['unknown', '', 'Warning', 'plain'],
    ['service', 'own', 'Building', undefined],
    ['image-layer', 'web:1', 'Working', undefined],
    ['unknown', 'web', 'Skipped', 'no image to be pulled'],
    ['unknown', '', 'Warning', 'some are old'],
    ['unknown', '', 'Error', 'it broke'],
    ['unknown', '', 'Warning', 'a volume is another one'],
  ]);
  expect(actionsOf(events)).toEqual([
    { what: 'service', id: 'own', status: 'Building' },
    { what: 'image-layer', id: 'web:1', status: 'Working' },
  ]);
  expect(events.some((event) => isChange(event, { pulls: true, builds: true }))).toBe(true);
  expect(isChange(events[1]!, { pulls: true, builds: true })).toBe(false);
  expect(isChange(events[1]!, { pulls: true, builds: false })).toBe(true);
});

it('tells warnings of plain text', () => {
  const text = 'time="2026-01-02T03:04:05Z" level=warning msg="the \\"X\\" variable is not set"\n web Warning old\n';
  expect(warningsOf(readPlainEvents(text, false))).toEqual([
    'Docker compose: the "X" variable is not set',
    'Docker compose: unknown web: old',
  ]);
});
