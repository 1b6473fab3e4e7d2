import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openVms, type Vms } from '../lab/vm/vms.ts';
import { type Pages, servePages } from '../roles/pages.ts';
import { makeDebRepository, signedFiles } from '../support/deb-repository.ts';
import { makeSigningKey } from '../support/signing-key.ts';
import { openingMs, runsVms, titled } from './needs.ts';
import { mustDo, type Played, playMuster } from './play.ts';
import { expectNothingToDo } from './unchanged.ts';

const long = 1_200_000;
const hosts = ['vm1', 'vm2'];

// A repository of this machine's stands for LINBIT's. Its packages have the names of LINBIT's, and no kernel module.
describe.runIf(runsVms)(
  titled("the drbd role with a signed repository in place of LINBIT's, on virtual machines"),
  () => {
    let vms: Vms;
    let url: string;
    let pages: Pages;
    const ends: (() => unknown)[] = [];

    beforeAll(async () => {
      vms = await openVms();
      const served = await servePages();
      pages = served.pages;
      url = `http://10.0.2.2:${served.port}`;
      const kernel = await does('vm1', 'uname -r');
      const key = makeSigningKey();
      const other = makeSigningKey();
      const repository = await makeDebRepository([
        { name: 'drbd-dkms', version: '9.2.18-1', files: { 'usr/src/drbd-9.2.18/dkms.conf': 'PACKAGE_NAME=drbd\n' } },
        { name: `linux-headers-${kernel}`, version: '1' },
      ]);
      ends.push(served.close, key.close, other.close, repository.close);
      for (const [name, content] of await signedFiles(repository, key)) pages.set(`/linbit/./${name}`, content);
      pages.set('/key.asc', key.armored);
      pages.set('/other.asc', other.armored);
      for (const host of hosts) await does(host, 'vgcreate -q data /dev/vdb && lvcreate -qy -L 24M -n r0 data');
    }, openingMs);
    afterAll(async () => {
      for (const end of ends) await end();
      await vms?.close();
    }, 60_000);

    const does = (host: string, command: string): Promise<string> => mustDo(vms, host, command);
    const variables = (own: Record<string, unknown>): string[] => [
      '-e',
      JSON.stringify({
        drbd_repository: 'linbit',
        drbd_linbit_source: `deb ${url}/linbit ./`,
        drbd_linbit_key_url: `${url}/key.asc`,
        ...own,
      }),
    ];
    const play = (own: Record<string, unknown> = {}): Promise<Played> => playMuster(vms, 'drbd.yml', variables(own));

    test(
      'without an address of the repository nothing is installed',
      async () => {
        const { code, text } = await play({ drbd_linbit_source: '' });
        expect(text).toContain("LINBIT's packages for Debian need drbd_linbit_source, the line of sources.list.");
        expect(code).toBe(2);
        for (const host of hosts) expect(await does(host, 'ls /etc/apt/sources.list.d')).toBe('');
      },
      long,
    );

    test(
      'what another key signed is not installed, and the line does not stay',
      async () => {
        const { code, text } = await play({ drbd_linbit_key_url: `${url}/other.asc` });
        expect(text).toMatch(/Failed to update apt cache: .*linbit.*(NO_PUBKEY|is not signed)/);
        expect(code).toBe(2);
        for (const host of hosts) {
          expect(await does(host, 'ls /etc/apt/sources.list.d')).toBe('');
          expect(await vms.exec(host, 'command -v drbdadm')).not.toMatchObject({ code: 0 });
        }
      },
      long,
    );

    test(
      'a kernel that has DRBD 8.4 only is told, with what to look at',
      async () => {
        const { code, text } = await play();
        expect(text).toMatch(
          /vm1: the kernel has DRBD 8\.4\.\d+, and DRBD 9 is asked for\. There is no such module for the kernel \S+: see what/,
        );
        expect(code).toBe(2);
        for (const host of hosts) {
          expect(await does(host, 'cat /etc/apt/sources.list.d/linbit.list')).toBe(`deb ${url}/linbit ./`);
          expect(await does(host, 'cat /etc/apt/trusted.gpg.d/linbit.asc')).toBe(`${pages.get('/key.asc')}`.trim());
          expect(await does(host, 'ls /usr/src; dpkg-query -W -f "\\${Version}" drbd-dkms')).toBe(
            'drbd-9.2.18\n9.2.18-1',
          );
          expect(await does(host, 'ls /etc/drbd.d/r0.res 2>/dev/null; true')).toBe('');
        }
      },
      long,
    );

    test(
      'it goes on with 8.4 when that is asked for, and changes nothing again; nor does ansible-playbook',
      async () => {
        const asked = { drbd_generation: '8' };
        const { code, text } = await play(asked);
        expect(code, text).toBe(0);
        expect(await does('vm1', 'drbdadm dstate r0')).toBe('UpToDate/UpToDate');
        await expectNothingToDo(vms, 'drbd.yml', variables(asked));
      },
      long,
    );
  },
);
