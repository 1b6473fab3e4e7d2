import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { hostForEachTest } from '../../test/support/hosts.ts';
import { openModuleHost, type Tools } from '../../test/support/module-host.ts';
import { runAnsible } from '../../test/support/oracle.ts';
import yumRepository from './yum_repository.ts';

const present = `# a comment
[base]
name = Base
BaseUrl=http://one/
  http://two/
enabled = 1

[extra]
name: Extra
`;

describe.each<Tools>(['gnu', 'busybox'])('yum_repository (%s)', (tools) => {
  const host = hostForEachTest(tools);
  beforeEach(async () => {
    await mkdir(join(host.directory, 'ours'));
  });
  const run = (args: object, options = {}) =>
    host.run(yumRepository, { reposdir: join(host.directory, 'ours'), ...args }, options);
  const file = (name: string) => readFile(join(host.directory, 'ours', `${name}.repo`), 'utf8');
  const epel = { name: 'epel', description: 'Extra packages', baseurl: ['http://a/', 'http://b/'], gpgcheck: true };

  it('adds, changes and removes a repository, and predicts it', async () => {
    expect(await run(epel, { check: true, diff: true })).toMatchObject({ changed: true });
    await expect(file('epel')).rejects.toThrow(/ENOENT/);
    expect(await run({ ...epel, mode: '0640' }, { diff: true })).toMatchObject({
      changed: true,
      repo: 'epel',
      state: 'present',
      diff: { before: '', after: '[epel]\nbaseurl = http://a/\nhttp://b/\ngpgcheck = 1\nname = Extra packages\n\n' },
    });
    expect(await file('epel')).toBe(
      '[epel]\nbaseurl = http://a/\n\thttp://b/\ngpgcheck = 1\nname = Extra packages\n\n',
    );
    expect((await stat(join(host.directory, 'ours/epel.repo'))).mode & 0o777).toBe(0o640);
    expect(await run(epel)).toMatchObject({ changed: false });
    expect(await run({ ...epel, gpgcheck: false })).toMatchObject({ changed: true });
    expect(await run({ name: 'epel', state: 'absent' })).toMatchObject({ changed: true, state: 'absent' });
    await expect(file('epel')).rejects.toThrow(/ENOENT/);
    expect(await run({ name: 'epel', state: 'absent' })).toMatchObject({ changed: false });
  });

  it('refuses what cannot be', async () => {
    expect(await run({ name: 'x', description: 'X' })).toMatchObject({
      failed: true,
      msg: "Parameter 'baseurl', 'metalink' or 'mirrorlist' is required.",
    });
    expect(await run({ name: 'x', baseurl: 'http://x/' })).toMatchObject({
      failed: true,
      msg: "Parameter 'description' is required.",
    });
    const missing = await run({ ...epel, reposdir: '/no/such' });
    expect(missing).toMatchObject({ failed: true, msg: "Repo directory '/no/such' does not exist." });
  });
});

it('writes the same files as Ansible beside other repositories', async () => {
  const host = await openModuleHost();
  try {
    const folders = { ours: join(host.directory, 'ours'), theirs: join(host.directory, 'theirs') };
    for (const folder of Object.values(folders)) {
      await mkdir(folder);
      await writeFile(join(folder, 'all.repo'), present);
    }
    const steps: Record<string, unknown>[] = [
      { name: 'base', description: 'Base', baseurl: 'http://one/', enabled: false, exclude: ['a', 'b*'], async: true },
      { name: 'base', description: 'Base', baseurl: 'http://one/', enabled: false, exclude: ['a', 'b*'], async: true },
      { name: 'new', description: 'New', mirrorlist: 'http://m/', gpgkey: ['k1', 'k2'], keepcache: '1', priority: 3 },
      { name: 'extra', state: 'absent' },
      { name: 'base', state: 'absent' },
      { name: 'new', state: 'absent' },
    ];
    for (const step of steps) {
      const mine = await host.run(yumRepository, { ...step, file: 'all', reposdir: folders.ours });
      const its = await runAnsible('ansible.builtin.yum_repository', {
        ...step,
        file: 'all',
        reposdir: folders.theirs,
      });
      expect([mine.changed, mine.repo, mine.state], JSON.stringify(its)).toEqual([its.changed, its.repo, its.state]);
      expect((mine.diff as { after: string }).after).toBe((its.diff as { after: string }).after);
      const text = (folder: string) => readFile(join(folder, 'all.repo'), 'utf8').catch(() => 'none');
      expect(await text(folders.ours)).toBe(await text(folders.theirs));
    }
  } finally {
    await host.close();
  }
}, 60_000);
