import { readFile, symlink } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFakeHost } from '../../test/support/fake-commands.ts';
import { folderForEachTest } from '../../test/support/folders.ts';
import type { ModuleHost } from '../../test/support/module-host.ts';
import lvg from './lvg.ts';

const folder = folderForEachTest('muster-lvg-');
let host: ModuleHost;
beforeEach(async () => {
  const acts = Object.fromEntries(
    ['pvcreate', 'vgcreate', 'vgextend', 'vgreduce', 'vgremove', 'pvresize'].map((name) => [
      name,
      `[ -n "$LVM_SUPPRESS_FD_WARNINGS" ] || echo "File descriptor 10 leaked" >&2
[ ! -e "$FAKE/broken-${name}" ] || { echo "  Cannot do it" >&2; exit 5; }
echo "${name} $*" >>"$FAKE/log"`,
    ]),
  );
  host = await openFakeHost(folder.path, {
    ...acts,
    pvs: 'cat "$FAKE/volumes"',
    vgs: 'cat "$FAKE/groups"',
  });
  for (const name of ['a', 'b', 'c']) folder.write(name, '');
  await symlink('c', folder.at('link'));
  set('', '');
});
afterEach(() => host.close());

/** What the tools tell of the host, as lvm 2.03.16 prints it. */
const set = (volumes: string, groups: string): void => {
  folder.write('volumes', volumes.replaceAll('/', `${folder.path}/`));
  folder.write('groups', groups);
  folder.write('log', '');
};
const log = async () => (await readFile(folder.at('log'), 'utf8')).replaceAll(folder.path, '');
const run = (args: object, options = {}) => host.run(lvg, { vg: 'data', ...args }, options);
const devices = (...names: string[]) => names.map((name) => folder.at(name));
const row = (name: string, group: string, size = 67108864) => `  /${name};${group};${size};62914560;1048576;4194304\n`;

describe('lvg', () => {
  it('makes a group, with options as words', async () => {
    const args = {
      pvs: devices('a', 'link'),
      pesize: '32',
      pv_options: '--dataalignment 1m',
      vg_options: "--addtag 'x y'",
    };
    expect(await run(args, { check: true })).toEqual({ changed: true });
    expect(await log()).toBe('');
    expect(await run(args)).toEqual({ changed: true });
    expect(await log()).toBe(
      'pvcreate --dataalignment 1m -f /a\npvcreate --dataalignment 1m -f /c\nvgcreate --addtag x y -s 32 data /a /c\n',
    );
  });

  it('finds that all is as asked, in one round trip', async () => {
    set(row('a', 'data') + row('link', 'data') + row('b', ''), '  data;0\n  other;2\n');
    const args = { pvs: devices('a', 'c') };
    await run(args);
    expect(await host.countRoundTrips(() => run(args))).toBe(1);
    expect(await run({ ...args, pvresize: true })).toEqual({ changed: false });
  });

  it('extends, reduces and resizes', async () => {
    set(row('a', 'data', 137438953472) + row('c', 'data'), '  data;1\n');
    expect(await run({ pvs: devices('a', 'b'), pvresize: true })).toEqual({ changed: true });
    expect(await log()).toBe('pvresize /a\npvcreate -f /b\nvgextend data /b\nvgreduce --force data /c\n');
  });

  it('removes a group that is empty, or with force', async () => {
    set(row('a', 'data'), '  data;1\n');
    expect(await run({ state: 'absent' })).toMatchObject({
      failed: true,
      msg: 'Refuse to remove non-empty volume group data without force=true',
    });
    expect(await run({ state: 'absent', force: true })).toEqual({ changed: true });
    expect(await log()).toBe('vgremove --force data\n');
    expect(await run({ vg: 'none', state: 'absent' })).toEqual({ changed: false });
  });

  it('says what is wrong', async () => {
    set(row('a', 'other'), '  other;0\n');
    expect(await run({})).toMatchObject({ failed: true, msg: 'No physical volumes given.' });
    expect(await run({ pvs: devices('none') })).toMatchObject({ msg: `Device ${folder.path}/none not found.` });
    expect(await run({ pvs: devices('a') })).toMatchObject({
      msg: `Device ${folder.path}/a is already in other volume group.`,
    });
    folder.write('broken-pvcreate', '');
    expect(await run({ pvs: devices('b', 'c') })).toMatchObject({
      failed: true,
      msg: `Creating physical volume '${folder.path}/b' failed Cannot do it`,
      rc: 5,
      err: '  Cannot do it\n',
    });
  });
});
