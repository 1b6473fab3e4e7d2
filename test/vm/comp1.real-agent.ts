import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openVms, type Vms } from '../lab/vm/vms.ts';
import { serveInstallers } from '../roles/installers.ts';
import { realAgent, servePages, serveRealAgent } from '../roles/pages.ts';
import { titled } from './needs.ts';
import { type Played, playMuster, until } from './play.ts';
import { startWriter } from './writer.ts';

// The agent starts a Python for all that it does, and an emulated processor takes its time for that.
const minutes = 60_000;
const limitMs = 90 * minutes;
const folder = '/srv/comp1.slapos.svc.demo';

// One story in order: each test goes on from where the one before it ended.
describe(titled(`slapos_comp1 on two virtual machines, with DRBD and the agent of ${realAgent}`), () => {
  let vms: Vms;
  let closePages: (() => void) | undefined;
  let variables: Record<string, unknown>;

  beforeAll(async () => {
    vms = await openVms();
    const { pages, port, close } = await servePages();
    closePages = close;
    const url = `http://10.0.2.2:${port}`;
    const others = await serveRealAgent(pages, realAgent!);
    variables = {
      ...serveInstallers({ pages, url }),
      comp1_install_drbd: true,
      comp1_size: '128m',
      comp1_limit: 1800,
      ha_service_limit: 1800,
      opensvc_cluster_agent_url: `${url}/agent.deb`,
      opensvc_cluster_packages: ['psmisc'],
      opensvc_cluster_address: '{{ private_address }}',
      opensvc_cluster_heartbeat_timeout: '60s',
      opensvc_cluster_join_limit: 600,
      opensvc_cluster_wait_limit: 600,
      ha_hosts: 'all',
    };
    const fetch = `import sys, urllib.request as web\nfor path in sys.argv[1:]: web.urlretrieve("${url}" + path, "/root/debs" + path)`;
    await Promise.all(
      vms.hosts.map(({ name }) =>
        does(name, `mkdir -p /root/debs && python3 -c '${fetch}' ${others.join(' ')} && dpkg -i /root/debs/*.deb`),
      ),
    );
  }, limitMs);
  afterAll(async () => {
    closePages?.();
    await vms?.close();
  });

  const does = async (host: string, command: string): Promise<string> => {
    const { code, stdout, stderr } = await vms.exec(host, command);
    expect(code, `${host}: ${command}\n${stdout}${stderr}`).toBe(0);
    return stdout.trim();
  };
  const play = (playbook: string, extra: Record<string, unknown> = {}): Promise<Played> =>
    playMuster({ inventory: vms.inventory, limitMs }, `../../../playbooks/${playbook}.yml`, [
      '-e',
      JSON.stringify({ ...variables, ...extra }),
    ]);
  const well = async (run: Promise<Played>): Promise<Played> => {
    const played = await run;
    expect(played.code, played.text).toBe(0);
    return played;
  };
  const isMounted = async (host: string): Promise<boolean> =>
    (await vms.exec(host, `grep -q ' ${folder} ' /proc/mounts`)).code === 0;

  test(
    'ends with the service up on the first',
    async () => {
      const { text } = await well(play('slapos_comp1'));
      expect(text).toMatch(/slapos\/svc\/comp1: up/);
      expect(text).toMatch(/disk#3 +stdby up/);
      expect([await isMounted('vm1'), await isMounted('vm2')]).toEqual([true, false]);
      expect(await does('vm1', 'cat /proc/drbd')).toMatch(/version: 8.*cs:Connected ro:Primary\/Secondary/s);
    },
    limitMs,
  );

  test(
    'finds nothing to do when it is played again',
    async () => {
      const { recap } = await well(play('slapos_comp1'));
      expect(recap).toMatchObject({ vm1: { changed: 0 }, vm2: { changed: 0 } });
    },
    limitMs,
  );

  test(
    'has on the second what was written on the first, when it is moved there',
    async () => {
      await does('vm1', `echo kept >${folder}/note && sync ${folder}/note`);
      await well(play('ha_switch', { to: 'vm2' }));
      expect(await does('vm2', `cat ${folder}/note`)).toBe('kept');
      expect([await isMounted('vm1'), await isMounted('vm2')]).toEqual([false, true]);
      await well(play('ha_giveback'));
      expect([await isMounted('vm1'), await isMounted('vm2')]).toEqual([true, false]);
    },
    limitMs,
  );

  test(
    'is taken over when the power of the first is cut, with all that was acknowledged',
    async () => {
      const writer = startWriter(vms, 'vm1', `${folder}/numbers`);
      await writer.reach(50);
      await vms.powerOff('vm1');
      await writer.ended;
      const acknowledged = writer.acknowledged();
      // What the agent says of the cluster still has the dead node in it for a while.
      await until(vms, 'vm2', `grep -c ' ${folder} ' /proc/mounts`, /^1/, 1800);
      const numbers = (await does('vm2', `cat ${folder}/numbers`)).split('\n').map(Number);
      expect(numbers.slice(0, acknowledged)).toEqual(Array.from({ length: acknowledged }, (_, index) => index + 1));
    },
    limitMs,
  );

  test(
    'is whole again when the first is back',
    async () => {
      await vms.powerOn('vm1');
      await until(vms, 'vm2', 'cat /proc/drbd', /cs:Connected ro:Primary\/Secondary ds:UpToDate\/UpToDate/, 1800);
      expect([await isMounted('vm1'), await isMounted('vm2')]).toEqual([false, true]);
      const { text } = await well(play('slapos_comp1'));
      expect(text).toMatch(/slapos\/svc\/comp1: up/);
    },
    limitMs,
  );
});
