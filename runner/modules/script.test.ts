import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ModuleHost, openModuleHost } from '../../test/support/module-host.ts';
import { sh } from '../connection/index.ts';
import script from './script.ts';

let host: ModuleHost;
describe.each(['gnu', 'busybox'] as const)('with %s tools', (tools) => {
  beforeAll(async () => {
    host = await openModuleHost(tools);
    await writeFile(
      join(host.directory, 'hello.sh'),
      '#!/bin/sh\necho "hello $1" "$2"\npwd\necho err >&2\nexit ${3:-0}\n',
    );
    await writeFile(join(host.directory, 'with space.sh'), '#!/bin/bash\necho "$BASH"\n');
    await writeFile(join(host.directory, 'plain.txt'), 'echo "by $0"');
    await writeFile(join(host.directory, 'big.sh'), `#!/bin/sh\necho big\nexit 0\n${'#'.repeat(200_000)}`);
  });
  afterAll(() => host.close());

  test('runs a script of the controller with arguments, and leaves nothing', async () => {
    await host.target.temporaryDirectory();
    const cost = await host.countRoundTrips(async () => {
      expect(await host.run(script, { cmd: 'hello.sh \'a  b\' "$((1+1))"', chdir: '/usr' })).toEqual({
        changed: true,
        rc: 0,
        stdout: 'hello a  b 2\n/usr\n',
        stdout_lines: ['hello a  b 2', '/usr'],
        stderr: 'err\n',
        stderr_lines: ['err'],
      });
    });
    expect(cost).toBe(1);
    const { stdout } = await host.target.run(sh`ls ${await host.target.temporaryDirectory()}`);
    expect(stdout.toString()).toBe('');
  });

  test('a failure', async () => {
    expect(await host.run(script, { cmd: 'hello.sh a b 3' })).toMatchObject({
      failed: true,
      rc: 3,
      msg: 'non-zero return code',
    });
  });

  test('a name with spaces, another interpreter, a large script', async () => {
    expect(await host.run(script, { cmd: "'with space.sh'" })).toMatchObject({ stdout: '/bin/bash\n' });
    expect(await host.run(script, { cmd: 'with\\ space.sh' })).toMatchObject({ stdout: '/bin/bash\n' });
    const result = await host.run(script, { cmd: 'plain.txt', executable: 'sh' });
    expect(result).toMatchObject({ stdout: expect.stringMatching(/^by .*plain\.txt\n$/) });
    expect(await host.run(script, { cmd: 'big.sh' })).toMatchObject({ stdout: 'big\n' });
  });

  test('creates, removes and check mode', async () => {
    expect(await host.run(script, { cmd: 'hello.sh', creates: '/etc' })).toEqual({
      changed: false,
      skipped: true,
      msg: '/etc exists, matching creates option',
    });
    expect(await host.run(script, { cmd: 'hello.sh', removes: '/nope' })).toMatchObject({
      msg: '/nope does not exist, matching removes option',
    });
    expect(await host.run(script, { cmd: 'hello.sh', removes: '/etc' })).toMatchObject({ changed: true });
    expect(await host.run(script, { cmd: 'hello.sh' }, { check: true })).toMatchObject({ skipped: true });
    expect(await host.run(script, { cmd: 'hello.sh', creates: '/nope' }, { check: true })).toEqual({ changed: true });
    expect(await host.run(script, { cmd: 'hello.sh', creates: '/etc' }, { check: true })).toMatchObject({
      skipped: true,
    });
    expect(await host.run(script, { cmd: 'hello.sh', chdir: 'etc' })).toMatchObject({
      msg: 'chdir etc must be an absolute path for a Unix-aware remote node',
    });
  });
});
