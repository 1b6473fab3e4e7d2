import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openFakeHost } from '../../test/support/fake-commands.ts';
import type { ModuleHost } from '../../test/support/module-host.ts';
import dnf from './dnf.ts';
import { compareRpmVersions, plannedTransaction, readComplaints } from './shared/packages/rpm/index.ts';

// What dnf does to hosts, and what is told of it, is compared with Ansible in test/twins. Here: what it is asked for.
const commands = {
  // Answers queries by name from a list, as `rpm -q` does, and prints the list.
  rpm: `by=; rc=0
for word in "$@"; do case $word in
  -qa) cat "$FAKE/packages"; exit ;;
  --whatprovides) by=1 ;;
  -*|*%{*) ;;
  *) if [ -n "$by" ]; then grep -qx -- "$word" "$FAKE/provides" || rc=1
     else awk -v w="$word" -F'\\t' '{ split($1 "|" $1 "-" $3 "|" $1 "-" $3 "-" $4, f, "|"); for (i in f) if (w == f[i] || w == f[i] "." $5) { print; found = 1 } } END { exit !found }' "$FAKE/packages" || { echo "package $word is not installed"; rc=1; }; fi ;;
esac; done
exit $rc`,
  dnf: `printf '%s\\n' "$*" >>"$FAKE/calls"
case "$*" in *--enablerepo=never*) echo "Error: Unknown repo: 'never'" >&2; exit 1;; esac
cat "$FAKE/reply"
[ ! -e "$FAKE/after" ] || cp "$FAKE/after" "$FAKE/packages"
read -r rc <"$FAKE/rc"; exit "$rc"`,
};

let host: ModuleHost;
let folder: string;
const file = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-dnf-'));
  host = await openFakeHost(folder, commands);
});
afterAll(async () => {
  await host.close();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  await writeFile(file('packages'), 'mu-a\t0\t1.2\t1\tnoarch\nmu-b\t0\t2\t1\tnoarch\n');
  await writeFile(file('provides'), 'mu-virtual\n/usr/bin/mu\n');
  await rm(file('after'), { force: true });
  await answer('Dependencies resolved.\nNothing to do.\nComplete!\n');
});
const answer = async (reply: string, code = 0) => {
  await writeFile(file('calls'), '');
  await writeFile(file('reply'), reply);
  await writeFile(file('rc'), `${code}\n`);
};
/** The options of each run that are not there always. */
const calls = async () =>
  (await readFile(file('calls'), 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) =>
      line.replace(/--setopt=(clean_requirements_on_remove=False|gpgcheck=True|localpkg_gpgcheck=True) /g, ''),
    );

describe('dnf', () => {
  test('what rpm knows to be installed needs no dnf, in one round trip', async () => {
    await host.run(dnf, { name: 'mu-a' });
    const cost = await host.countRoundTrips(async () => {
      const names = ['mu-a', 'mu-a-1.2', 'mu-a-1.2-1.noarch', 'mu-virtual', '/usr/bin/mu', 'mu-b.noarch'];
      expect(await host.run(dnf, { name: names })).toEqual({
        changed: false,
        rc: 0,
        msg: 'Nothing to do',
        results: [],
      });
    });
    expect(cost).toBe(1);
    expect(await calls()).toEqual([]);
  });

  test('tells what came and went, by the lists of packages', async () => {
    await writeFile(file('after'), 'mu-a\t1\t1.0\t1\tnoarch\nmu-b\t0\t2\t1\tnoarch\ngpg-pubkey\t0\t1\t2\t(none)\n');
    await answer('Complete!\n');
    expect(await host.run(dnf, { name: 'mu-c' })).toEqual({
      changed: true,
      rc: 0,
      msg: '',
      results: ['Installed: mu-a-1:1.0-1.noarch', 'Removed: mu-a-1.2-1.noarch'],
    });
  });

  test('checks signatures unless told otherwise, of files too', async () => {
    await host.run(dnf, { name: 'mu-c' });
    expect(await readFile(file('calls'), 'utf8')).toBe(
      '-y --setopt=clean_requirements_on_remove=False --setopt=gpgcheck=True --setopt=localpkg_gpgcheck=True install mu-c\n',
    );
    await answer('');
    await host.run(dnf, { name: 'mu-a,mu-c', enablerepo: 'x', disable_gpg_check: true });
    expect(await calls()).toEqual(['-y --enablerepo=x --nogpgcheck install mu-c']);
  });

  test('an older version only where that is allowed, if a release is named', async () => {
    expect(await host.run(dnf, { name: 'mu-a-1.0-1' })).toMatchObject({ changed: false });
    expect(await calls()).toEqual([]);
    await host.run(dnf, { name: 'mu-a-1.0-1', allow_downgrade: true });
    await host.run(dnf, { name: 'mu-a-1.0' });
    expect(await calls()).toEqual(['-y install mu-a-1.0-1', '-y install mu-a-1.0']);
  });

  test('latest upgrades what is named and installs the best of the rest', async () => {
    await host.run(dnf, { name: ['mu-a', 'mu-c', 'mu-virtual', 'mu*'], state: 'latest', security: true });
    expect(await calls()).toEqual(['-y --best install mu-c mu-virtual mu*', '-y --best --security upgrade mu-a']);
    await answer('');
    await host.run(dnf, { name: '*', state: 'latest' });
    const result = await host.run(dnf, { name: ['mu-a', 'mu-c'], state: 'latest', update_only: true });
    expect(result.results).toEqual(['Packages providing mu-c not installed due to update_only specified']);
    expect(await calls()).toEqual(['-y upgrade', '-y upgrade mu-a']);
  });

  test('removes what is there, and what is not needed any more', async () => {
    await host.run(dnf, { name: ['mu-b', 'nosuch'], state: 'absent' });
    expect(await host.run(dnf, { name: 'nosuch', state: 'absent' })).toMatchObject({ changed: false });
    await host.run(dnf, { name: 'nosuch', state: 'absent', autoremove: true });
    const clean = '--setopt=clean_requirements_on_remove=True';
    expect(await calls()).toEqual(['-y remove mu-b', `-y ${clean} autoremove`]);
    expect(await host.run(dnf, { name: '/tmp/a.rpm', state: 'absent' })).toMatchObject({
      failed: true,
      msg: 'Cannot remove paths -- please specify package name.',
    });
  });

  test('a repository that there is not does not count', async () => {
    await host.run(dnf, { name: 'mu-c', disablerepo: '*', enablerepo: ['never', 'x'] });
    expect(await calls()).toEqual([
      '-y --disablerepo=* --enablerepo=never --enablerepo=x install mu-c',
      '-y --disablerepo=* --enablerepo=x install mu-c',
    ]);
  });

  test('the cache, and arguments that say nothing', async () => {
    expect(await host.run(dnf, { update_cache: true })).toMatchObject({ changed: false, msg: 'Cache updated' });
    expect(await calls()).toEqual(['-y --refresh makecache']);
    // Its lists have defaults, which count as given.
    expect(await host.run(dnf, {})).toMatchObject({ changed: false, msg: 'Nothing to do' });
  });
});

// Recorded from dnf 4.14 on Debian.
const table = `Dependencies resolved.
================================================================================
 Package              Architecture      Version            Repository      Size
================================================================================
Upgrading:
 lab-epoch            noarch            1:2.0-1            lab            6.0 k
Installing:
 lab-new              noarch            1.0-1              lab            6.1 k
     replacing  lab-old.noarch 1.0-1
Installing group/module packages:
 lab-base             noarch            1.0-1              lab            6.0 k
Installing Groups:
 Lab Tools                                                                     
Removing dependent packages:
 lab-app              noarch            1.1-1              @lab             4  

Transaction Summary
================================================================================
Install  2 Packages
Upgrade  1 Package

Total size: 12 k
`;

test('tells the command that failed', async () => {
  await answer('why\n', 3);
  expect(await host.run(dnf, { name: 'mu-c', disable_gpg_check: true })).toMatchObject({
    failed: true,
    cmd: 'dnf -y --nogpgcheck --setopt=clean_requirements_on_remove=False install mu-c',
    rc: 3,
    stdout: 'why\n',
  });
});

test('the table of what would be done', () => {
  const known = (name: string, epoch: string) => ({ name, epoch, version: '1.0', release: '1', arch: 'noarch' });
  expect(plannedTransaction(table, [known('lab-epoch', '1'), known('lab-old', '0')])).toEqual({
    installed: ['lab-epoch-1:2.0-1.noarch', 'lab-new-1.0-1.noarch', 'lab-base-1.0-1.noarch'],
    removed: ['lab-epoch-1:1.0-1.noarch', 'lab-old-1.0-1.noarch', 'lab-app-1.1-1.noarch'],
  });
});

test('complaints', () => {
  const complaints = readComplaints(
    'No match for argument: lab-never\nAll matches were filtered out by exclude filtering for argument: lab-extra\n',
    'Error: Unable to find a match: lab-never lab-extra\n',
  );
  expect([...complaints.unmatched]).toEqual([
    ['lab-never', 'No package lab-never available.'],
    ['lab-extra', 'lab-extra All matches were filtered out by exclude filtering for argument: lab-extra'],
  ]);
  expect(complaints.error).toBe('Unable to find a match: lab-never lab-extra');
});

test('versions are ordered as rpm orders them', () => {
  const ordered = ['1.0~rc1', '1.0', '1.0^git1', '1.0.a', '1.0.1', '1.2', '1.10', '2.0'];
  for (let index = 1; index < ordered.length; index++) {
    const [left, right] = [ordered[index - 1]!, ordered[index]!];
    expect(compareRpmVersions({ epoch: '0', version: left }, { epoch: '0', version: right })).toBeLessThan(0);
    expect(compareRpmVersions({ epoch: '0', version: right }, { epoch: '0', version: left })).toBeGreaterThan(0);
  }
  expect(compareRpmVersions({ epoch: '1', version: '1' }, { epoch: '0', version: '2' })).toBeGreaterThan(0);
});
