import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTwins, type Twins } from '../../test/support/twins.ts';
import serviceFacts from './service_facts.ts';
import { runsByStatus } from './shared/services/init-status.ts';
import {
  listFromChkconfig,
  listFromOpenrc,
  listFromSysv,
  listFromUnits,
  type Services,
} from './shared/services/lists.ts';
import sysvinit from './sysvinit.ts';

// A service with an init script, and update-rc.d that makes the links, in both copies of this machine.
const prepare = `cat >/etc/init.d/web <<'X'
#!/bin/sh
case $1 in
status) [ -e /run/web.up ] && { echo "web is running"; exit 0; }; echo "web is stopped"; exit 3;;
start) : >/run/web.up; echo "Starting $2";; stop) rm -f /run/web.up;; reload) echo reloaded;; *) exit 2;;
esac
X
chmod +x /etc/init.d/web; mkdir -p /etc/rc2.d /etc/rc3.d
cat >/usr/sbin/update-rc.d <<'X'
#!/bin/sh
case $2 in defaults|enable) [ -z "$3" ] && set -- "$1" "$2" 2 3; n=$1; shift 2; for l in "$@"; do ln -sf ../init.d/$n /etc/rc$l.d/S01$n; done;;
disable) rm -f /etc/rc?.d/S01$1;; esac
X
chmod +x /usr/sbin/update-rc.d
printf '#!/bin/sh\\ns=$1; shift; exec /etc/init.d/$s "$@"\\n' >/usr/sbin/service; chmod +x /usr/sbin/service`;

let twins: Twins;
beforeAll(async () => {
  twins = await openTwins();
  await twins.prepare(prepare);
}, 30_000);
afterAll(() => twins.close());

describe('sysvinit', () => {
  it.each([
    { name: 'web', state: 'started', enabled: true, arguments: 'now' },
    { name: 'web', state: 'started', enabled: true },
    { name: 'web', state: 'reloaded' },
    { name: 'web', state: 'restarted', sleep: 0 },
    { name: 'web', state: 'stopped', enabled: false },
    { name: 'web', enabled: true, runlevels: ['3'] },
    { name: 'nope', state: 'started' },
  ])(
    'does what Ansible does with %j',
    async (args) => {
      const ours = await twins.ours.run(sysvinit, args);
      // A key that has no name stands in Ansible's result when no state was asked for.
      const theirs = JSON.parse(JSON.stringify(await twins.ansible('sysvinit', args))) as Record<string, never>;
      const { changed, name, status, failed, msg } = theirs;
      delete (status as Record<string, unknown> | undefined)?.null;
      expect(ours).toEqual(failed ? { failed, msg } : { changed, name, status });
      const state = await twins.look('ls /etc/rc?.d/*web /run/web.up 2>/dev/null');
      expect(state.ours).toEqual(state.theirs);
    },
    30_000,
  );
});

describe('service_facts', () => {
  it('lists the services that a host without systemd has', async () => {
    await twins.prepare(
      `printf '#!/bin/sh\\n[ "$1" = --status-all ] && printf " [ + ]  web\\\\n [ - ]  idle\\\\n"\\n' >/usr/sbin/service`,
    );
    const ours = await twins.ours.run(serviceFacts, {});
    expect(ours.ansible_facts).toEqual({
      services: {
        web: { name: 'web', state: 'running', source: 'sysv' },
        idle: { name: 'idle', state: 'stopped', source: 'sysv' },
      },
    });
  });

  const answer = (stdout: string, code = 0) => ({ stdout, stderr: '', code });
  const context = { warn: (message: string) => expect.unreachable(message) };

  it('reads what systemctl prints', () => {
    const services: Services = {};
    listFromUnits(
      services,
      answer(
        '  UNIT LOAD ACTIVE SUB DESCRIPTION\n  cron.service loaded active running Regular jobs\n● bad.service loaded failed failed Broken\n● gone.service not-found inactive dead gone.service\n  once.service loaded active exited Once\n',
      ),
      answer(
        'UNIT FILE STATE PRESET\ncron.service enabled enabled\nbad.service enabled enabled\nidle.service disabled enabled\ntmpl@.service static -\n',
      ),
      answer(
        'Id=idle.service\nNames=idle.service other.service\nActiveState=inactive\n\nId=cron.service\nNames=cron.service\nActiveState=active\n',
      ),
      context,
    );
    expect(services).toEqual({
      'cron.service': { name: 'cron.service', state: 'running', status: 'enabled', source: 'systemd' },
      'bad.service': { name: 'bad.service', state: 'stopped', status: 'failed', source: 'systemd' },
      'gone.service': { name: 'gone.service', state: 'stopped', status: 'not-found', source: 'systemd' },
      'once.service': { name: 'once.service', state: 'stopped', status: 'active', source: 'systemd' },
      'idle.service': { name: 'idle.service', state: 'inactive', status: 'disabled', source: 'systemd' },
      'tmpl@.service': { name: 'tmpl@.service', state: 'unknown', status: 'static', source: 'systemd' },
    });
  });

  it('reads what the older tools print', () => {
    const services: Services = {};
    listFromOpenrc(services, answer(' sshd  started\n crond stopped\n'), answer(' sshd | default boot\n crond |\n'));
    listFromChkconfig(services, answer('0 ntpd  0:off 1:off 2:on 3:on 4:on 5:on 6:off|\n'), context);
    listFromSysv(services, answer('', 4), false, context);
    expect(services).toEqual({
      sshd: { name: 'sshd', runlevels: ['default', 'boot'], state: 'started', source: 'openrc' },
      crond: { name: 'crond', runlevels: null, state: 'stopped', source: 'openrc' },
      ntpd: { name: 'ntpd', state: 'running', status: 'enabled', source: 'sysv' },
    });
  });

  it('tells from words and codes whether a service runs', () => {
    const said = (stdout: string, code: number) => runsByStatus('web', answer(stdout, code));
    expect(said('web is running', 0)).toBe(true);
    expect(said('web is not running', 0)).toBe(false);
    expect(said('', 3)).toBe(false);
    expect(said('line\nline\nline\n', 0)).toBe(true);
    expect(said('who knows', 99)).toBeUndefined();
  });
});
