import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ModuleHost, openModuleHost } from '../../test/support/module-host.ts';
import { type Channel, LocalTransport, type Transport } from '../connection/index.ts';
import dnf from './dnf.ts';
import { compareRpmVersions, parseTransaction } from './shared/packages/rpm/index.ts';

// What dnf 4.14 and yum 3.4 wrote on real hosts.
const installedOutput = `Last metadata expiration check: 0:00:01 ago on Sat Nov 21 17:05:17 2026.
Dependencies resolved.
================================================================================
 Package              Architecture        Version          Repository      Size
================================================================================
Installing:
 mu-b                 noarch              2-1              t              5.4 k
Installing dependencies:
 mu-lib               noarch              1-1              t              5.4 k

Transaction Summary
================================================================================
Install  2 Packages

Total size: 16 k
Installed size: 0  
Downloading Packages:
Running transaction check
Transaction check succeeded.
Running transaction test
Transaction test succeeded.
Running transaction
  Preparing        :                                                        1/1 
  Installing       : mu-lib-1-1.noarch                                      1/2 
  Installing       : mu-b-2-1.noarch                                        2/2 
  Verifying        : mu-b-2-1.noarch                                        1/2 
  Verifying        : mu-lib-1-1.noarch                                      2/2 

Installed:
  mu-b-2-1.noarch         mu-lib-1-1.noarch        

Complete!
`;
const removedOutput = `Dependencies resolved.
================================================================================
 Package             Architecture       Version            Repository      Size
================================================================================
Removing:
 mu-b                noarch             2-1                @t               0  

Transaction Summary
================================================================================
Remove  1 Package

Freed space: 0  
Running transaction check
Transaction check succeeded.
Running transaction test
Transaction test succeeded.
Running transaction
  Preparing        :                                                        1/1 
  Erasing          : mu-b-2-1.noarch                                        1/1 
  Verifying        : mu-b-2-1.noarch                                        1/1 

Removed:
  mu-b-2-1.noarch         

Complete!
`;
const upgradedOutput = installedOutput
  .replaceAll('Installing:', 'Upgrading:')
  .replace('\nInstalled:\n', '\nUpgraded:\n');
const assumeNoOutput = `${installedOutput.slice(0, installedOutput.indexOf('Downloading'))}Operation aborted.\n`;
const nothingOutput = 'Dependencies resolved.\nNothing to do.\nComplete!\n';
const oldYumOutput = `Resolving Dependencies
--> Finished Dependency Resolution

Running transaction check
Running transaction test
Transaction test succeeded
Running transaction
  Installing : tree-1.6.0-10.el7.x86_64                                     1/1 
  Verifying  : tree-1.6.0-10.el7.x86_64                                     1/1 

Installed:
  tree.x86_64 0:1.6.0-10.el7          vim-enhanced.x86_64 2:7.4.629-8.el7_9

Dependency Installed:
  gpm-libs.x86_64 0:1.20.7-6.el7

Complete!
`;

/** This machine with a made-up rpm and dnf in front. */
class FakeTools implements Transport {
  readonly #local = new LocalTransport();
  readonly #bin: string;
  constructor(bin: string) {
    this.#bin = bin;
  }
  exec(command: string): Promise<Channel> {
    return this.#local.exec(`PATH='${this.#bin}':$PATH; export PATH; ${command}`);
  }
  forward(to: { path: string } | { host: string; port: number }): ReturnType<Transport['forward']> {
    return this.#local.forward(to);
  }
  close(): Promise<void> {
    return this.#local.close();
  }
}

let host: ModuleHost;
let bin: string;

beforeAll(async () => {
  bin = await mkdtemp(join(tmpdir(), 'muster-dnf-'));
  const tool = async (name: string, text: string) => {
    await writeFile(join(bin, name), `#!/bin/sh\n${text}`);
    await chmod(join(bin, name), 0o755);
  };
  // Answers queries by name from a list, as `rpm -q` does.
  await tool(
    'rpm',
    `by=; rc=0
for word in "$@"; do case $word in
  --whatprovides) by=1 ;;
  -*|*%{*) ;;
  *) if [ -n "$by" ]; then grep -qx -- "$word" '${bin}/provides' || rc=1
     else awk -v w="$word" -F'\\t' '{ split($1 "|" $1 "-" $3 "|" $1 "-" $3 "-" $4, f, "|"); for (i in f) if (w == f[i] || w == f[i] "." $5) { print; found = 1 } } END { exit !found }' '${bin}/packages' || { echo "package $word is not installed"; rc=1; }; fi ;;
esac; done
exit $rc`,
  );
  await tool(
    'dnf',
    `printf '%s\\n' "$*" >>'${bin}/calls'
cat '${bin}/reply'
read -r rc <'${bin}/rc'; exit "$rc"`,
  );
  host = await openModuleHost(new FakeTools(bin));
});
afterAll(async () => {
  await host.close();
  await rm(bin, { recursive: true });
});
beforeEach(async () => {
  await writeFile(join(bin, 'packages'), 'mu-a\t0\t1.2\t1\tnoarch\nmu-b\t0\t2\t1\tnoarch\n');
  await writeFile(join(bin, 'provides'), 'mu-virtual\n/usr/bin/mu\n');
  await answer(nothingOutput);
});
const answer = async (reply: string, code = 0) => {
  await writeFile(join(bin, 'calls'), '');
  await writeFile(join(bin, 'reply'), reply);
  await writeFile(join(bin, 'rc'), `${code}\n`);
};
const calls = async () => (await readFile(join(bin, 'calls'), 'utf8')).split('\n').filter((line) => line !== '');

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

  test('installs what is missing', async () => {
    await answer(installedOutput);
    expect(await host.run(dnf, { name: 'mu-a,mu-c', enablerepo: 'x', disable_gpg_check: true })).toEqual({
      changed: true,
      rc: 0,
      msg: '',
      results: ['Installed: mu-b-2-1.noarch', 'Installed: mu-lib-1-1.noarch'],
    });
    expect(await calls()).toEqual(['-y --enablerepo=x --nogpgcheck install mu-c']);
  });

  test('an older version only where that is allowed', async () => {
    expect(await host.run(dnf, { name: 'mu-a-1.0' })).toMatchObject({ changed: false });
    expect(await calls()).toEqual([]);
    await answer(installedOutput);
    await host.run(dnf, { name: 'mu-a-1.0', allow_downgrade: true });
    await host.run(dnf, { name: 'mu-a-1.10' });
    expect(await calls()).toEqual(['-y install mu-a-1.0', '-y install mu-a-1.10']);
  });

  test('latest upgrades what is there and installs the rest', async () => {
    await answer(upgradedOutput);
    expect(await host.run(dnf, { name: ['mu-a', 'mu-c'], state: 'latest', security: true })).toMatchObject({
      changed: true,
      results: expect.arrayContaining(['Installed: mu-b-2-1.noarch']),
    });
    expect(await calls()).toEqual(['-y install mu-c', '-y --security upgrade mu-a']);
    await answer(nothingOutput);
    expect(await host.run(dnf, { name: '*', state: 'latest' })).toMatchObject({ changed: false });
    await host.run(dnf, { name: ['mu-a', 'mu-c'], state: 'latest', update_only: true });
    expect(await calls()).toEqual(['-y upgrade', '-y upgrade mu-a']);
  });

  test('removes what is there', async () => {
    await answer(removedOutput);
    expect(await host.run(dnf, { name: ['mu-b', 'nosuch'], state: 'absent' })).toMatchObject({
      changed: true,
      results: ['Removed: mu-b-2-1.noarch'],
    });
    expect(await calls()).toEqual(['-y --setopt=clean_requirements_on_remove=False remove mu-b']);
    expect(await host.run(dnf, { name: 'nosuch', state: 'absent' })).toMatchObject({ changed: false });
    expect(await host.run(dnf, { autoremove: true })).toMatchObject({ changed: true });
    expect((await calls()).at(-1)).toBe('-y autoremove');
  });

  test('check mode asks dnf what it would do', async () => {
    await answer(assumeNoOutput, 1);
    expect(await host.run(dnf, { name: 'mu-c' }, { check: true })).toMatchObject({
      changed: true,
      results: ['Installed: mu-b-2-1.noarch', 'Installed: mu-lib-1-1.noarch'],
    });
    expect(await calls()).toEqual(['--assumeno install mu-c']);
  });

  test('what cannot be found', async () => {
    await answer('No match for argument: nosuch\nError: Unable to find a match: nosuch\n', 1);
    expect(await host.run(dnf, { name: 'nosuch' })).toMatchObject({
      failed: true,
      rc: 1,
      msg: 'Failed to install some of the specified packages',
      failures: ['No package nosuch available.'],
      results: [],
    });
    await answer('Error: \n Problem: conflicting requests\n  - nothing provides x needed by mu-c-1-1.noarch\n', 1);
    expect(await host.run(dnf, { name: 'mu-c' })).toMatchObject({
      msg: expect.stringMatching(/^Depsolve Error occurred: .*nothing provides x/s),
    });
  });

  test('the cache, and arguments that say nothing', async () => {
    expect(await host.run(dnf, { update_cache: true })).toMatchObject({ changed: false, msg: 'Cache updated' });
    expect(await calls()).toEqual(['-y --refresh makecache']);
    // Its lists have defaults, which count as given.
    expect(await host.run(dnf, {})).toMatchObject({ changed: false, msg: 'Nothing to do' });
  });
});

test("the old yum's lists", () => {
  expect(parseTransaction(oldYumOutput, '').installed).toEqual([
    'tree-1.6.0-10.el7.x86_64',
    'vim-enhanced-2:7.4.629-8.el7_9.x86_64',
    'gpm-libs-1.20.7-6.el7.x86_64',
  ]);
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
