import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFakeHost } from '../../test/support/fake-commands.ts';
import { folderForEachTest } from '../../test/support/folders.ts';
import type { ModuleHost } from '../../test/support/module-host.ts';
import acl from './acl.ts';

const folder = folderForEachTest('muster-acl-');
let path: string;
let host: ModuleHost;
beforeEach(async () => {
  path = folder.at('file');
  await writeFile(path, '');
  // Keeps entries in a file, and prints what setfacl and getfacl 2.3.1 do.
  host = await openFakeHost(folder.path, {
    setfacl: `echo "$*" >>"$FAKE/log"
case "$*" in *nosuch*) echo "setfacl: Option -m: Invalid argument near character 6" >&2; exit 2;; esac
test=; act=; entry=
while [ $# -gt 0 ]; do case $1 in --test) test=1;; -m|-x) act=$1; entry=$2; shift;; esac; shift; done
if [ $act = -m ]; then grep -qx "$entry" "$FAKE/acl" && same=1 || same=; else grep -q "^$entry:" "$FAKE/acl" && same= || same=1; fi
if [ "$test" ]; then [ "$same" ] && echo "file: *,*" || echo "file: u::rw-,$entry,g::r--,m::rw-,o::r--,*"; exit; fi
if [ $act = -m ]; then echo "$entry" >>"$FAKE/acl"; else sed -i "/^$entry:/d" "$FAKE/acl"; fi`,
    getfacl: 'echo "getfacl $*" >>"$FAKE/log"; cat "$FAKE/acl"; echo',
  });
  folder.write('acl', 'user::rw-\n');
});
afterEach(() => host.close());
const run = (args: object, options = {}) => host.run(acl, { path, ...args }, options);
const log = (): string => folder.take('log').replaceAll(path, 'PATH');

describe('acl', () => {
  it('tells the list', async () => {
    expect(await run({})).toEqual({ changed: false, msg: 'current acl', acl: ['user::rw-'] });
    expect(log()).toBe('getfacl --omit-header --absolute-names -- PATH\n');
  });

  it('sets and removes an entry, once', async () => {
    const args = { entity: 'joe', etype: 'user', permissions: 'rw-', state: 'present' };
    expect(await run(args, { check: true })).toMatchObject({ changed: true, acl: ['user::rw-'] });
    const set = { changed: true, msg: 'user:joe:rw- is present', acl: ['user::rw-', 'user:joe:rw-'] };
    expect(await run(args)).toEqual(set);
    expect(await host.countRoundTrips(() => run(args))).toBe(1);
    expect(await run(args)).toEqual({ ...set, changed: false });
    const gone = { entity: 'joe', etype: 'user', state: 'absent' };
    expect(await run(gone)).toEqual({ changed: true, msg: 'user:joe is absent', acl: ['user::rw-'] });
    expect(await run(gone)).toMatchObject({ changed: false });
  });

  it('gives the tools all options', async () => {
    const args = { default: true, recursive: true, recalculate_mask: 'no_mask', follow: false };
    await run({ ...args, entity: 'x', etype: 'group', permissions: 'rX', state: 'present' }, { check: true });
    expect(log()).toBe(
      '-d --test --recursive --no-mask --physical -m group:x:rX -- PATH\ngetfacl -d --omit-header --absolute-names --recursive --physical -- PATH\n',
    );
    await run({ entry: 'default:u:joe:rwx', state: 'present' }, { check: true });
    await run({ entry: 'g:x', state: 'absent' }, { check: true });
    expect(
      log()
        .split('\n')
        .filter((line) => !line.startsWith('getfacl')),
    ).toEqual(['-d --test -m user:joe:rwx -- PATH', '--test -x group:x -- PATH', '']);
  });

  it('refuses what does not go together', async () => {
    const wrong: [object, string][] = [
      [{ recursive: true }, "'recursive' MUST NOT be set when 'state=query'."],
      [{ state: 'present', permissions: 'r' }, "'etype' MUST be set when 'state=present'."],
      [{ state: 'absent', etype: 'user' }, "'entity' MUST be set when 'state=absent'."],
      [{ state: 'present', entry: 'u:joe' }, "'entry' MUST have 3 or 4 sections divided by ':' when 'state=present'."],
      [{ state: 'present', entry: 'x:joe:r' }, "'entry' begins with no type of entries: x:joe:r"],
      [{ path: '/no/such' }, 'Path not found or not accessible.'],
      [
        { state: 'present', etype: 'user', entity: 'nosuch', permissions: 'r' },
        'setfacl: Option -m: Invalid argument near character 6',
      ],
    ];
    for (const [args, msg] of wrong) expect(await run(args)).toMatchObject({ failed: true, msg });
  });
});
