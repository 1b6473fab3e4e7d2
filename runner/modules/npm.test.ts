import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ModuleHost, openModuleHost } from '../../test/support/module-host.ts';
import { runAnsible } from '../../test/support/oracle.ts';
import npm from './npm.ts';

let host: ModuleHost;
beforeAll(async () => {
  host = await openModuleHost();
  for (const name of ['tool', 'other']) {
    const folder = join(host.directory, name);
    await mkdir(folder);
    await writeFile(join(folder, 'package.json'), JSON.stringify({ name: `muster-${name}`, version: '1.2.3' }));
  }
});
afterAll(async () => {
  await host.close();
});

/** A project that needs one package of this machine, which no registry is asked for. */
const makeProject = async (name: string): Promise<string> => {
  const path = join(host.directory, name);
  await mkdir(path);
  const dependencies = { 'muster-tool': `file:${join(host.directory, 'tool')}` };
  await writeFile(join(path, 'package.json'), JSON.stringify({ name, version: '1.0.0', dependencies }));
  return path;
};
const offline = { registry: 'http://127.0.0.1:9' };

describe('npm', () => {
  it('installs what a project needs, once, and does what Ansible does', async () => {
    const [ours, theirs] = [await makeProject('ours'), await makeProject('theirs')];
    const both = async (args: object, check = false): Promise<unknown[]> => {
      const mine = await host.run(npm, { ...offline, ...args, path: ours }, { check });
      const its = await runAnsible('community.general.npm', { ...offline, ...args, path: theirs }, check ? ['-C'] : []);
      expect(mine.changed, JSON.stringify([mine, its])).toBe(its.changed);
      expect(Boolean(mine.failed)).toBe(Boolean(its.failed));
      return [mine.changed, its.changed];
    };
    expect(await both({}, true)).toEqual([true, true]);
    expect(await both({})).toEqual([true, true]);
    for (const path of [ours, theirs]) {
      expect(JSON.parse(await readFile(join(path, 'node_modules/muster-tool/package.json'), 'utf8')).version).toBe(
        '1.2.3',
      );
    }
    expect(await both({})).toEqual([false, false]);
    expect(await both({ name: 'muster-tool', version: '1.2.3' })).toEqual([false, false]);
    expect(await both({ name: 'muster-tool', state: 'absent' })).toEqual([true, true]);
    expect(await both({ name: 'muster-tool', state: 'absent' })).toEqual([false, false]);
    await rm(ours, { recursive: true });
  }, 300_000);

  it('makes no folder in a check run, and one in a real run', async () => {
    const path = join(host.directory, 'deep/er');
    expect(await host.run(npm, { ...offline, path, name: 'x' }, { check: true })).toEqual({ changed: true });
    await expect(readFile(path)).rejects.toThrow(/ENOENT/);
  }, 60_000);

  it('tells the command, its exit code and its outputs when it fails', async () => {
    const path = await makeProject('broken');
    await writeFile(join(path, 'package.json'), '{ broken');
    const result = await host.run(npm, { ...offline, path, ci: true });
    expect(result).toMatchObject({
      failed: true,
      cmd: expect.stringMatching(/^npm ci/),
      stderr: expect.stringMatching(/npm ERR|npm error/i),
    });
    expect(result.rc).not.toBe(0);
  }, 60_000);

  it('refuses what cannot be, before anything is run', async () => {
    expect(await host.run(npm, { name: 'x' })).toEqual({
      failed: true,
      msg: 'path must be specified when not using global',
    });
    expect(await host.run(npm, { path: '/x', state: 'absent' })).toEqual({
      failed: true,
      msg: 'uninstalling a package is only available for named packages',
    });
    const missing = await host.run(npm, { global: true, executable: '/no/npm' });
    expect(missing.msg).toMatch(/Failed to find required executable "\/no\/npm"/);
  });
});
