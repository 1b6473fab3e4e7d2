import { readFile, rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFakeHost } from '../../test/support/fake-commands.ts';
import { folderForEachTest } from '../../test/support/folders.ts';
import type { ModuleHost } from '../../test/support/module-host.ts';
import seboolean from './seboolean.ts';
import selinux from './selinux.ts';

const folder = folderForEachTest('muster-selinux-');
let host: ModuleHost;
const commands = {
  // What policycoreutils 3.4 and grubby write.
  selinuxenabled: `[ -e "$FAKE/on" ]`,
  getsebool: `[ ! -e "$FAKE/off" ] || { echo 'getsebool:  SELinux is disabled' >&2; exit 1; }
[ "$1" = httpd_enable_homedirs ] || { echo "getsebool:  SELinux boolean $1 does not exist" >&2; exit 255; }
echo "$1 --> $(cat "$FAKE/now")"`,
  setsebool: `echo "$*" >>"$FAKE/log"; [ ! -e "$FAKE/broken" ] || { echo 'Could not change active booleans: Invalid boolean' >&2; exit 1; }
[ "$1" != -P ] || { shift; echo "$2" >"$FAKE/kept"; }; echo "$2" >"$FAKE/now"`,
  semanage: `echo "httpd_enable_homedirs          ($(cat "$FAKE/now")   ,  $(cat "$FAKE/kept"))  Allow httpd to read home directories"`,
  sestatus: `echo 'SELinux status:                 disabled'`,
  grubby: `echo "$*" >>"$FAKE/log"; case $1 in --info*) printf 'index=0\\nargs="ro quiet%s"\\nindex=1\\nargs="ro%s"\\n' "$(cat "$FAKE/one")" "$(cat "$FAKE/two")";; esac`,
};
const set = (files: Record<string, string>): void => {
  for (const [name, text] of Object.entries(files)) folder.write(name, text);
};
const log = async () => (await readFile(folder.at('log'), 'utf8').catch(() => '')).trim().split('\n');

beforeEach(async () => {
  host = await openFakeHost(folder.path, commands);
  set({ on: '', now: 'off\n', kept: 'off\n', one: '', two: '' });
});
afterEach(() => host.close());

describe('seboolean, with output in its format', () => {
  const run = (args: object, options = {}) =>
    host.run(seboolean, { name: 'httpd_enable_homedirs', state: true, ...args }, options);

  it('switches, for now or for good, and predicts it', async () => {
    expect(await run({}, { check: true })).toEqual({
      changed: true,
      name: 'httpd_enable_homedirs',
      state: true,
      persistent: false,
    });
    expect(await run({})).toMatchObject({ changed: true });
    expect(await log()).toEqual(['httpd_enable_homedirs on']);
    expect(await run({})).toMatchObject({ changed: false });
    expect(await run({ persistent: true })).toMatchObject({ changed: true, persistent: true });
    expect((await log()).at(-1)).toBe('-P httpd_enable_homedirs on');
    expect(await run({ persistent: true })).toMatchObject({ changed: false });
    expect(await run({ state: false })).toMatchObject({ changed: true });
  });

  it('says what is wrong', async () => {
    expect(await run({ name: 'nosuch' })).toMatchObject({
      failed: true,
      msg: 'SELinux boolean nosuch does not exist.',
    });
    set({ broken: '' });
    expect(await run({})).toMatchObject({
      failed: true,
      cmd: expect.stringMatching(/\/setsebool httpd_enable_homedirs on$/),
      rc: 1,
      msg: 'Failed to set boolean httpd_enable_homedirs to True: Could not change active booleans: Invalid boolean',
      stderr: 'Could not change active booleans: Invalid boolean\n',
    });
    await rm(folder.at('on'));
    set({ off: '' });
    expect(await run({})).toEqual({ failed: true, msg: 'SELinux is disabled on this host.' });
    expect(await run({ ignore_selinux_state: true })).toEqual({
      failed: true,
      msg: 'Failed to get list of boolean names',
    });
  });
});

describe('selinux, with output in its format', () => {
  const run = (args: object, options = {}) => host.run(selinux, { configfile: folder.at('config'), ...args }, options);
  const config = () => readFile(folder.at('config'), 'utf8');
  beforeEach(() => set({ config: '# SELINUX= is a word\nSELINUX=disabled\nSELINUXTYPE=targeted\n' }));

  it('changes the configuration where SELinux is off, and says that it takes a boot', async () => {
    const args = { state: 'permissive', policy: 'targeted' };
    expect(await run(args, { check: true })).toMatchObject({ changed: true, reboot_required: true });
    expect(await run(args)).toMatchObject({
      changed: true,
      msg: "Config SELinux state changed from 'disabled' to 'permissive'",
      reboot_required: true,
    });
    expect(host.warnings).toContain("Reboot is required to set SELinux state to 'permissive'");
    expect(await config()).toBe('# SELINUX= is a word\nSELINUX=permissive\nSELINUXTYPE=targeted\n');
    expect(await run(args)).toMatchObject({ changed: false, reboot_required: true });
    expect(await run({ state: 'disabled' })).toMatchObject({ changed: true, policy: 'targeted' });
    expect(await run({ state: 'disabled' })).toMatchObject({ changed: false, reboot_required: false });
  });

  it('changes the policy and the parameters of kernels', async () => {
    set({ one: ' selinux=0', 'mls/policy/policy.33': '' });
    expect(await run({ state: 'disabled', policy: 'mls', update_kernel_param: true })).toMatchObject({
      changed: true,
      msg: expect.stringContaining("Kernel SELinux state changed from '<inconsistent>' to 'disabled'"),
    });
    expect((await log()).at(-1)).toBe('--update-kernel=ALL --args=selinux=0');
    expect(await config()).toContain('SELINUXTYPE=mls\n');
    set({ two: ' selinux=0' });
    expect(await run({ state: 'disabled', update_kernel_param: true })).toMatchObject({ changed: false });
  });

  it('says what is wrong', async () => {
    expect((await run({ state: 'enforcing', policy: 'mls' })).msg).toBe('Policy mls does not exist in /etc/selinux/');
    expect((await run({ state: 'enforcing' })).msg).toBe("Policy is required if state is not 'disabled'");
    expect(await run({ state: 'disabled', configfile: '/no/such' })).toMatchObject({
      failed: true,
      msg: 'Unable to find file /no/such',
    });
  });
});
