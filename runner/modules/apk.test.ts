import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFakeHost } from '../../test/support/fake-commands.ts';
import type { ModuleHost } from '../../test/support/module-host.ts';
import apk from './apk.ts';

// Says what was recorded from apk-tools 2.14.10; `nano` can be installed, is upgraded where a file says so, and `.deps` is virtual.
const fake = `
echo "$*" >>"$FAKE/log"
case "$*" in
*--simulate*) simulated=1;;
esac
case "$*" in
*'info --installed nano'*) [ -e "$FAKE/nano" ] && echo nano-7.2-r1 && exit 0; exit 1;;
*'info --installed .deps'*) echo .deps-20261122.025151; exit 0;;
*'info --installed '*) exit 1;;
*'version '*) echo 'Installed:                                Available:'
  case $* in *' nano') [ -e "$FAKE/nano" ] || exit 0;; *) exit 0;; esac
  if [ -e "$FAKE/newer" ]; then echo 'nano-7.2-r1                             < 8.0-r0 '; else echo 'nano-7.2-r1                             = 7.2-r1 '; fi;;
*'info --description .deps'*) echo '.deps: virtual meta package';;
*'info --depends .deps'*) echo '.deps: nano vim ';;
*'info --'*) exit 1;;
*update*) [ ! -e "$FAKE/offline" ] || { echo 'ERROR: temporary error' >&2; exit 1; }; echo 'OK: 24 distinct packages available';;
*upgrade*) [ -e "$FAKE/newer" ] || { echo 'OK: 8 MiB in 16 packages'; exit 0; }
  echo '(1/1) Upgrading nano (7.2-r1 -> 8.0-r0)'; echo 'OK: 9 MiB in 16 packages'; [ "$simulated" ] || rm -f "$FAKE/newer";;
*' nosuch'*) printf 'ERROR: unable to select packages:\\n  nosuch (no such package):\\n    required by: world[nosuch]\\n' >&2; exit 1;;
*add*) echo '(1/1) Installing nano (7.2-r1)'; echo 'OK: 9 MiB in 17 packages'
  [ "$simulated" ] || { : >"$FAKE/nano"; rm -f "$FAKE/newer"; echo nano >>"$FAKE/world"; };;
*del*) if [ -e "$FAKE/needed" ]; then printf 'World updated, but the following packages are not removed due to:\\n  nano: .deps\\n\\nOK: 9 MiB in 17 packages\\n'; exit; fi
  echo '(1/1) Purging nano (7.2-r1)'; echo 'OK: 8 MiB in 16 packages'
  [ "$simulated" ] || { rm -f "$FAKE/nano"; : >"$FAKE/world"; };;
esac`;

let folder: string;
let host: ModuleHost;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-apk-'));
  host = await openFakeHost(folder, { apk: fake });
  await writeFile(join(folder, 'world'), 'alpine-base\n');
});
afterEach(async () => {
  await host.close();
  await rm(folder, { recursive: true });
});
const run = (args: object, options = {}) => host.run(apk, { world: join(folder, 'world'), ...args }, options);
const last = async () => (await readFile(join(folder, 'log'), 'utf8')).trim().split('\n').at(-1);

describe('apk, with recorded output', () => {
  it('installs, upgrades and removes, and predicts it', async () => {
    expect(await run({ name: 'nano' }, { check: true })).toMatchObject({
      changed: true,
      msg: 'installed nano package(s)',
      packages: ['nano'],
    });
    expect(await last()).toBe('add --simulate nano');
    expect(await run({ name: 'nano' })).toMatchObject({ changed: true, packages: ['nano'] });
    expect(await run({ name: 'nano' })).toEqual({ changed: false, msg: 'package(s) already installed' });
    expect(await run({ name: 'nano', state: 'latest' })).toMatchObject({ changed: false });
    await writeFile(join(folder, 'newer'), '');
    expect(await run({ name: 'nano', state: 'latest' })).toMatchObject({ changed: true });
    expect(await last()).toBe('add --upgrade nano');
    expect(await run({ name: ['nano', 'other'], state: 'absent' })).toMatchObject({
      changed: true,
      msg: 'removed nano package(s)',
    });
    expect(await run({ name: 'nano', state: 'removed' })).toEqual({
      changed: false,
      msg: 'package(s) already removed',
    });
  });

  it('upgrades what a virtual package stands for', async () => {
    for (const name of ['nano', 'newer']) await writeFile(join(folder, name), '');
    await writeFile(join(folder, 'world'), 'nano\n.deps\n');
    expect(await run({ name: '.deps', state: 'latest' })).toMatchObject({ changed: true });
    expect(await last()).toBe('add --upgrade nano');
    // A version that was named is never an old one.
    await writeFile(join(folder, 'newer'), '');
    await writeFile(join(folder, 'world'), 'nano=7.2-r1\n');
    expect(await run({ name: 'nano=7.2-r1', state: 'latest' })).toMatchObject({ changed: false });
  });

  it('upgrades everything, and refreshes the indexes', async () => {
    expect(await run({ upgrade: true })).toMatchObject({ changed: false, msg: 'packages already upgraded' });
    await writeFile(join(folder, 'newer'), '');
    expect(await run({ upgrade: true, available: true })).toMatchObject({
      changed: true,
      msg: 'upgraded packages',
      packages: ['nano'],
    });
    expect(await last()).toBe('upgrade --available');
    expect(await run({ update_cache: true })).toMatchObject({ changed: true, msg: 'updated repository indexes' });
    await run({ update_cache: true, no_cache: true, repository: ['http://r/'] });
    expect(await last()).toBe('--no-cache --repository http://r/ --repositories-file /dev/null update');
  });

  it('tells the command, its exit code and its outputs when it fails', async () => {
    expect(await run({ name: 'nosuch' })).toMatchObject({
      failed: true,
      msg: 'failed to install nosuch',
      cmd: 'apk add nosuch',
      rc: 1,
      stdout: '',
      stderr: expect.stringContaining('no such package'),
    });
    await writeFile(join(folder, 'nano'), '');
    await writeFile(join(folder, 'needed'), '');
    expect(await run({ name: 'nano', state: 'absent' })).toMatchObject({
      failed: true,
      msg: 'failed to remove nano package(s)',
      stdout: expect.stringContaining('are not removed'),
    });
    await writeFile(join(folder, 'offline'), '');
    expect(await run({ update_cache: true })).toMatchObject({
      failed: true,
      msg: 'could not update package db',
      stderr: 'ERROR: temporary error\n',
    });
  });
});
