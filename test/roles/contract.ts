import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Generation } from '../standin/package.ts';
import { type ClusterLab, openClusterLab, type Played } from './cluster-lab.ts';
import { isRequired, lackingForClusters, titled } from './needs.ts';
import { realAgent } from './pages.ts';
import { clusterPlay, sections, servicePlay } from './plays.ts';

const path = 'slapos/svc/comp1';
const minutes = 60_000;
const nothing = { web1: 0, web2: 0 };

// Rejects where nobody listens.
const opens = (host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, host, () => {
      socket.destroy();
      resolve();
    }).on('error', reject);
  });

/** What the roles and playbooks do with agents of one generation, the stand-in's or real ones. */
export const describeContract = async (generation: Generation): Promise<void> => {
  const lacking = await lackingForClusters(generation === 2 ? ['ansible-playbook'] : []);
  const agent = realAgent === undefined ? 'the stand-in for OpenSVC' : 'a real OpenSVC agent';
  const name = `roles on two hosts, with ${agent} ${generation}`;
  describe.runIf(isRequired || lacking.length === 0)(titled(name, lacking), { timeout: 4 * minutes }, () => {
    let cluster: ClusterLab;
    beforeAll(async () => {
      cluster = await openClusterLab(generation);
    }, 5 * minutes);
    afterAll(() => cluster?.close(), minutes);

    const well = async (played: Promise<Played>): Promise<Played> => {
      const done = await played;
      expect(done.code, done.stdout + done.stderr).toBe(0);
      expect(done.stdout).not.toContain('{{');
      return done;
    };
    const verb = (what: string, variables: Record<string, unknown> = {}): Promise<Played> =>
      cluster.play(`playbooks/ha_${what}.yml`, { ha_hosts: 'all', ha_service_limit: 60, ...variables });
    const story = (played: Played): string | undefined => /"msg": "(slapos\/svc\/comp1: .*)"/.exec(played.stdout)?.[1];
    const isUp = async (host: string): Promise<boolean> =>
      (await cluster.lab.exec(host, 'test -e /run/app.up')).code === 0;

    test('can be played in check mode on fresh hosts', async () => {
      const { stdout } = await well(cluster.play(clusterPlay(), {}, ['--check', '--diff']));
      expect(stdout).toContain('nodes of the OpenSVC cluster');
      expect((await cluster.lab.exec('web1', 'test -e /usr/bin/om || grep -q OpenSVC /etc/hosts')).code).toBe(1);
    });

    test('put a cluster together, without telling its secret', async () => {
      const { stdout, stderr } = await well(cluster.play(clusterPlay(), {}, ['-vvv']));
      const secret = /secret *= *(\S+)/.exec(await cluster.on('web1', 'cat /etc/opensvc/cluster.conf'))?.[1];
      expect(secret).toMatch(/^\w{8,}$/);
      expect(stdout + stderr).not.toContain(secret);
      expect(await cluster.on('web2', 'om cluster get --kw cluster.name; om cluster get --kw pool#data.path')).toBe(
        'demo\n/srv/pool\n',
      );
      for (const host of ['web1', 'web2']) {
        expect(await cluster.on(host, 'om cluster get --kw cluster.nodes')).toBe('web1 web2\n');
      }
      const key = generation === 2 ? '' : '-i /root/.ssh/opensvc';
      const login = `ssh ${key} -o StrictHostKeyChecking=no -o BatchMode=yes`;
      expect(await cluster.on('web1', `${login} web2 hostname`)).toBe('web2\n');
      expect((await well(cluster.play(clusterPlay()))).changed).toEqual(nothing);
    });

    test('change what is configured, and nothing else', async () => {
      const { changed } = await well(
        cluster.play(clusterPlay({ opensvc_cluster_keywords: { 'cluster.envs': 'TST' } })),
      );
      expect(changed).toEqual({ web1: 1, web2: 0 });
      expect(await cluster.on('web1', 'om cluster get --kw cluster.envs')).toBe('TST\n');
    });

    test('have an address, a listener, a network and heartbeats of several kinds', async () => {
      const address = cluster.lab.hosts[0]!.address.replace(/\d+$/, '100');
      const extra = {
        opensvc_cluster_keywords: { 'cluster.envs': 'TST' },
        opensvc_cluster_vip: { address, netmask: 24, device: 'eth0' },
        opensvc_cluster_listener: true,
        opensvc_cluster_listener_user: 'operator',
        opensvc_cluster_listener_password: 'not-to-be-shown',
        opensvc_cluster_networks: { backend: { type: 'routed_bridge', network: '10.100.0.0/16', ips_per_node: 1024 } },
      };
      const several = { ...extra, opensvc_cluster_heartbeats: [{ type: 'unicast' }, { type: 'multicast' }] };
      const { stdout, stderr } = await well(cluster.play(clusterPlay(several), {}, ['-vvv']));
      expect(stdout + stderr).not.toContain('not-to-be-shown');
      for (const host of [address, ...cluster.lab.hosts.map((one) => one.address)]) await opens(host, 1215);
      expect(await cluster.on('web2', 'om cluster get --kw network#backend.type')).toBe('routed_bridge\n');
      expect(await cluster.on('web2', 'om cluster get --kw hb#2.type')).toBe('multicast\n');
      expect((await well(cluster.play(clusterPlay(several)))).changed).toEqual(nothing);
      expect((await well(cluster.play(clusterPlay(extra)))).changed).toEqual({ web1: 1, web2: 0 });
      expect((await cluster.on('web1', 'om cluster get --kw hb#2.type')).trim().replace('None', '')).toBe('');
    });

    test('declare and provision a service', async () => {
      await well(cluster.play(servicePlay(), {}, ['--check', '--diff']));
      expect((await cluster.lab.exec('web1', `test -e /etc/opensvc/namespaces/${path}.conf`)).code).toBe(1);
      await well(cluster.play(servicePlay()));
      expect([await isUp('web1'), await isUp('web2')]).toEqual([true, false]);
      expect((await well(cluster.play(servicePlay()))).changed).toEqual(nothing);
    });

    test('bring a service up to date, but leave it what is its own', async () => {
      await cluster.on('web1', `om ${path} enable --rid task#collect`);
      const changed = {
        ...sections,
        'task#collect': { ...sections['task#collect'], schedule: '@5m' },
        env: { size: '3g' },
      };
      const play = servicePlay({ ha_service_sections: changed });
      const { stdout } = await well(cluster.play(play, {}, ['--diff']));
      expect(stdout).toMatch(/^-schedule = @1m$/m);
      const get = (keyword: string): Promise<string> => cluster.on('web1', `om ${path} get --kw ${keyword}`);
      expect(await get('task#collect.schedule')).toBe('@5m\n');
      expect(await get('env.size')).toBe('3g\n');
      expect((await get('task#collect.disable')).trim().replace('None', '')).toBe('');
      expect((await well(cluster.play(play))).changed).toEqual(nothing);
      await well(cluster.play(servicePlay()));
      expect((await get('env.size')).trim().replace('None', '')).toBe('');
    });

    // One generation tells enough of what ansible-playbook makes of the roles.
    if (generation === 2) {
      test('are the same to ansible-playbook, which finds nothing left to do', async () => {
        for (const play of [clusterPlay({ opensvc_cluster_keywords: { 'cluster.envs': 'TST' } }), servicePlay()]) {
          expect((await well(cluster.playAnsible(play))).changed).toEqual(nothing);
        }
      });
    }

    test('move a service, and wait until it is there', async () => {
      const moved = await well(verb('switch', { to: 'web2' }));
      expect(story(moved)).toMatch(/web1 (down|stdby up); web2 up$/);
      expect([await isUp('web1'), await isUp('web2')]).toEqual([false, true]);
      expect((await well(verb('switch', { to: 'web2' }))).changed).toEqual(nothing);
    });

    test('start what is down of a service that is partly up', async () => {
      await cluster.on('web2', 'rm /run/app.up');
      await cluster.on('web2', `om ${path} ${generation === 2 ? 'print status' : 'instance status'} -r --format json`);
      expect(story(await well(verb('switch', { to: 'web2' })))).toMatch(/web2 up$/);
      expect([await isUp('web1'), await isUp('web2')]).toEqual([false, true]);
    });

    test('do not touch a service of which something is up on another node, but wait until that is gone', async () => {
      const look = `om ${path} ${generation === 2 ? 'print status' : 'instance status'} -r --format json`;
      const flag = `/dev/shm/opensvc/${path}/fs#flag.flag`;
      await cluster.on('web1', `mkdir -p $(dirname ${flag}); touch ${flag}; ${look}`);
      const refused = await verb('giveback', { ha_service_twice_limit: 3 });
      expect(refused.code).toBe(2);
      expect(refused.stdout).toMatch(/is up on web2 and web1 \(partly\) at once\. Stop it on one of them by hand/);
      expect(await isUp('web2')).toBe(true);
      const waits = cluster.begin('playbooks/ha_freeze.yml', { ha_hosts: 'all', ha_service_limit: 60 });
      await waits.says('is up on one node only');
      await cluster.on('web1', `rm ${flag}; ${look}`);
      await well(waits.done);
      await well(verb('thaw'));
    });

    test('keep a frozen service frozen when they move it', async () => {
      await well(verb('freeze'));
      expect(story(await well(verb('giveback')))).toMatch(/web1 up, frozen; web2 (down|stdby up), frozen$/);
      expect([await isUp('web1'), await isUp('web2')]).toEqual([true, false]);
      await well(verb('thaw'));
    });

    test('bring a service back that does not start on the other node', async () => {
      await cluster.on('web2', 'touch /etc/broken');
      await well(verb('freeze'));
      const { code, stdout } = await verb('switch', { to: 'web2', ha_service_on_failure: 'abort' });
      expect(code).toBe(2);
      expect(stdout).toMatch(
        /slapos\/svc\/comp1 could not be moved: .*web2.*exit code 3.*It is up on web1 again, as before, and frozen/s,
      );
      expect([await isUp('web1'), await isUp('web2')]).toEqual([true, false]);
      // The cluster itself starts again where it was what it may move.
      await well(verb('thaw'));
      const again = await verb('switch', { to: 'web2', ha_service_on_failure: 'abort' });
      expect(again.code).toBe(2);
      expect(again.stdout).toMatch(/slapos\/svc\/comp1 could not be moved: .*It is up on web1 again, as before\./s);
      expect([await isUp('web1'), await isUp('web2')]).toEqual([true, false]);
      await cluster.on('web2', 'rm /etc/broken');
      await well(verb('takeover', { to: 'web2' }));
      expect([await isUp('web1'), await isUp('web2')]).toEqual([false, true]);
    });

    test('stop and start a service', async () => {
      await well(verb('stop'));
      expect([await isUp('web1'), await isUp('web2')]).toEqual([false, false]);
      expect(story(await well(verb('start')))).toMatch(/web1 up; web2 (down|stdby up)$/);
    });

    test('say what is where', async () => {
      const { stdout } = await well(cluster.play('playbooks/node_status.yml', { ha_hosts: 'all' }));
      expect(stdout).toMatch(/cluster demo: web1, web2; agent/);
      expect(stdout).toMatch(/web2 +idle, heard by web1/);
      expect(stdout).toMatch(/slapos\/svc\/comp1: up/);
      expect(stdout).toMatch(/app#0 +up/);
      expect(stdout).toMatch(/task#collect .*@1m/);
      expect((await verb('switch', { to: 'nowhere' })).stdout).toContain('slapos/svc/comp1 can be on web1, web2');
    });

    test('declare a service of all kinds of resources, with schedules that draw their time', async () => {
      const play = (extra: Record<string, unknown>): Promise<Played> =>
        cluster.play('playbooks/ha_site.yml', { ha_hosts: 'all', ha_service_limit: 60, ...extra });
      const declared = { ha_service_provision: false };
      await well(play(declared));
      const get = (keyword: string): Promise<string> => cluster.on('web2', `om web/svc/site get --kw ${keyword}`);
      expect(await get('task#backup.schedule')).toBe('~00:00-06:00@1d\n');
      expect(await get('disk#3.type')).toBe('drbd\n');
      expect((await well(play(declared))).changed).toEqual(nothing);
      await well(play({ ha_service_state: 'absent' }));
      expect((await cluster.lab.exec('web1', 'test -e /etc/opensvc/namespaces/web/svc/site.conf')).code).toBe(1);
    });

    test('take everything away again', async () => {
      const networks = { backend: { type: 'routed_bridge', network: '10.100.0.0/16' } };
      const away = clusterPlay({ opensvc_cluster_state: 'absent', opensvc_cluster_networks: networks });
      expect((await cluster.play(away)).stdout).toMatch(/slapos\/svc\/comp1 is up on web1/);
      await well(cluster.play(servicePlay({ ha_service_state: 'absent' })));
      expect(await isUp('web1')).toBe(false);
      await well(cluster.play(away));
      expect((await cluster.lab.exec('web1', 'ls /usr/bin/om /etc/opensvc; grep OpenSVC /etc/hosts')).stdout).toBe('');
      for (const host of ['web1', 'web2']) expect(await cluster.on(host, 'ip -o addr')).not.toMatch(/\.100\/|obr_/);
      expect((await well(cluster.play(away))).changed).toEqual(nothing);
    });
  });
};
