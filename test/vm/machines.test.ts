import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findVms, openVms, type Vms, vmsStatus } from '../lab/vm/vms.ts';
import { openingMs, runsVms, titled } from './needs.ts';

describe.runIf(runsVms)(titled('virtual machines of the lab'), () => {
  let vms: Vms;
  beforeAll(async () => {
    vms = await openVms();
  }, openingMs);
  afterAll(() => vms?.close(), 60_000);

  const say = async (host: string, command: string): Promise<string> => (await vms.exec(host, command)).stdout.trim();

  test('have systemd, disks, kernel modules, the time and each other', async () => {
    expect(await say('vm1', 'hostname; systemctl is-system-running; lsblk -dnro NAME,SIZE')).toBe(
      'vm1\nrunning\nvda 3G\nvdb 512M\nvdc 256M',
    );
    expect(await say('vm1', 'modprobe drbd && cat /sys/module/drbd/version')).toMatch(/^8\.4\./);
    expect(await vms.exec('vm1', 'vgcreate v /dev/vdb && lvcreate -y -L 8M -n l v')).toMatchObject({ code: 0 });
    expect(Math.abs(Number(await say('vm2', 'date +%s')) - Date.now() / 1000)).toBeLessThan(60);
    expect(await vms.exec('vm2', 'ping -c 1 -W 10 vm1')).toMatchObject({ code: 0 });
    expect(vmsStatus(vms.name).map(({ isRunning }) => isRunning)).toEqual([true, true]);
    expect(findVms(vms.name)?.hosts).toEqual(vms.hosts);
  }, 120_000);

  test('can lose the network between them, and get it back', async () => {
    await vms.cut();
    expect(await vms.exec('vm2', 'ping -c 1 -W 2 vm1')).not.toMatchObject({ code: 0 });
    await vms.restore();
    expect(await vms.exec('vm2', 'ping -c 20 -i 0.5 -W 2 vm1 | grep -q "bytes from"')).toMatchObject({ code: 0 });
  }, 120_000);

  test('can be frozen, and go on', async () => {
    vms.freeze('vm2');
    expect((await vms.exec('vm2', 'true', 2000)).code).not.toBe(0);
    vms.thaw('vm2');
    expect(await vms.exec('vm2', 'true')).toMatchObject({ code: 0 });
  }, 120_000);

  test('can lose their power, and be made fresh', async () => {
    await say('vm1', 'echo kept >/etc/kept; sync');
    await vms.powerOff('vm1');
    expect((await vms.exec('vm1', 'true')).code).not.toBe(0);
    expect(vmsStatus(vms.name).map(({ isRunning }) => isRunning)).toEqual([false, true]);
    await vms.freshen('vm1');
    expect(await vms.exec('vm1', 'test -e /etc/kept || vgs v')).not.toMatchObject({ code: 0 });
  }, 400_000);

  test('leave nothing behind', async () => {
    const processes = (): string[] =>
      execFileSync('ps', ['-eo', 'args'], { maxBuffer: 1 << 26 })
        .toString()
        .split('\n')
        .filter((line) => line.includes(vms.directory));
    expect(processes().length).toBeGreaterThan(1);
    await vms.close();
    expect(processes()).toEqual([]);
    expect(existsSync(vms.directory)).toBe(false);
    expect(findVms(vms.name)).toBeUndefined();
  }, 60_000);
});
