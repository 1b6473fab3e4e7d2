import { beforeAll, describe, expect, it } from 'vitest';
import { hostForAllTests } from '../../../../test/support/hosts.ts';
import { OverlayTransport } from '../../../../test/support/overlay-transport.ts';
import { raw } from '../../../connection/index.ts';
import group from '../../group.ts';
import user from '../../user.ts';

// A copy of this machine without the commands of shadow; those of busybox only write down what they are told.
const host = hostForAllTests(() => OverlayTransport.open());
const sh = async (command: string): Promise<string> => String((await host.target.run(raw(command))).stdout);
const told = async (): Promise<string[]> => {
  const log = await sh('cat /told 2>/dev/null; rm -f /told');
  return log.split('\n').filter((line) => line !== '');
};

beforeAll(async () => {
  await sh(`cd /usr/sbin; rm -f useradd usermod userdel groupadd groupmod groupdel adduser addgroup deluser delgroup chpasswd
for name in adduser addgroup deluser delgroup; do printf '#!/bin/sh\\necho "%s $*" >>/told\\n' $name >$name; done
printf '[ $# = 2 ] || echo "$#" >/dev/null\\nfor last; do :; done; case $* in -D*) echo "$last:x:4500:100::/tmp:/bin/sh" >>/etc/passwd;; esac\\n' >>adduser
printf 'for last; do :; done; echo "$last:x:4600:" >>/etc/group\\n' >>addgroup
printf '#!/bin/sh\\necho "chpasswd $* $(cat)" >>/told\\n' >chpasswd
chmod +x adduser addgroup deluser delgroup chpasswd
printf 'dev:x:4001:\\nops:x:4002:pat\\n' >>/etc/group`);
}, 30_000);

describe('accounts on busybox', () => {
  it('makes users and groups', async () => {
    expect(await host.run(group, { name: 'team', gid: 4600, system: true })).toMatchObject({
      changed: true,
      gid: 4600,
    });
    const args = {
      name: 'kim',
      uid: 4500,
      comment: 'Kim K',
      shell: '/bin/sh',
      groups: ['dev', 'ops'],
      password: '$1$x$abc',
    };
    expect(await host.run(user, args)).toMatchObject({ changed: true, uid: 4500, home: '/tmp' });
    expect(await told()).toEqual([
      'addgroup -g 4600 -S team',
      'adduser -D -u 4500 -g Kim K -s /bin/sh kim',
      'chpasswd -e kim:$1$x$abc',
      'adduser kim dev',
      'adduser kim ops',
    ]);
  });

  it('changes membership and the number of a group, and tells what it cannot change', async () => {
    await sh('echo "pat:x:4501:100::/tmp:/bin/sh" >>/etc/passwd');
    expect(await host.run(user, { name: 'pat', groups: ['dev'], shell: '/bin/ash' })).toMatchObject({ changed: true });
    expect(await told()).toEqual(['adduser pat dev', 'delgroup pat ops']);
    expect(host.warnings.join()).toContain('has no usermod to change (-s)');
    expect(await host.run(group, { name: 'dev', gid: 4002 })).toMatchObject({ failed: true, msg: "gid '4002' in use" });
    expect(await host.run(group, { name: 'dev', gid: 4003 })).toMatchObject({ changed: true, gid: 4003 });
    expect(await sh('grep ^dev: /etc/group')).toBe('dev:x:4003:\n');
  });

  it('removes users and groups', async () => {
    expect(await host.run(user, { name: 'pat', state: 'absent', remove: true })).toMatchObject({ changed: true });
    expect(await host.run(group, { name: 'team', state: 'absent' })).toMatchObject({ changed: true });
    expect(await told()).toEqual(['deluser --remove-home pat', 'delgroup team']);
  });
});
