import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFakeHost } from '../../test/support/fake-commands.ts';
import { folderForEachTest } from '../../test/support/folders.ts';
import { openTwins, type Twins } from '../../test/support/twins.ts';
import hostname from './hostname.ts';

const folder = folderForEachTest('muster-hostname-');

let twins: Twins;
beforeAll(async () => {
  twins = await openTwins();
  await twins.prepare(`mkdir -p /etc/sysconfig /etc/conf.d
printf 'A=1\\nHOSTNAME=old\\n' >/etc/sysconfig/network; printf '# c\\nhostname="old"\\n' >/etc/conf.d/hostname`);
}, 30_000);
afterAll(() => twins.close());

describe('hostname', () => {
  it.each([
    { name: 'new.example.org' },
    { name: 'x', use: 'redhat' },
    { name: 'x', use: 'openrc' },
    { name: 'x', use: 'sles' },
  ])(
    'does what Ansible does with %j',
    async (args) => {
      const { diff: _diff, ...theirs } = await twins.ansible('hostname', args);
      expect(await twins.ours.run(hostname, args)).toEqual(theirs);
      const state = await twins.look('cat /etc/hostname /etc/sysconfig/network /etc/conf.d/hostname /etc/HOSTNAME');
      expect(state.ours).toEqual(state.theirs);
    },
    30_000,
  );

  it('sees in one round trip that the name is right', async () => {
    const args = { name: 'new.example.org' };
    expect(await twins.ours.countRoundTrips(() => twins.ours.run(hostname, args))).toBe(1);
    expect(await twins.ours.run(hostname, args, { diff: true })).toMatchObject({ changed: false });
  });

  it('sets both names by hostnamectl, the permanent one first', async () => {
    const host = await openFakeHost(folder.path, {
      hostnamectl: `case "$*" in
"--static status") cat "$FAKE/static" 2>/dev/null || echo old;; "--transient status") echo old;;
*) echo "$@" >>"$FAKE/log";; esac`,
    });
    expect(await host.run(hostname, { name: 'web', use: 'systemd' }, { diff: true })).toMatchObject({
      changed: true,
      name: 'web',
      diff: [{ before: 'hostname = old\n', after: 'hostname = web\n' }],
      ansible_facts: { ansible_hostname: 'web', ansible_nodename: 'web' },
    });
    expect(await readFile(folder.at('log'), 'utf8')).toBe(
      '--pretty --static set-hostname web\n--transient set-hostname web\n',
    );
    expect(await host.run(hostname, { name: 'a'.repeat(65), use: 'systemd' })).toMatchObject({ failed: true });
    await host.close();
  });
});
