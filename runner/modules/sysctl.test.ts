import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFakeHost } from '../../test/support/fake-commands.ts';
import { folderForEachTest } from '../../test/support/folders.ts';
import type { ModuleHost } from '../../test/support/module-host.ts';
import sysctl from './sysctl.ts';

// Knows one setting, and takes over files that hold nothing else.
const fake = `ignore=; [ "$1" = -e ] && { ignore=1; shift; }
case $1 in
-n) [ "$2" = vm.known ] && cat "$FAKE/kernel"; exit 0;;
-w) echo "$@" >>"$FAKE/log"; echo "\${2#*=}" >"$FAKE/kernel";;
-p) echo "$1" >>"$FAKE/log"
while IFS='=' read -r key value; do case $key in ''|\\#*) ;; vm.known) echo "$value" >"$FAKE/kernel";;
*) [ "$ignore" ] || { echo "sysctl: cannot stat $key" >&2; exit 255; };; esac; done <"$2";;
esac
exit 0`;

const folder = folderForEachTest('muster-sysctl-');
let file: string;
let host: ModuleHost;
beforeEach(async () => {
  file = folder.at('sysctl.conf');
  folder.write('kernel', '1\n');
  host = await openFakeHost(folder.path, { sysctl: fake });
});
afterEach(() => host.close());

const log = async (): Promise<string> => readFile(folder.at('log'), 'utf8').catch(() => '');

describe('sysctl', () => {
  it('writes the file and has it taken over, once', async () => {
    const args = { name: 'vm.known', value: '5', sysctl_file: file };
    expect(await host.run(sysctl, args, { check: true })).toEqual({ changed: true });
    expect(await host.run(sysctl, args)).toEqual({ changed: true });
    expect(await readFile(file, 'utf8')).toBe('vm.known=5\n');
    expect(await readFile(folder.at('kernel'), 'utf8')).toBe('5\n');
    expect(await host.countRoundTrips(() => host.run(sysctl, args))).toBe(1);
    expect(await host.run(sysctl, args)).toEqual({ changed: false });
    expect(await log()).toBe('-p\n');
  });

  it('keeps comments, joins keys that are there twice, and leaves other files alone', async () => {
    await writeFile(file, '# top\nkernel.panic = 3\nvm.x=1\nvm.x=2\n; end\n');
    expect(await host.run(sysctl, { name: 'kernel.panic', state: 'absent', reload: false, sysctl_file: file })).toEqual(
      {
        changed: true,
      },
    );
    expect(await readFile(file, 'utf8')).toBe('# top\nvm.x=1\n; end\n');
    expect(await log()).toBe('');
  });

  it('sets the value in the kernel too when asked', async () => {
    const args = { name: 'vm.known', value: 'yes', sysctl_set: true, reload: false, sysctl_file: file };
    folder.write('kernel', '0\n');
    expect(await host.run(sysctl, args)).toEqual({ changed: true });
    expect(await log()).toBe('-w vm.known=1\n');
    expect(await host.run(sysctl, args)).toEqual({ changed: false });
  });

  it('fails for a key that the kernel does not know, unless told to ignore it', async () => {
    const args = { name: 'vm.nope', value: '1', sysctl_file: file };
    expect(await host.run(sysctl, args)).toMatchObject({
      failed: true,
      msg: 'Failed to reload sysctl: sysctl: cannot stat vm.nope\n',
    });
    expect((await host.run(sysctl, { ...args, ignoreerrors: true })).failed).toBeUndefined();
    expect(await host.run(sysctl, { name: 'vm.nope', sysctl_file: file })).toMatchObject({ failed: true });
  });
});
