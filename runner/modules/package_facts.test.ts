import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ModuleHost, openModuleHost } from '../../test/support/module-host.ts';
import packageFacts from './package_facts.ts';
import { readApk, readApt, readPacman, readRpm } from './shared/facts/installed-packages.ts';

let host: ModuleHost;
beforeAll(async () => {
  host = await openModuleHost();
});
afterAll(() => host.close());

describe('package_facts', () => {
  it('lists what dpkg has installed here', async () => {
    const { ansible_facts: facts } = await host.run(packageFacts, {});
    const packages = (facts as { packages: Record<string, { version: string }[]> }).packages;
    const { stdout } = await promisify(execFile)('dpkg-query', ['-W', '-f', '${Version}', 'dpkg']);
    expect(packages.dpkg).toEqual([
      {
        name: 'dpkg',
        version: stdout,
        arch: expect.any(String),
        category: 'admin',
        origin: expect.any(String),
        source: 'apt',
      },
    ]);
  }, 30_000);

  it('refuses managers that it does not know or find', async () => {
    expect(await host.run(packageFacts, { manager: 'nonsense' })).toMatchObject({
      failed: true,
      msg: 'Unsupported package managers requested: nonsense',
    });
    expect((await host.run(packageFacts, { manager: 'pacman' })).failed).toBe(true);
  });

  it('reads what the managers print', () => {
    expect(
      readApt(
        `amd64\ninstall ok installed\tbash\t5.2\tamd64\tshells\ninstall ok installed\tlibc6\t2.36\ti386\tlibs\ndeinstall ok config-files\told\t1\tall\tmisc\n.\nPackage files:\n 500 http://x/debian b/main amd64 Packages\n     release v=12,o=Debian,a=stable\n.\nbash:\n  Installed: 5.2\n  Version table:\n *** 5.2 500\n        500 http://x/debian b/main amd64 Packages\n        100 /var/lib/dpkg/status\n`,
      ),
    ).toEqual([
      { name: 'bash', version: '5.2', arch: 'amd64', category: 'shells', origin: 'Debian' },
      { name: 'libc6:i386', version: '2.36', arch: 'i386', category: 'libs', origin: '' },
    ]);
    expect(readRpm('kernel\t5.14.0\t1.el9\t(none)\tx86_64\nbind\t9\t2\t32\tnoarch\n')).toEqual([
      { name: 'kernel', version: '5.14.0', release: '1.el9', epoch: null, arch: 'x86_64' },
      { name: 'bind', version: '9', release: '2', epoch: 32, arch: 'noarch' },
    ]);
    expect(readApk('ca-certificates-20230506-r0\n')).toEqual([
      { name: 'ca-certificates', version: '20230506', release: 'r0' },
    ]);
    expect(
      readPacman(
        'Name            : bash\nVersion         : 5.2-1\nArchitecture    : x86_64\nProvides        : sh  x=1\n                  y=2\n\n',
      ),
    ).toEqual([{ name: 'bash', version: '5.2-1', arch: 'x86_64', provides: ['sh', 'x', 'y'] }]);
  });
});
