import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openVms, type Vms } from '../lab/vm/vms.ts';
import { openingMs, runsVms, titled } from './needs.ts';
import { mustDo, playMuster, until } from './play.ts';
import { expectNothingToDo } from './unchanged.ts';
import { startWriter } from './writer.ts';

const long = 1_200_000;
const mount = 'drbdadm primary r0 && mount /dev/drbd0 /mnt';
const release = 'umount /mnt && drbdadm secondary r0';

/** Which DRBD a story is about. */
export interface Generation {
  readonly name: string;
  /** What `drbdadm role` says of a host, and of its peer where it does. */
  readonly role: (own: string, peer: string) => string;
  /** How a host that looks for its peer calls that. */
  readonly searching: string;
  /** Puts the kernel module onto a machine, where it is not there. */
  readonly prepare?: (vms: Vms, host: string) => Promise<unknown>;
}

/** What the drbd role does on two virtual machines. One story in order: each test goes on from where the one before it ended. */
export const tellDrbdStory = ({ name: generation, role, searching, prepare }: Generation): void => {
  describe.runIf(runsVms)(titled(`the drbd role on two virtual machines, with DRBD ${generation}`), () => {
    let vms: Vms;
    beforeAll(async () => {
      vms = await openVms();
      for (const { name } of vms.hosts) {
        await prepare?.(vms, name);
        await does(name, 'vgcreate -q data /dev/vdb && for lv in r0 kept; do lvcreate -qy -L 24M -n $lv data; done');
        await does(name, 'apt-get update -qq');
        await does(name, 'mkfs.ext4 -q -L treasure /dev/data/kept');
      }
    }, openingMs);
    afterAll(() => vms?.close(), 60_000);

    const does = (host: string, command: string): Promise<string> => mustDo(vms, host, command);
    const isUpToDate = (host: string): Promise<void> => until(vms, host, 'drbdadm dstate r0', /^UpToDate\/UpToDate$/m);

    test(
      'a disk that holds something is left alone on both hosts, and nothing is installed',
      async () => {
        await does('vm2', 'wipefs -aq /dev/data/kept && dd if=/dev/zero of=/dev/data/kept bs=1M count=1 status=none');
        const { code, text } = await playMuster(vms, 'drbd.yml', ['-e', 'disk=/dev/data/kept']);
        expect(text).toMatch(/vm1: the disk \/dev\/data\/kept of the resource 'r0' holds ext4 and is left alone/);
        expect(code).toBe(2);
        for (const host of ['vm1', 'vm2'])
          expect(await vms.exec(host, 'command -v drbdadm')).not.toMatchObject({ code: 0 });
        expect(await does('vm1', 'blkid -o value -s LABEL /dev/data/kept')).toBe('treasure');
      },
      long,
    );

    test(
      'a check on fresh hosts says what would be done and does nothing',
      async () => {
        const { code, recap } = await playMuster(vms, 'drbd.yml', ['--check', '--diff']);
        expect(code).toBe(0);
        expect(recap.vm1?.changed).toBeGreaterThan(1);
        expect(await vms.exec('vm1', 'command -v drbdadm')).not.toMatchObject({ code: 0 });
        expect(await vms.exec('vm1', 'lsmod | grep drbd || ls /etc/modules-load.d/drbd.conf')).not.toMatchObject({
          code: 0,
        });
      },
      long,
    );

    test(
      'the role makes both disks equal',
      async () => {
        const { code, text } = await playMuster(vms, 'drbd.yml', ['--diff']);
        expect(code, text).toBe(0);
        expect(text).not.toContain('not-to-be-seen');
        for (const host of ['vm1', 'vm2']) {
          expect(await does(host, 'drbdadm role r0; drbdadm cstate r0; drbdadm dstate r0')).toBe(
            `${role('Secondary', 'Secondary')}\nConnected\nUpToDate/UpToDate`,
          );
          expect(await does(host, 'stat -c %a /etc/drbd.d/r0.res; cat /etc/modules-load.d/drbd.conf')).toBe(
            '600\ndrbd',
          );
          expect(await does(host, 'lvmconfig devices/global_filter')).toBe('global_filter="r|^/dev/drbd|"');
        }
      },
      long,
    );

    test('a second run changes nothing, and nor does ansible-playbook', () => expectNothingToDo(vms, 'drbd.yml'), long);

    test(
      'what is written on one host is there on the other',
      async () => {
        await does('vm1', `drbdadm primary r0 && mkfs.ext4 -q /dev/drbd0 && mount /dev/drbd0 /mnt`);
        await does('vm1', 'head -c 3000000 /dev/urandom >/mnt/file && sync /mnt/file');
        const sum = await does('vm1', 'sha256sum </mnt/file');
        await does('vm1', release);
        await does('vm2', mount);
        expect(await does('vm2', 'sha256sum </mnt/file')).toBe(sum);
      },
      long,
    );

    test(
      'no acknowledged write is lost when the primary loses its power, and it catches up afterwards',
      async () => {
        const writer = startWriter(vms, 'vm2', '/mnt/numbers');
        await writer.reach(50);
        await vms.powerOff('vm2');
        await writer.ended;
        const acknowledged = writer.acknowledged();
        await until(vms, 'vm1', `${mount} && echo mounted`, /mounted/);
        const numbers = (await does('vm1', 'cat /mnt/numbers')).split('\n').map(Number);
        expect(numbers.length).toBeGreaterThanOrEqual(acknowledged);
        expect(numbers).toEqual(numbers.map((_, index) => index + 1));
        await does('vm1', 'echo after >/mnt/after && sync /mnt/after');
        await vms.powerOn('vm2');
        await isUpToDate('vm2');
        expect(await does('vm2', 'drbdadm role r0')).toBe(role('Secondary', 'Primary'));
        await does('vm1', release);
        await does('vm2', mount);
        expect(await does('vm2', 'cat /mnt/after')).toBe('after');
      },
      long,
    );

    test(
      'a split brain is told, and nothing is done about it; the commands that are told heal it',
      async () => {
        await vms.cut();
        for (const host of ['vm1', 'vm2'])
          await until(vms, host, 'drbdadm cstate r0', new RegExp(`^${searching}$`, 'm'));
        await does('vm2', 'echo two >/mnt/two && sync');
        await does('vm1', `${mount} && echo one >/mnt/one && sync && ${release}`);
        await vms.restore();
        for (const host of ['vm1', 'vm2']) await until(vms, host, 'drbdadm cstate r0', /^StandAlone$/m);
        const before = await does('vm1', 'drbdadm get-gi r0');
        const status = await playMuster(vms, 'drbd-status.yml');
        expect(status.code).toBe(2);
        expect(status.text).toMatch(/Split brain: 'r0' was written to on vm1 and on vm2/);
        expect(status.text).toMatch(
          new RegExp(
            `On vm1 it is ${role('Secondary', 'Unknown')}, \\w+, .*, on vm2 ${role('Primary', 'Unknown')}, \\w+,`,
          ),
        );
        const again = await playMuster(vms, 'drbd.yml');
        expect(again.code).toBe(2);
        expect(again.text).toMatch(/Split brain: 'r0'/);
        expect(again.recap.vm1?.changed).toBe(0);
        expect(await does('vm1', 'drbdadm get-gi r0; drbdadm role r0')).toBe(
          `${before}\n${role('Secondary', 'Unknown')}`,
        );
        const told = /"(drbdadm secondary r0; [^"\\]*--discard-my-data r0)\\?"/.exec(status.text)?.[1];
        await does('vm1', told!);
        await does('vm2', 'if [ "$(drbdadm cstate r0)" = StandAlone ]; then drbdadm connect r0; fi');
        await isUpToDate('vm1');
        await does('vm2', release);
        await does('vm1', mount);
        expect(await does('vm1', 'ls /mnt/one /mnt/two 2>/dev/null; true')).toBe('/mnt/two');
        expect((await playMuster(vms, 'drbd-status.yml')).code).toBe(0);
      },
      long,
    );

    test(
      'is not taken away while it is in use, and goes without a trace',
      async () => {
        const absent = ['-e', '{"drbd_state": "absent", "drbd_wipe": true}'];
        const refused = await playMuster(vms, 'drbd.yml', absent);
        expect(refused.text).toMatch(/'r0' is primary on vm1. Stop what uses \/dev\/drbd0/);
        expect(refused.code).toBe(2);
        await isUpToDate('vm2');
        await does('vm1', release);
        const gone = await playMuster(vms, 'drbd.yml', absent);
        expect(gone.code, gone.text).toBe(0);
        for (const host of ['vm1', 'vm2']) {
          expect(await does(host, 'lsmod | grep -c "^drbd " || wipefs --noheadings -O TYPE /dev/data/r0')).toBe(
            '0\next4',
          );
          expect(await does(host, 'ls /etc/drbd.d/r0.res /etc/modules-load.d/drbd.conf 2>/dev/null; true')).toBe('');
        }
        expect((await playMuster(vms, 'drbd.yml', absent)).recap).toMatchObject({
          vm1: { changed: 0 },
          vm2: { changed: 0 },
        });
      },
      long,
    );
  });
};
