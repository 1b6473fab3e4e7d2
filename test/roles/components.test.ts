import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ClusterLab, openClusterLab, type Played } from './cluster-lab.ts';
import { goodToken, serveInstallers } from './installers.ts';
import { isRequired, lackingForClusters, titled } from './needs.ts';

const minutes = 60_000;
const lacking = await lackingForClusters();
const folder = '/srv/comp1.slapos.svc.demo';
const re6st = `RE6ST_DIRECTORY=${folder}/re6st sh /root/re6st.launcher`;
const slapos = `SLAPOS_CONFIGURATION=${folder}/slapos/etc/opt/slapos/slapos.cfg sh /root/slapos.launcher`;
const addresses = "ip -6 -o addr show dev lo | grep -o '2001:db8:42::[0-9]*' | sort";

describe.runIf(isRequired || lacking.length === 0)(
  titled('re6st and slapos on two hosts, with small programs in place of the real ones', lacking),
  { timeout: 4 * minutes },
  () => {
    let lab: ClusterLab;
    let variables: Record<string, unknown>;
    beforeAll(async () => {
      lab = await openClusterLab(2);
      variables = serveInstallers(lab);
    }, 5 * minutes);
    afterAll(() => lab?.close(), minutes);

    const play = (role: string, extra: Record<string, unknown> = {}, host = 'web1'): Promise<Played> =>
      lab.play(`- hosts: ${host}\n  gather_facts: false\n  roles: [${role}]\n`, {
        ...variables,
        re6st_directory: `${folder}/re6st`,
        slapos_directory: `${folder}/slapos`,
        ...extra,
      });
    const well = async (played: Promise<Played>): Promise<Played> => {
      const done = await played;
      expect(done.code, done.stdout + done.stderr).toBe(0);
      return done;
    };
    const refused = async (role: string, extra: Record<string, unknown>, reason: RegExp): Promise<void> => {
      const { code, stdout, stderr } = await play(role, extra);
      expect(code, stdout + stderr).toBe(2);
      expect(stdout.replace(/\s+/g, ' ')).toMatch(reason);
      expect(stdout + stderr).not.toContain('Traceback');
    };
    const on = (command: string, host = 'web1'): Promise<string> => lab.on(host, command);
    const codeOf = async (command: string): Promise<number> => (await lab.lab.exec('web1', command)).code;
    const bringLaunchers = async (): Promise<void> => {
      const copy = (name: string): string =>
        `- copy: {src: ${import.meta.dirname}/../../roles/${name}/files/${name}, dest: /root/${name}.launcher}`;
      await well(lab.play(`- hosts: all\n  gather_facts: false\n  tasks:\n  ${copy('re6st')}\n  ${copy('slapos')}\n`));
    };

    test('tell why there is no certificate', async () => {
      await refused('re6st', { re6st_registry: 'registry' }, /re6st_registry is the URL of a registry/);
      await refused(
        're6st',
        { re6st_token: '' },
        /has no certificate yet, and needs a token of http\S+ in re6st_token/,
      );
      await refused('re6st', { re6st_token: 'stale' }, /invalid or expired token\. Look at re6st_token: /);
      const other = `sha256:${'0'.repeat(64)}`;
      await refused('re6st', { re6st_fingerprint: other }, /CA fingerprint doesn't match\. Look at re6st_fingerprint/);
      await refused('re6st', { re6st_fingerprint: 'sha256:1' }, /: invalid fingerprint: \S+ Look at re6st_fingerprint/);
      await refused('re6st', { re6st_registry: `${lab.url}/nothing/` }, /does not answer as a registry does/);
      await refused('re6st', { re6st_registry: 'http://127.0.0.1:9/' }, /does not answer as a registry does/);
      expect(await on('systemctl is-enabled re6stnet; true')).toBe('masked\n');
    });

    test('go on with a certificate when re6st-conf was cut off', async () => {
      await on('touch /etc/cut-off');
      expect((await play('re6st')).code).toBe(2);
      await on('rm /etc/cut-off');
      const { stdout } = await well(play('re6st'));
      expect(stdout).toMatch(/Use the certificate that is there\] \**\nchanged/);
      expect((await well(play('re6st'))).changed).toEqual({ web1: 0 });
      expect(await on(`grep -v '^#' ${folder}/re6st/etc/re6stnet/re6stnet.conf`)).toBe(
        [
          `registry ${variables.re6st_registry}`,
          'ca ca.crt',
          'cert cert.crt',
          'key cert.key',
          'country FR',
          ...['log', 'run', 'state'].map((name) => `${name} ${folder}/re6st/${name}`),
          '',
        ].join('\n'),
      );
    });

    test('start re6st when it is ready, and leave nothing of it behind', async () => {
      await bringLaunchers();
      expect(await codeOf(`${re6st} status`)).toBe(1);
      await on(`mkdir -p ${folder}/re6st/run; touch ${folder}/re6st/run/left; ${re6st} start`);
      expect(await on(addresses)).toBe('2001:db8:42::1\n');
      expect(await codeOf(`${re6st} status; test ! -e ${folder}/re6st/run/left`)).toBe(0);
      expect(await on(`${re6st} start`)).toBe('re6st runs already\n');
      await on('kill -9 $(cat /run/re6st-service.pid)');
      await expect.poll(() => codeOf(`${re6st} status`), { timeout: minutes }).toBe(1);
      expect(await on(addresses)).toBe('2001:db8:42::1\n');
      await on(`${re6st} start && ${re6st} status`);
      await on('kill -9 $(cat /run/re6st-service.pid)');
      await on(`${re6st} stop; ${re6st} stop`);
      expect(await on(`${addresses}; pgrep -a sleep || true; ls /run | grep re6st || true`)).toBe('');
    });

    test('tell why re6st does not start', async () => {
      await on('touch /etc/broken');
      const { code, stderr } = await lab.lab.exec('web1', `${re6st} start`);
      expect([code, stderr]).toEqual([
        1,
        expect.stringMatching(/^re6st ended: .* ERROR +it is broken; its logs are in/),
      ]);
      await on('rm /etc/broken');
    });

    test('tell why a node is not registered', async () => {
      await refused('slapos', { slapos_token: '' }, /is not registered yet, and needs a token of/);
      await refused('slapos', { slapos_token: 'stale' }, /it refuses the token\. Look at slapos_token/);
      await refused('slapos', { slapos_web_master_url: 'http://127.0.0.1:9' }, /it cannot be reached from this host/);
      lab.pages.set('/full/Person_requestComputer', (_, response) =>
        response.writeHead(500).end('Certificate still active.'),
      );
      await refused('slapos', { slapos_web_master_url: `${lab.url}/full` }, /it has a node of this name/);
    });

    test('keep all that SlapOS has below one folder', async () => {
      const { stdout, stderr } = await well(play('slapos'));
      expect(stdout + stderr).not.toContain(goodToken);
      expect((await well(play('slapos'))).changed).toEqual({ web1: 0 });
      expect(
        await on(`grep -E '/(opt|srv)/' ${folder}/slapos/etc/opt/slapos/slapos.cfg | grep -v ${folder} || true`),
      ).toBe('');
      expect(await on(`cd ${folder}/slapos/etc/opt/slapos/ssl; stat -c '%a %n' *`)).toBe(
        '600 certificate\n600 key\n711 partition_pki\n',
      );
    });

    test('start SlapOS, and leave nothing of it behind', async () => {
      const root = `${folder}/slapos/srv/slapgrid`;
      expect(await codeOf(`${slapos} status`)).toBe(1);
      await on(`${slapos} start`);
      expect(await codeOf(`${slapos} status`)).toBe(0);
      expect(await on(addresses)).toBe('2001:db8:42::2\n');
      // Of a supervisor that was killed its processes stay, and what another node has left names a process of this one.
      await on(`setsid su slapsoft -s /bin/sh -c 'exec sleep 4321' </dev/null >/dev/null 2>&1 &
        kill -9 $(cat ${root}/var/run/supervisord.pid); echo 1 >${root}/var/run/supervisord.pid`);
      expect(await codeOf(`${slapos} status`)).toBe(1);
      await on(`${slapos} stop`);
      expect(await on(`${addresses}; pgrep -u slapsoft || true`)).toBe('');
      expect((await well(play('slapos'))).changed).toEqual({ web1: 0 });
    });

    test('have the users of SlapOS with the same numbers on the other host', async () => {
      const number = await on('id -u slapsoft');
      await on('useradd -r other; useradd -r another', 'web2');
      await on(
        `mkdir -p ${folder}/slapos/opt/slapgrid; cat >${folder}/slapos/slapos.cfg <<'END'
software_root = ${folder}/slapos/opt/slapgrid
instance_root = ${folder}/slapos/srv/slapgrid
partition_base_name = slappart
END
chown ${number.trim()} ${folder}/slapos/opt/slapgrid`,
        'web2',
      );
      await well(play('slapos', { slapos_configure: false }, 'web2'));
      const start = `SLAPOS_CONFIGURATION=${folder}/slapos/slapos.cfg sh /root/slapos.launcher start`;
      await on(`usermod -u ${number.trim()} other`, 'web2');
      const taken = await lab.lab.exec('web2', start);
      expect([taken.code, taken.stderr]).toEqual([
        1,
        `${folder}/slapos/opt/slapgrid belongs to the number ${number.trim()}, which must be the user slapsoft here and is other\n`,
      ]);
      await on('userdel other', 'web2');
      await on(start, 'web2');
      expect(await on('id -u slapsoft', 'web2')).toBe(number);
    });

    test('let re6st be started by others again when it is taken away', async () => {
      for (const role of ['re6st', 'slapos']) {
        await well(play(role, { [`${role}_state`]: 'absent' }));
        expect((await well(play(role, { [`${role}_state`]: 'absent' }))).changed).toEqual({ web1: 0 });
      }
      expect(await on('systemctl is-enabled re6stnet || true')).not.toBe('masked\n');
    });
  },
);
