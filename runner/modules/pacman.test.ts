import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFakeHost } from '../../test/support/fake-commands.ts';
import type { ModuleHost } from '../../test/support/module-host.ts';
import pacman from './pacman.ts';

// What pacman does to hosts is compared with Ansible in test/twins. Here: what it is asked for. This one speaks as pacman 6.0.2
// does on Debian; what is installed stands in a file, a line a package.
const fake = `
echo "$*" >>"$FAKE/log"
case "$*" in
'--query') cat "$FAKE/installed";;
'--query --upgrades') [ -s "$FAKE/upgrades" ] || exit 1; cat "$FAKE/upgrades";;
'--query --explicit') cat "$FAKE/installed";;
'--query --deps') exit 1;;
'--sync --list') cat "$FAKE/database";;
'--sync --groups --groups') echo 'tools mu-a'; echo 'tools mu-b';;
'--sync --refresh'*) [ ! -e "$FAKE/offline" ] || { echo 'error: failed to synchronize all databases' >&2; exit 1; }
  echo ':: Synchronizing package databases...'; [ ! -e "$FAKE/fresh" ] || echo 't mu-c 1-1' >>"$FAKE/database";;
*nosuch*) echo 'error: target not found: nosuch' >&2; exit 1;;
'--sync --print-format %n /x/mu-f.pkg') exit 1;;
'--upgrade --print-format %n /x/mu-f.pkg') echo 'loading packages...'; echo mu-f;;
*'--upgrade --print-format %n %v /x/mu-f.pkg') echo 'loading packages...'; echo 'mu-f 3-1';;
*'--remove'*'--print-format %n-%v'*) echo mu-a-1-1;;
*'--sync --print-format %n %v'*) for name; do case $name in mu-*) echo "$name 2-1";; esac; done;;
*'--sysupgrade'*) : >"$FAKE/upgrades"; echo 'upgrading mu-a...';;
*'--remove'*) : >"$FAKE/installed"; echo 'removing mu-a...';;
*'--database'*) echo 'mu-a: install reason has been set';;
*'--sync'*|*'--upgrade'*) for name; do case $name in mu-*) echo "$name 2-1" >>"$FAKE/installed"; echo "installing $name...";; esac; done;;
esac`;

let folder: string;
let host: ModuleHost;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-pacman-'));
  host = await openFakeHost(folder, { pacman: fake });
  await writeFile(join(folder, 'installed'), 'base 3-1\n');
  await writeFile(join(folder, 'database'), 't mu-a 2-1\nt mu-b 2-1\nt base 3-1 [installed]\n');
});
afterEach(async () => {
  await host.close();
  await rm(folder, { recursive: true });
});
const run = (args: Record<string, unknown>, options = {}) => host.run(pacman, args, options);
const log = async () => (await readFile(join(folder, 'log'), 'utf8')).trim().split('\n');

describe('pacman', () => {
  it('installs packages, groups and files, and predicts it', async () => {
    expect(await run({ name: 'mu-a' }, { check: true, diff: true })).toEqual({
      changed: true,
      msg: 'Would have installed 1 packages',
      packages: ['mu-a'],
      diff: { before: '', after: 'mu-a-2-1\n' },
    });
    expect(await run({ name: 'mu-a' })).toMatchObject({
      changed: true,
      msg: 'Installed 1 package(s)',
      stdout: 'installing mu-a...\n',
    });
    expect((await log()).at(-1)).toBe('--noconfirm --noprogressbar --needed --sync mu-a');
    expect(await run({ name: 'mu-a' })).toEqual({ changed: false, msg: 'package(s) already installed', packages: [] });
    expect(await run({ name: 'tools' })).toMatchObject({ changed: true, packages: ['mu-b'] });
    expect(await run({ name: '/x/mu-f.pkg' })).toMatchObject({ changed: true, packages: ['mu-f'] });
    await writeFile(join(folder, 'upgrades'), 'mu-a 2-1 -> 3-1\nbase 3-1 -> 4-1 [ignored]\n');
    expect(await run({ name: ['mu-a', 'base'], state: 'latest' })).toMatchObject({ changed: true, packages: ['mu-a'] });
    expect(await run({ name: 'mu-a', reason: 'dependency', reason_for: 'all' })).toMatchObject({ changed: true });
    expect((await log()).at(-1)).toBe('--noconfirm --database --asdeps mu-a');
  });

  it('removes', async () => {
    await writeFile(join(folder, 'installed'), 'mu-a 1-1\n');
    const args = {
      name: ['mu-a', 'nosuch'],
      state: 'absent',
      force: true,
      remove_nosave: true,
      extra_args: '--recursive',
    };
    expect(await run(args, { check: true, diff: true })).toMatchObject({
      changed: true,
      packages: ['mu-a-1-1'],
      diff: { before: 'mu-a-1-1\n', after: '' },
    });
    expect(await run(args)).toMatchObject({ changed: true, msg: 'Removed 1 package(s)' });
    expect((await log()).at(-1)).toBe(
      '--remove --noconfirm --noprogressbar --recursive --nodeps --nodeps --nosave mu-a',
    );
    expect(await run(args)).toMatchObject({ changed: false, msg: 'package(s) already absent' });
  });

  it('refreshes and upgrades everything', async () => {
    expect(await run({ update_cache: true })).toMatchObject({ changed: false, cache_updated: false });
    await writeFile(join(folder, 'fresh'), '');
    expect(await run({ update_cache: true })).toMatchObject({
      changed: true,
      cache_updated: true,
      msg: 'Updated package db',
    });
    expect(await run({ upgrade: true })).toMatchObject({ changed: false, msg: 'Nothing to upgrade' });
    await writeFile(join(folder, 'upgrades'), 'mu-a 2-1 -> 3-1\n');
    expect(await run({ upgrade: true }, { check: true, diff: true })).toMatchObject({
      changed: true,
      packages: ['mu-a'],
      diff: { before: 'mu-a-2-1\n', after: 'mu-a-3-1\n' },
    });
    expect(await run({ upgrade: true })).toMatchObject({ changed: true, msg: 'System upgraded' });
  });

  it('tells the command, its exit code and its outputs when it fails', async () => {
    expect(await run({ name: 'nosuch' })).toMatchObject({
      failed: true,
      msg: 'Failed to list package nosuch',
      cmd: ['pacman', '--upgrade', '--print-format', '%n', 'nosuch'],
      rc: 1,
      stderr: 'error: target not found: nosuch\n',
    });
    await writeFile(join(folder, 'offline'), '');
    expect(await run({ update_cache: true })).toMatchObject({
      failed: true,
      msg: 'could not update package db',
      rc: 1,
    });
  });
});
