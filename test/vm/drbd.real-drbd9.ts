import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../lab/run.ts';
import { openVms, type Vms } from '../lab/vm/vms.ts';
import { tellDrbdStory } from './drbd-story.ts';
import { openingMs, titled } from './needs.ts';
import { mustDo, type Played, playMuster, until } from './play.ts';

/** A folder with drbd.ko of DRBD 9 and what belongs to it, made for the kernel of the virtual machines. */
const modules = process.env.MUSTER_TEST_DRBD9_MODULES!;
// Emulated machines among busy neighbours take their time, and a quarter of an hour is not always enough for a run.
const long = 3_600_000;

/** Puts the modules where the kernel prefers them to its own. */
const addModules = async (vms: Vms, host: string): Promise<void> => {
  const { port } = vms.hosts.find(({ name }) => name === host)!;
  const options = ['BatchMode=yes', 'IdentitiesOnly=yes', `UserKnownHostsFile=${vms.knownHosts}`].flatMap((o) => [
    '-o',
    o,
  ]);
  const files = (await readdir(modules)).filter((name) => name.endsWith('.ko')).map((name) => join(modules, name));
  await run('scp', [
    '-q',
    '-F',
    'none',
    '-i',
    vms.key,
    '-P',
    String(port),
    ...options,
    ...files,
    'root@127.0.0.1:/root/',
  ]);
  const { code, stderr } = await vms.exec(
    host,
    'to=/lib/modules/$(uname -r)/updates && mkdir -p "$to" && mv /root/*.ko "$to" && depmod && sync',
  );
  expect(code, stderr).toBe(0);
};

tellDrbdStory({ name: '9', role: (own) => own, searching: 'Connecting', prepare: addModules });

// One story in order: each test goes on from where the one before it ended.
describe(titled('the drbd role where DRBD 8.4 becomes 9'), () => {
  let vms: Vms;
  beforeAll(async () => {
    vms = await openVms();
    for (const host of ['vm1', 'vm2']) {
      await does(host, 'vgcreate -q data /dev/vdb && lvcreate -qy -L 24M -n r0 data && apt-get update -qq');
    }
  }, openingMs);
  afterAll(() => vms?.close(), 60_000);

  const does = (host: string, command: string): Promise<string> => mustDo(vms, host, command);
  const play = (variables: Record<string, unknown> = {}): Promise<Played> =>
    playMuster({ inventory: vms.inventory, limitMs: long }, 'drbd.yml', ['-e', JSON.stringify(variables)]);

  test(
    'what was asked for and is not loaded is told',
    async () => {
      const first = await play();
      expect(first.code, first.text).toBe(0);
      await does(
        'vm1',
        'drbdadm primary r0 && mkfs.ext4 -q /dev/drbd0 && mount /dev/drbd0 /mnt && echo kept >/mnt/note',
      );
      await does('vm1', 'umount /mnt && drbdadm secondary r0');
      const missing = await play({ drbd_generation: '9' });
      expect(missing.text).toMatch(
        /vm1: the kernel has DRBD 8\.4\.\d+, and DRBD 9 is asked for\. There is no such module/,
      );
      for (const host of ['vm1', 'vm2']) await addModules(vms, host);
      const { text, code } = await play({ drbd_generation: '9' });
      expect(text).toMatch(/and DRBD 9 is asked for\. 9\.[\d.]+ is installed, but not loaded: stop what/);
      expect(code).toBe(2);
      const told = /"(modprobe -ra [a-z_ ]+)\\?"/.exec(text)?.[1];
      for (const host of ['vm1', 'vm2'])
        await does(host, `drbdadm down all && ${told} && ! grep '^drbd ' /proc/modules`);
    },
    long,
  );

  test(
    'metadata of DRBD 8.4 is left alone until it is to be taken up, and keeps its data then',
    async () => {
      const before = await does('vm1', 'sha256sum </dev/data/r0');
      const refused = await play({ drbd_generation: '9' });
      expect(refused.text).toMatch(
        /vm1: the metadata of 'r0' is DRBD 8\.4's, and this host has DRBD 9\.[\d.]+\. It is left/,
      );
      expect(refused.code).toBe(2);
      expect(await does('vm1', 'sha256sum </dev/data/r0')).toBe(before);
      const { code, text } = await play({ drbd_generation: '9', drbd_adopt: true });
      expect(code, text).toBe(0);
      for (const host of ['vm1', 'vm2']) {
        expect(await does(host, 'drbdadm cstate r0; drbdadm dstate r0')).toBe('Connected\nUpToDate/UpToDate');
      }
      expect((await play()).recap).toMatchObject({ vm1: { changed: 0, failed: 0 }, vm2: { changed: 0, failed: 0 } });
      await does('vm2', 'mount /dev/drbd0 /mnt');
      expect(await does('vm2', 'cat /mnt/note')).toBe('kept');
      await does('vm2', 'umount /mnt');
    },
    long,
  );

  test(
    'options of DRBD 9 are taken up by resources that run',
    async () => {
      const options = {
        drbd_resource_options: { quorum: 'majority', 'on-no-quorum': 'io-error', 'auto-promote': false },
      };
      const { code, text } = await play(options);
      expect(code, text).toBe(0);
      expect(await does('vm1', 'drbdsetup show r0')).toMatch(/quorum\s+majority;[\s\S]*on-no-quorum\s+io-error;/);
      expect((await play(options)).recap).toMatchObject({ vm1: { changed: 0 }, vm2: { changed: 0 } });
      expect(await vms.exec('vm1', 'mount /dev/drbd0 /mnt')).not.toMatchObject({ code: 0 });
      await vms.powerOff('vm2');
      await until(vms, 'vm1', 'drbdadm cstate r0', /^Connecting$/m);
      await until(vms, 'vm1', 'drbdsetup status r0 --json', /"quorum": false/);
      expect(await vms.exec('vm1', 'drbdadm primary r0')).not.toMatchObject({ code: 0 });
      await vms.powerOn('vm2');
      await until(vms, 'vm1', 'drbdadm dstate r0', /^UpToDate\/UpToDate$/m);
      await does('vm1', 'drbdadm primary r0 && mount /dev/drbd0 /mnt && cat /mnt/note && umount /mnt');
    },
    long,
  );
});
