import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTwins, type Twins } from '../../test/support/twins.ts';
import { readShadow } from './shared/accounts/entries.ts';
import { isHashed } from './shared/accounts/password.ts';
import user from './user.ts';

// Both work on copies of this machine that are thrown away; Ansible's own module shows what is right.
let twins: Twins;
beforeAll(async () => {
  twins = await openTwins();
  await twins.prepare('groupadd -g 4001 dev; groupadd -g 4002 ops; mkdir /etc/myskel; echo hi >/etc/myskel/.hi');
}, 30_000);
afterAll(() => twins.close());

const same = async (module: unknown, name: string, args: Record<string, unknown>): Promise<void> => {
  const ours = await twins.ours.run(module, args);
  const theirs = await twins.ansible(name, args);
  const { ansible_facts: _facts, stderr_lines: _lines, stdout_lines: _more, ...expected } = theirs;
  // A failure tells of its command beyond what Ansible's tells.
  const { failed, msg, name: who, rc } = expected;
  if (failed) expect(ours).toMatchObject({ failed, msg, name: who, ...(rc === undefined ? {} : { rc }) });
  else expect(ours).toEqual(expected);
  const state = await twins.look(
    "cat /etc/passwd /etc/group /etc/shadow; find /home /srv /deep -printf '%M %u %g %p %l\\n' 2>/dev/null | sort",
  );
  expect(state.ours).toEqual(state.theirs);
};

const hash = `$6$salt$${'a'.repeat(86)}`;

describe('user', () => {
  it.each([
    { name: 'anna', comment: 'Anna', uid: 4100, groups: ['dev'], shell: '/bin/bash', password: hash },
    { name: 'anna', groups: ['ops'], append: true },
    { name: 'anna', groups: ['ops'], password_lock: true, expires: 1_422_403_387 },
    { name: 'anna', groups: '', password_lock: false, expires: -1, home: '/srv/anna', move_home: true },
    { name: 'anna', password: '!', password_expire_max: 30, password_expire_min: 2, group: 'dev' },
    { name: 'bob', home: '/deep/er/bob', skeleton: '/etc/myskel', system: true },
    { name: 'zoe', uid: 0 },
    { name: 'anna', state: 'absent', remove: true },
  ])('does what Ansible does with %j', (args) => same(user, 'user', args), 30_000);

  it('changes nothing in one round trip when all is right', async () => {
    const args = { name: 'carl', groups: ['dev', 'ops'], shell: '/bin/sh', password: hash };
    expect(await twins.ours.run(user, args, { check: true })).toMatchObject({ changed: true });
    expect(await twins.ours.run(user, args)).toMatchObject({ changed: true, password: 'NOT_LOGGING_PASSWORD' });
    expect(await twins.ours.countRoundTrips(() => twins.ours.run(user, args))).toBe(1);
    expect(await twins.ours.run(user, args)).toMatchObject({ changed: false, groups: 'dev,ops' });
  });

  it('makes an ssh key, also with a passphrase, once', async () => {
    const args = { name: 'dora', generate_ssh_key: true, ssh_key_type: 'ed25519', ssh_key_passphrase: 'very $ecret' };
    const made = await twins.ours.run(user, args);
    expect(made).toMatchObject({ changed: true, ssh_key_file: '/home/dora/.ssh/id_ed25519' });
    expect(made.ssh_public_key).toMatch(/^ssh-ed25519 .* ansible-generated on /);
    expect(made.ssh_fingerprint).toMatch(/^256 SHA256:/);
    const again = await twins.ours.run(user, args);
    expect(again).toMatchObject({ changed: false, ssh_public_key: made.ssh_public_key });
    const { ours } = await twins.look(
      "stat -c '%U %a' /home/dora/.ssh /home/dora/.ssh/id_ed25519; ssh-keygen -y -P 'very $ecret' -f /home/dora/.ssh/id_ed25519",
    );
    expect(ours).toContain('dora 700\ndora 600\nssh-ed25519 ');
    expect(JSON.stringify(made)).not.toContain('ecret');
  });

  it('tells hashes from plain passwords', () => {
    for (const good of [hash, '!', '*', '$2b$12$abcdefghijklmnopqrstuu', '$1$x$0123456789012345678901'])
      expect(isHashed(good)).toBe(true);
    for (const bad of ['secret', '$6$salt$short', 'a:b', '$6$x$'.padEnd(91, '!')]) expect(isHashed(bad)).toBe(false);
  });

  it('reads shadow entries', () => {
    expect(readShadow('x:!:1:0:99999:7:::')).toEqual({ password: '!', minimum: 0, maximum: 99999, expires: -1 });
  });
});
