import { beforeAll, describe, expect, it } from 'vitest';
import { hostForAllTests } from '../../test/support/hosts.ts';
import { OverlayTransport } from '../../test/support/overlay-transport.ts';
import { raw } from '../connection/index.ts';
import modprobe from './modprobe.ts';

// A copy of this machine whose modprobe only writes down what it is told.
const host = hostForAllTests(() => OverlayTransport.open());
const sh = async (command: string): Promise<string> => String((await host.target.run(raw(command))).stdout);
beforeAll(async () => {
  await sh(`mkdir -p /etc/modules-load.d /etc/modprobe.d
printf '#!/bin/sh\\ncase $* in *broken*) echo "modprobe: FATAL" >&2; exit 1;; esac; echo "$@" >>/modprobe.log\\n' >/usr/sbin/modprobe; chmod +x /usr/sbin/modprobe`);
}, 30_000);

describe('modprobe', () => {
  it('loads with parameters', async () => {
    const args = { name: 'dummy_x', params: 'numdummies=2 debug="a b"' };
    expect(await host.run(modprobe, args, { check: true })).toMatchObject({ changed: true });
    expect(await host.run(modprobe, args)).toEqual({ changed: true, ...args, state: 'present' });
    expect(await sh('cat /modprobe.log')).toBe('dummy_x numdummies=2 debug=a b\n');
    expect(await host.run(modprobe, { name: 'broken' })).toMatchObject({
      failed: true,
      msg: 'modprobe: FATAL\n',
      rc: 1,
    });
  });

  it('leaves out what is not loaded in one round trip', async () => {
    const args = { name: 'dummy_x', state: 'absent' };
    expect(await host.countRoundTrips(() => host.run(modprobe, args))).toBe(1);
    expect(await host.run(modprobe, args)).toMatchObject({ changed: false });
  });

  it('has it loaded at boot, and not any more', async () => {
    const args = { name: 'dummy_y', state: 'absent', params: 'a=1 b=2', persistent: 'present' };
    await sh('echo "options dummy_y a=0" >/etc/modprobe.d/old.conf');
    expect(await host.run(modprobe, args)).toMatchObject({ changed: true });
    const look = 'cat /etc/modules-load.d/dummy_y.conf /etc/modprobe.d/dummy_y.conf /etc/modprobe.d/old.conf';
    expect(await sh(look)).toBe('dummy_y\noptions dummy_y a=1\noptions dummy_y b=2\n#options dummy_y a=0\n');
    expect(await host.run(modprobe, args)).toMatchObject({ changed: false });
    expect(await host.run(modprobe, { ...args, persistent: 'absent' })).toMatchObject({ changed: true });
    expect(await sh(look)).toBe('#dummy_y\n#options dummy_y a=1\n#options dummy_y b=2\n#options dummy_y a=0\n');
    expect(await host.run(modprobe, { ...args, persistent: 'absent' })).toMatchObject({ changed: false });
  });
});
