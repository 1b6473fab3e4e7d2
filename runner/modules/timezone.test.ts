import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { openFakeHost } from '../../test/support/fake-commands.ts';
import { folderForEachTest } from '../../test/support/folders.ts';
import { hostForAllTests } from '../../test/support/hosts.ts';
import { OverlayTransport } from '../../test/support/overlay-transport.ts';
import { raw } from '../connection/index.ts';
import timezone from './timezone.ts';

const folder = folderForEachTest('muster-timezone-');

const host = hostForAllTests(() => OverlayTransport.open());

describe('timezone', () => {
  it('sets the zone where no systemd runs', async () => {
    const args = { name: 'Europe/Berlin' };
    expect(await host.run(timezone, args)).toMatchObject({ changed: true });
    const { stdout } = await host.target.run(raw('cat /etc/timezone; readlink /etc/localtime; unset TZ; date +%z'));
    expect(String(stdout)).toMatch(/^Europe\/Berlin\n\/usr\/share\/zoneinfo\/Europe\/Berlin\n\+0[12]00\n$/);
    expect(await host.countRoundTrips(() => host.run(timezone, args))).toBe(1);
    expect(await host.run(timezone, args)).toMatchObject({ changed: false });
    expect(await host.run(timezone, { name: 'Nowhere/At all' })).toMatchObject({
      failed: true,
      msg: 'Error message:\ngiven timezone "Nowhere/At all" is not available',
    });
  });

  it('has timedatectl do it where systemd runs', async () => {
    const systemd = await openFakeHost(folder.path, {
      timedatectl: `case $1 in status) printf '  Time zone: Etc/UTC (UTC, +0000)\\n  RTC in local TZ: no\\n';; *) echo "$@" >>"$FAKE/log";; esac`,
    });
    const result = await systemd.run(timezone, { name: 'Asia/Tokyo', hwclock: 'local' }, { diff: true });
    expect(result).toMatchObject({
      changed: true,
      diff: { before: { name: 'Etc/UTC', hwclock: 'UTC' }, after: { name: 'Asia/Tokyo', hwclock: 'local' } },
    });
    expect(await readFile(folder.at('log'), 'utf8')).toBe('set-timezone Asia/Tokyo\nset-local-rtc yes\n');
    expect(await systemd.run(timezone, { name: 'Etc/UTC', hwclock: 'UTC' })).toMatchObject({ changed: false });
    await systemd.close();
  });
});
