import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openVms, type Vms } from '../lab/vm/vms.ts';
import { openingMs, runsVms, titled } from './needs.ts';
import { playAnsible, playMuster } from './play.ts';

const long = 1_200_000;

// One story in order: each test goes on from where the one before it ended.
describe.runIf(runsVms)(titled('modules that need a kernel and disks, on a virtual machine'), () => {
  let vms: Vms;
  beforeAll(async () => {
    vms = await openVms({ hosts: 1 });
  }, openingMs);
  afterAll(() => vms?.close(), 60_000);

  const say = async (command: string): Promise<string> => (await vms.exec('vm1', command)).stdout.trim();
  const play = (step: string, options: readonly string[] = []) =>
    playMuster(vms, 'modules.yml', ['-e', `step=${step}`, ...options]);
  const state = async (): Promise<string> => {
    const said = await say(
      `lsblk -nro NAME,SIZE /dev/vdc | grep -c vdc1; vgs --noheadings -o pv_count,lv_count lab 2>/dev/null | xargs
       lvs --noheadings --units m -o lv_size lab 2>/dev/null | xargs
       findmnt -no FSTYPE,OPTIONS /srv/one | tr -s ' ' | cut -d, -f 1,2; grep -c /srv/one /etc/fstab
       sysctl -n vm.swappiness; cat /etc/sysctl.d/lab.conf 2>/dev/null
       lsmod | grep -oE '^(dummy|ifb) ' | sort | xargs; iptables -S INPUT | grep -o 'dport.*'`,
    );
    return said.replace(/\n\n+/g, '\n');
  };
  const created = `1
1 1
32.00m
ext4 rw,relatime
1
10
vm.swappiness=10
dummy
dport 8080 -j DROP`;
  const changed = `1
2 1
64.00m
ext4 rw,noatime
1
20
vm.swappiness=20
dummy ifb
dport 8080 -j DROP
dport 8081 -j DROP`;

  test(
    'a check changes nothing',
    async () => {
      const before = await state();
      const { text } = await play('create', ['--check']);
      // What lies on a volume cannot be looked at before the volume is there.
      expect(text).toMatch(/^changed: \[vm1\]/m);
      expect(await state()).toBe(before);
    },
    long,
  );

  test(
    'they create, and then find nothing to do',
    async () => {
      const { code, text, recap } = await play('create');
      expect(code, text).toBe(0);
      expect(recap.vm1).toEqual({ changed: 8, failed: 0 });
      expect(await state()).toBe(created);
      await say('echo kept >/srv/one/file');
      expect((await play('create')).recap.vm1).toEqual({ changed: 0, failed: 0 });
    },
    long,
  );

  test(
    'they change what is there and keep what is in it, as Ansible would',
    async () => {
      const { code, text, recap } = await play('change');
      expect(code, text).toBe(0);
      expect(recap.vm1).toEqual({ changed: 8, failed: 0 });
      expect(await state()).toBe(changed);
      expect(await say('cat /srv/one/file; df -m --output=size /srv/one | tail -1')).toMatch(/^kept\n\s*5\d$/);
      expect((await play('change')).recap.vm1).toEqual({ changed: 0, failed: 0 });
      const theirs = await playAnsible(vms, 'modules.yml', ['-e', 'step=change']);
      expect(theirs.recap.vm1, theirs.text).toEqual({ changed: 0, failed: 0 });
    },
    long,
  );

  test(
    'reboot waits for a new boot, after which what was set is still there',
    async () => {
      const { code, text } = await playMuster(vms, 'reboot.yml');
      expect(code, text).toBe(0);
      expect(await say('cat /srv/one/file; sysctl -n vm.swappiness; cut -d. -f1 /proc/uptime')).toMatch(
        /^kept\n20\n\d+$/,
      );
    },
    long,
  );

  test(
    'they remove, and then find nothing to do',
    async () => {
      await say('iptables -A INPUT -s 10.214.0.2 -p tcp --dport 8081 -j DROP; modprobe dummy');
      const { code, text, recap } = await play('remove');
      expect(code, text).toBe(0);
      expect(recap.vm1).toEqual({ changed: 7, failed: 0 });
      expect(await state()).toBe('0\n0\n20');
      expect((await play('remove')).recap.vm1).toEqual({ changed: 0, failed: 0 });
    },
    long,
  );
});
