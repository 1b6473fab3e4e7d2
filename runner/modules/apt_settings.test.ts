import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DebRepository, makeDebRepository } from '../../test/support/deb-repository.ts';
import { startServer, type TestServer } from '../../test/support/http-server.ts';
import { type ModuleHost, openModuleHost } from '../../test/support/module-host.ts';
import { OverlayTransport } from '../../test/support/overlay-transport.ts';
import { makeSigningKey, type SigningKey } from '../../test/support/signing-key.ts';
import { raw, sh } from '../connection/index.ts';
import apt_key from './apt_key.ts';
import apt_repository from './apt_repository.ts';
import deb822_repository from './deb822_repository.ts';
import debconf from './debconf.ts';
import dpkg_selections from './dpkg_selections.ts';
import packageModule from './package.ts';
import { addSource, parseKeyId, parseKeyIds, parseSourceList, sourceFileName } from './shared/packages/index.ts';

let host: ModuleHost;
let repository: DebRepository;
let server: TestServer;
let key: SigningKey;

beforeAll(async () => {
  repository = await makeDebRepository([{ name: 'muster-x', version: '1' }]);
  key = makeSigningKey();
  server = await startServer((request, response) => {
    response.end(request.url === '/key.asc' ? key.armored : 'none');
  });
  host = await openModuleHost(await OverlayTransport.open());
  await host.target.run(
    sh`rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/* /var/lib/apt/lists/* /etc/apt/trusted.gpg /etc/apt/trusted.gpg.d/*`,
  );
}, 60_000);
afterAll(async () => {
  await host.close();
  await server.close();
  await repository.close();
  key.close();
});

const run = async (script: string) => (await host.target.run(raw(script))).stdout.toString();

describe('apt_repository', () => {
  test('adds a repository, reads its lists and changes nothing the second time', async () => {
    const repo = repository.source;
    expect(await host.run(apt_repository, { repo }, { check: true })).toMatchObject({ changed: true });
    const result = await host.run(apt_repository, { repo, filename: 'mine', mode: '0600' }, { diff: true });
    expect(result).toEqual({
      changed: true,
      repo,
      state: 'present',
      diff: [
        {
          before: '',
          after: `${repo}\n`,
          before_header: '/dev/null',
          after_header: '/etc/apt/sources.list.d/mine.list',
        },
      ],
    });
    expect(await run('stat -c %a /etc/apt/sources.list.d/mine.list; apt-cache policy muster-x')).toMatch(
      /^600\n.*Candidate: 1$/ms,
    );
    const cost = await host.countRoundTrips(async () => {
      expect(await host.run(apt_repository, { repo: repo.replace('deb ', 'deb   ') })).toMatchObject({
        changed: false,
      });
    });
    expect(cost).toBe(1);
  });

  test('one that is commented out is enabled; removing takes the empty file along', async () => {
    const repo = repository.source;
    await run(`sed -i 's/^/# /; $a# a remark' /etc/apt/sources.list.d/mine.list`);
    expect(await host.run(apt_repository, { repo, update_cache: false })).toMatchObject({ changed: true });
    expect(await run('cat /etc/apt/sources.list.d/mine.list')).toBe(`${repo}\n# a remark\n`);
    await run(`sed -i 2d /etc/apt/sources.list.d/mine.list`);
    expect(await host.run(apt_repository, { repo, state: 'absent' })).toMatchObject({ changed: true });
    expect(await run('ls /etc/apt/sources.list.d')).toBe('');
    expect(await host.run(apt_repository, { repo, state: 'absent' })).toMatchObject({ changed: false });
  });

  test('one that cannot be read is taken back', async () => {
    const repo = 'deb [trusted=yes] file:/nowhere ./';
    expect(await host.run(apt_repository, { repo, update_cache_retries: 1 })).toMatchObject({
      failed: true,
      msg: expect.stringContaining('Failed to update apt cache'),
    });
    expect(await run('ls /etc/apt/sources.list.d')).toBe('');
    expect(await host.run(apt_repository, { repo: 'nonsense' })).toMatchObject({
      msg: 'Invalid repository string: nonsense',
    });
  });

  test('names of files', () => {
    expect(sourceFileName('deb [arch=amd64] https://me:pw@example.org/a-b/ stable main')).toBe('example_org_a_b');
    expect(sourceFileName('ppa:owner/name_jammy')).toBe('ppa_owner_name_jammy');
    const lists = new Map([['/a', parseSourceList('# deb http://x y z # why\n\nfoo\n')]]);
    expect(addSource(lists, 'deb http://x y z', '/b').get('/a')![0]).toMatchObject({ isEnabled: true, comment: 'why' });
  });
});

describe('apt_key', () => {
  test('adds a key from data, finds it again, and removes it', async () => {
    const added = await host.run(apt_key, { data: key.armored });
    const long = key.id.slice(-16);
    expect(added).toMatchObject({ changed: true, fp: long, short_id: key.id.slice(-8), before: [], after: [long] });
    const cost = await host.countRoundTrips(async () => {
      expect(await host.run(apt_key, { id: key.id, url: `${server.url}/none` })).toMatchObject({ changed: false });
    });
    expect(cost).toBe(1);
    expect(await host.run(apt_key, { id: key.id, state: 'absent' }, { check: true })).toMatchObject({ changed: true });
    expect(await host.run(apt_key, { id: key.id, state: 'absent' })).toMatchObject({ changed: true, after: [] });
    expect(await host.run(apt_key, { id: key.id, state: 'absent' })).toMatchObject({ changed: false });
  });

  test('from a URL into a keyring, and what is no key', async () => {
    const args = { url: `${server.url}/key.asc`, keyring: '/etc/apt/trusted.gpg.d/test.gpg' };
    expect(await host.run(apt_key, args)).toMatchObject({ changed: true });
    expect(await host.run(apt_key, args)).toMatchObject({ changed: false });
    expect(await host.run(apt_key, { url: `${server.url}/none` })).toMatchObject({ failed: true });
    expect(await host.run(apt_key, { id: 'xyz', data: key.armored })).toMatchObject({ msg: 'Invalid key_id' });
    expect(await host.run(apt_key, { keyserver: 'x' })).toMatchObject({
      msg: 'Missing key_id, required with keyserver.',
    });
  });

  test('ids', () => {
    expect(parseKeyId('0x0123456789abcdef01')).toEqual({
      whole: '0123456789ABCDEF01',
      compared: '23456789ABCDEF01',
      short: '89ABCDEF'.slice(2) + '01',
    });
    expect(parseKeyId('123')).toBeUndefined();
    expect(
      parseKeyIds('pub   rsa4096/0123456789ABCDEF 2020\nsub   rsa/11 [expired: 2021]\npub:u:255:22:AA:1::'),
    ).toEqual(['0123456789ABCDEF', 'AA']);
  });
});

test('deb822_repository', async () => {
  const args = {
    name: 'My Repo',
    uris: `file:${repository.directory}`,
    suites: './',
    signed_by: `${server.url}/key.asc`,
    trusted: true,
    check_valid_until: false,
  };
  expect(await host.run(deb822_repository, args, { check: true })).toMatchObject({ changed: true });
  expect(await host.run(deb822_repository, args)).toMatchObject({
    changed: true,
    dest: '/etc/apt/sources.list.d/my-repo.sources',
    key_filename: '/etc/apt/keyrings/my-repo.asc',
  });
  expect((await run('cat /etc/apt/sources.list.d/my-repo.sources')).split('\n').sort()).toEqual([
    '',
    'Check-Valid-Until: no',
    'Signed-By: /etc/apt/keyrings/my-repo.asc',
    'Suites: ./',
    'Trusted: yes',
    'Types: deb',
    `URIs: file:${repository.directory}`,
    'X-Repolib-Name: My Repo',
  ]);
  expect(await run('apt-get update 2>&1 >/dev/null; cat /etc/apt/keyrings/my-repo.asc')).toBe(key.armored);
  expect(await host.run(deb822_repository, args)).toMatchObject({ changed: false });
  expect(await host.run(deb822_repository, { ...args, mode: '0600' })).toMatchObject({ changed: true });
  expect(await host.run(deb822_repository, { ...args, signed_by: key.armored })).toMatchObject({ changed: true });
  expect(await run('cat /etc/apt/sources.list.d/my-repo.sources')).toContain('Signed-By:\n    -----BEGIN PGP');
  expect(await host.run(deb822_repository, { ...args, signed_by: key.armored })).toMatchObject({ changed: false });
  expect(await host.run(deb822_repository, { name: 'My Repo', state: 'absent' })).toMatchObject({ changed: true });
  expect(await host.run(deb822_repository, { name: 'My Repo', state: 'absent' })).toMatchObject({ changed: false });
});

test('debconf', async () => {
  const args = { name: 'tzdata', question: 'tzdata/Areas', vtype: 'select', value: 'Asia' };
  await host.run(debconf, { ...args, value: 'Europe' });
  expect(await host.run(debconf, args, { check: true })).toMatchObject({ changed: true });
  expect(await host.run(debconf, args, { diff: true })).toMatchObject({
    changed: true,
    current: { 'tzdata/Areas': 'Asia' },
    previous: { 'tzdata/Areas': 'Europe' },
  });
  const cost = await host.countRoundTrips(async () => {
    const same = await host.run(debconf, args);
    expect(same).toMatchObject({ changed: false, current: { 'tzdata/Areas': 'Asia' } });
  });
  expect(cost).toBe(1);
  expect(await host.run(debconf, { name: 'tzdata' })).toMatchObject({ changed: false });
});

test('dpkg_selections', async () => {
  const before = (await run('dpkg --get-selections dash')).trim().split(/\s+/)[1]!;
  expect(await host.run(dpkg_selections, { name: 'dash', selection: 'hold' })).toEqual({
    changed: true,
    before,
    after: 'hold',
  });
  expect(await host.run(dpkg_selections, { name: 'dash', selection: 'hold' })).toMatchObject({ changed: false });
  expect(await run('dpkg --get-selections dash')).toMatch(/hold$/m);
});

test('package finds the manager', async () => {
  await host.run(apt_repository, { repo: repository.source });
  expect(
    await host.run(packageModule, { name: 'muster-x', state: 'present', install_recommends: false }),
  ).toMatchObject({
    changed: true,
  });
  const variables = { ansible_facts: new Map([['pkg_mgr', 'apt']]) };
  const cost = await host.countRoundTrips(async () => {
    expect(await host.run(packageModule, { name: 'muster-x', state: 'present' }, { variables })).toMatchObject({
      changed: false,
    });
  });
  expect(cost).toBe(1);
  expect(await host.run(packageModule, { name: 'muster-x', state: 'absent', use: 'apt' })).toMatchObject({
    changed: true,
  });
});

test('a host is as it was', async () => {
  expect(await readFile('/etc/apt/sources.list', 'utf8').catch(() => '')).not.toContain('muster');
});
