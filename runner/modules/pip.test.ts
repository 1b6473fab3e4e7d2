import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ModuleHost, openModuleHost } from '../../test/support/module-host.ts';
import pip from './pip.ts';
import { isSatisfied, meets, parseRequirement, recoverNames } from './shared/packages/index.ts';

describe('requirements', () => {
  test('names that a list took apart', () => {
    expect(recoverNames(['django>1.11.1', '<1.11.3', 'ipaddress', 'simple>1.1.0,<2.0.0'])).toEqual([
      'django>1.11.1,<1.11.3',
      'ipaddress',
      'simple>1.1.0,<2.0.0',
    ]);
    expect(recoverNames(['requests[socks', 'security]>=2', 'x'])).toEqual(['requests[socks,security]>=2', 'x']);
  });

  test.each([
    ['1.0', '==', '1', true],
    ['1.0+local', '==', '1.0', true],
    ['1.4.2', '==', '1.4.*', true],
    ['1.5', '!=', '1.4.*', true],
    ['1.4.5', '~=', '1.4.2', true],
    ['1.5', '~=', '1.4.2', false],
    ['2.0rc1', '<', '2.0', false],
    ['2.0rc1', '<', '2.0rc2', true],
    ['2.0.dev1', '>=', '2.0', false],
    ['2.0.post1', '>', '2.0', false],
    ['2.0.post1', '>=', '2.0', true],
    ['1!1.0', '>', '2.0', true],
    ['1.10', '>', '1.9', true],
  ])('%s %s %s is %s', (version, operator, wanted, expected) => {
    expect(meets(version, operator, wanted)).toBe(expected);
  });

  test('are looked up in what is installed', () => {
    const installed = 'Some.Package==1.2\nother==3\n';
    expect(isSatisfied(parseRequirement('some_package>=1,<2'), installed)).toBe(true);
    expect(isSatisfied(parseRequirement('some-package', '1.3'), installed)).toBe(false);
    expect(isSatisfied(parseRequirement('git+https://example.org/other'), installed)).toBe(false);
    expect(parseRequirement('other', '3').text).toBe('other==3');
    expect(parseRequirement('other', '>=3').text).toBe('other>=3');
  });
});

describe('pip', () => {
  let host: ModuleHost;
  let wheels: string;
  let args: Record<string, unknown>;

  beforeAll(async () => {
    host = await openModuleHost();
    wheels = await mkdtemp(join(tmpdir(), 'muster-wheels-'));
    for (const version of ['1.0', '1.5']) await makeWheel(wheels, 'muster_demo', version);
    await writeFile(join(wheels, 'requirements.txt'), 'muster-demo==1.5\n');
    args = {
      virtualenv: join(host.directory, 'an env'),
      virtualenv_command: 'python3 -m venv',
      extra_args: `--no-index --find-links ${wheels}`,
    };
  });
  afterAll(async () => {
    await host.close();
    await rm(wheels, { recursive: true });
  });

  test('makes the environment, installs, upgrades and removes', async () => {
    const { extra_args: _, ...plain } = args;
    expect(await host.run(pip, { ...plain, name: 'muster-demo' }, { check: true })).toEqual({ changed: true });
    const first = await host.run(pip, { ...args, name: 'muster-demo', version: '1.0' });
    expect(first).toMatchObject({
      changed: true,
      name: ['muster-demo'],
      version: '1.0',
      state: 'present',
      virtualenv: args.virtualenv,
    });
    expect(first.cmd).toEqual([
      `${args.virtualenv}/bin/pip3`,
      ...['install', '--no-index', '--find-links', wheels, 'muster-demo==1.0'],
    ]);
    const cost = await host.countRoundTrips(async () => {
      expect(await host.run(pip, { ...args, name: 'muster-demo' })).toMatchObject({ changed: false });
    });
    expect(cost).toBe(1);
    expect(await host.run(pip, { ...plain, name: 'muster_demo>=1,<2' }, { check: true })).toMatchObject({
      changed: false,
    });
    expect(await host.run(pip, { ...plain, name: 'muster-demo>=1.2' }, { check: true })).toMatchObject({
      changed: true,
    });
    expect(await host.run(pip, { ...args, name: 'muster-demo', state: 'latest' })).toMatchObject({ changed: true });
    const requirements = join(wheels, 'requirements.txt');
    expect(await host.run(pip, { ...args, requirements })).toMatchObject({ changed: false, requirements });
    expect(await host.run(pip, { ...plain, name: 'muster-demo', state: 'absent' }, { check: true })).toMatchObject({
      changed: true,
    });
    expect(await host.run(pip, { ...plain, name: 'muster-demo', state: 'absent' })).toMatchObject({ changed: true });
    expect(await host.run(pip, { ...plain, name: 'muster-demo', state: 'absent' })).toMatchObject({ changed: false });
    expect(await host.run(pip, { ...args, requirements })).toMatchObject({ changed: true });
  }, 60_000);

  test('what goes wrong', async () => {
    const failed = await host.run(pip, { ...args, name: 'muster-nowhere' });
    expect(failed).toMatchObject({ failed: true, msg: expect.stringContaining('No matching distribution found') });
    expect(await host.run(pip, { name: 'x', virtualenv: '/nope/env' })).toMatchObject({
      failed: true,
      msg: expect.stringContaining('Failed to find required executable "virtualenv"'),
    });
    expect(await host.run(pip, { name: 'x', executable: 'no-such-pip' })).toMatchObject({
      msg: 'Unable to find any of no-such-pip to use.  pip needs to be installed.',
    });
    expect(await host.run(pip, { name: ['x', 'y'], version: '1' })).toMatchObject({
      msg: expect.stringContaining("'version' argument is ambiguous"),
    });
    expect(await host.run(pip, { name: 'x>1', version: '1' })).toMatchObject({
      msg: expect.stringContaining("The 'version' argument conflicts"),
    });
  }, 60_000);
});

/** A wheel with nothing in it but its description. */
const makeWheel = async (folder: string, name: string, version: string): Promise<void> => {
  const code = `import sys, zipfile
folder, name, version = sys.argv[1:]
info = f'{name}-{version}.dist-info'
with zipfile.ZipFile(f'{folder}/{name}-{version}-py3-none-any.whl', 'w') as wheel:
    wheel.writestr(f'{name}.py', '')
    wheel.writestr(f'{info}/METADATA', f'Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n')
    wheel.writestr(f'{info}/WHEEL', 'Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
    wheel.writestr(f'{info}/RECORD', f'{name}.py,,\\n{info}/METADATA,,\\n{info}/WHEEL,,\\n{info}/RECORD,,\\n')`;
  execFileSync('python3', ['-c', code, folder, name, version]);
};
