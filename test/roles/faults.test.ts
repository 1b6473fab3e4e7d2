import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ClusterLab, openClusterLab, type Played } from './cluster-lab.ts';
import { goodToken, serveInstallers } from './installers.ts';
import { isRequired, lackingForClusters, titled } from './needs.ts';

const playbook = 'playbooks/slapos_comp1.yml';
const path = 'slapos/svc/comp1';
const minutes = 60_000;
const lacking = await lackingForClusters();

describe.runIf(isRequired || lacking.length === 0)(
  titled('slapos_comp1 on two hosts, with the stand-in for OpenSVC, goes on after', lacking),
  { timeout: 4 * minutes },
  () => {
    let cluster: ClusterLab;
    let variables: Record<string, unknown>;
    const before: [bigint, bigint][] = [];
    beforeAll(async () => {
      cluster = await openClusterLab(2);
      variables = serveInstallers(cluster);
    }, 5 * minutes);
    afterAll(() => cluster?.close(), minutes);

    const play = (extra: Record<string, unknown> = {}, options: readonly string[] = []): Promise<Played> =>
      cluster.play(playbook, { ...variables, ...extra }, options);
    const fails = async (extra: Record<string, unknown>, message: RegExp): Promise<void> => {
      const { code, stdout, stderr } = await play(extra);
      expect(code, stdout + stderr).toBe(2);
      expect(stdout.replace(/\s+/g, ' ')).toMatch(message);
      expect(stdout + stderr).not.toMatch(/\n\s+at .*\.ts:\d+/);
    };
    const members = (host: string): Promise<string> => cluster.on(host, 'om cluster get --kw cluster.nodes');

    /** When re6st ran on a host, as pairs of times. */
    const timesOf = async (host: string): Promise<[bigint, bigint][]> => {
      const lines = (await cluster.lab.exec(host, 'cat /var/log/re6stnet.times')).stdout
        .trim()
        .split('\n')
        .filter(Boolean);
      const spans: [bigint, bigint][] = [];
      for (const line of lines) {
        const [what, at] = line.split(' ') as [string, string];
        if (what === 'start') spans.push([BigInt(at), BigInt(Number.MAX_SAFE_INTEGER) ** 2n]);
        else if (spans.length > 0) spans.at(-1)![1] = BigInt(at);
      }
      return spans;
    };

    test('a mirror that is unreachable', async () => {
      await fails(
        { opensvc_cluster_agent_url: 'http://127.0.0.1:9/agent.deb' },
        /Connection refused|cannot connect|Request failed/,
      );
      await fails({ opensvc_cluster_packages: ['no-such-package'] }, /No package matching 'no-such-package'/);
      expect((await cluster.lab.exec('web1', 'command -v om')).code).toBe(1);
    });

    test('a secret that is wrong', async () => {
      await fails(
        { opensvc_cluster_secret: 'not-the-secret' },
        /web2 cannot join web1: web1 refuses the secret of opensvc_cluster_secret/,
      );
      expect(await members('web2')).toBe('web2\n');
      expect(await cluster.on('web2', 'om daemon status --format json')).toContain('"frozen": 0');
    });

    test('a node that is frozen while it joins', async () => {
      await cluster.on('web1', 'echo 3 >/var/lib/opensvc/standin/slow');
      const run = cluster.begin(playbook, { ...variables, opensvc_cluster_join_limit: 8 });
      await run.says('Join the first node]');
      await cluster.lab.freeze('web2');
      const { code, stdout } = await run.done;
      await cluster.lab.thaw('web2');
      expect(code, stdout).toBe(2);
      expect(stdout.replace(/\s+/g, ' ')).toMatch(
        /web2 cannot join web1: no answer within 8 s\. See that both nodes run/,
      );
      await cluster.on('web1', 'rm /var/lib/opensvc/standin/slow');
    });

    test('a disk that is too small', async () => {
      await fails(
        { comp1_size: '900t' },
        /web\d: \/opt has .* free, and slapos\/svc\/comp1 needs 900\.00 TB.*Nothing was changed/,
      );
      expect(await members('web2')).toBe('web1 web2\n');
      // The agent itself refuses what the role did not look at.
      await fails(
        { comp1_size: '900t', ha_service_space: {} },
        /is not provisioned: .*provision failed.*No space left on device/,
      );
    });

    test('a connection that is cut while the service is provisioned', async () => {
      for (const host of ['web1', 'web2']) await cluster.on(host, 'echo 4 >/var/lib/opensvc/standin/slow');
      const run = cluster.begin(playbook, variables);
      await run.says('is provisioned on all nodes and up on one]');
      const cut = "systemctl stop ssh; pkill -f '[s]shd: root@notty'; sleep 15; systemctl start ssh";
      await cluster.lab.exec('web1', `systemd-run --quiet sh -c ${JSON.stringify(cut)}`);
      const { code, stdout, stderr } = await run.done;
      expect(code, stdout + stderr).toBe(2);
      expect(stdout).toContain('UNREACHABLE!');
      await expect.poll(async () => (await cluster.lab.exec('web1', 'true')).code, { timeout: minutes }).toBe(0);
      for (const host of ['web1', 'web2']) await cluster.on(host, 'rm /var/lib/opensvc/standin/slow');
    });

    test('a token that is refused', async () => {
      await fails(
        { re6st_token: 'stale' },
        /the registry .* gives no certificate: invalid or expired token\. Look at re6st_token/,
      );
      const said = await play({ slapos_token: 'stale', re6st_token: 'stale-2' });
      expect(said.stdout + said.stderr).not.toContain('stale-2 is');
    });

    test('a service that does not start on the second node', async () => {
      await cluster.on('web2', 'touch /etc/broken');
      await fails({}, /re6st does not start on web2: .*app#0: start: exit code 1/);
      await cluster.on('web2', 'rm /etc/broken');
    });

    test('the end of the controller between two moves', async () => {
      const run = cluster.begin(playbook, variables);
      await run.says('Have the service on the first node again]');
      await run.kill();
      const where = await cluster.on('web2', `om ${path} print status --format json`);
      expect(JSON.parse(where)).toMatchObject({ avail: 'up' });
    });

    test('all of this, and ends well', async () => {
      const { code, stdout, stderr } = await play();
      expect(code, stdout + stderr).toBe(0);
      expect(stdout).toMatch(/slapos\/svc\/comp1: up"/);
      expect(stdout).toMatch(/task#chkaddip .*@60m/);
      const again = await play();
      expect([again.code, again.changed], again.stdout).toEqual([0, { web1: 0, web2: 0 }]);
      const root = '/srv/comp1.slapos.svc.demo';
      expect(await cluster.on('web1', `cat ${root}/slapos/etc/opt/slapos/slapos.cfg`)).toContain(
        `computer_xml = ${root}/slapos/slapos.xml`,
      );
      expect(await cluster.on('web1', `grep ^state ${root}/re6st/etc/re6stnet/re6stnet.conf`)).toBe(
        `state ${root}/re6st/state\n`,
      );
      expect(await cluster.on('web1', 'systemctl is-enabled re6stnet; true')).toBe('masked\n');
      expect((await cluster.lab.exec('web2', 'test -e /etc/cron.d/slapos-node')).code).toBe(1);
      expect(await cluster.on('web1', `grep -rl ${goodToken} /etc /var/lib/ha_service || true`)).toBe('');
    });

    test('a disk that is still being synchronized, by not touching it', async () => {
      const drbdadm =
        'case $1 in cstate) cat /run/cstate ;; status) echo "$2 role:Primary"; echo "peer-disk:Inconsistent done:83.90" ;; esac';
      await cluster.on('web1', 'echo SyncSource >/run/cstate');
      await cluster.on(
        'web1',
        `printf '%s\n' '#!/bin/sh' '${drbdadm}' >/usr/local/bin/drbdadm; chmod 755 /usr/local/bin/drbdadm`,
      );
      const move = (limit: number): Promise<Played> =>
        cluster.play('playbooks/ha_switch.yml', { ha_hosts: 'all', to: 'web2', ha_service_sync_limit: limit });
      const { code, stdout } = await move(5);
      expect(code, stdout).toBe(2);
      expect(stdout).toMatch(
        /After 5 s a disk of slapos\/svc\/comp1 is still being synchronized.* comp1\.slapos\.svc\.demo role:Primary .*done:83\.90/,
      );
      const where = async (): Promise<string> => await cluster.on('web1', `om ${path} print status --format json`);
      expect(JSON.parse(await where())).toMatchObject({ avail: 'up' });
      await cluster.on('web1', 'echo Connected >/run/cstate');
      expect((await move(5)).code).toBe(0);
      expect((await cluster.play('playbooks/ha_giveback.yml', { ha_hosts: 'all' })).code).toBe(0);
      await cluster.on('web1', 'rm /usr/local/bin/drbdadm');
    });

    test('the loss of a node, which a new one replaces', async () => {
      before.push(...(await timesOf('web1')));
      await cluster.lab.powerOff('web1');
      // Cut off from its power it noted no end.
      before.at(-1)![1] = BigInt(Date.now()) * 1_000_000n;
      const taken = await cluster.play('playbooks/ha_takeover.yml', { ...variables, ha_hosts: 'all', to: 'web2' });
      expect(taken.code, taken.stdout + taken.stderr).toBe(0);
      await cluster.lab.freshen('web1');
      const { code, stdout, stderr } = await play();
      expect(code, stdout + stderr).toBe(0);
      expect(await members('web1')).toBe('web1 web2\n');
      expect(JSON.parse(await cluster.on('web1', `om ${path} print status --format json`))).toMatchObject({
        avail: 'up',
      });
      expect((await play()).changed).toEqual({ web1: 0, web2: 0 });
    });

    test('and never ran on two nodes at once', async () => {
      // The first host is a new one by now, and has only what came after.
      const [first, second] = [[...before, ...(await timesOf('web1'))], await timesOf('web2')];
      expect(first.length).toBeGreaterThan(0);
      expect(second.length).toBeGreaterThan(0);
      for (const [start, stop] of first) {
        for (const [from, to] of second)
          expect(stop <= from || to <= start, `${start}-${stop} and ${from}-${to}`).toBe(true);
      }
    });

    test('and takes everything away again', async () => {
      const away = await play({ comp1_state: 'absent' });
      expect(away.code, away.stdout + away.stderr).toBe(0);
      expect((await cluster.lab.exec('web1', 'ls -d /usr/bin/om /etc/opensvc /srv/comp1.*')).stdout).toBe('');
      expect((await play({ comp1_state: 'absent' })).changed).toEqual({ web1: 0, web2: 0 });
    });
  },
);
