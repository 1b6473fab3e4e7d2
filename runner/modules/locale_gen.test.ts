import { beforeAll, describe, expect, it } from 'vitest';
import { hostForAllTests } from '../../test/support/hosts.ts';
import { OverlayTransport } from '../../test/support/overlay-transport.ts';
import { raw } from '../connection/index.ts';
import localeGen from './locale_gen.ts';

// This machine with made-up tools, which keep the list of locales in a file.
const host = hostForAllTests(() => OverlayTransport.open());
const sh = async (command: string): Promise<string> => String((await host.target.run(raw(command))).stdout);
const put = (path: string, text: string) => sh(`cat >${path} <<'EOF'\n${text}\nEOF\nchmod 755 ${path}`);
beforeAll(async () => {
  await sh('rm -rf /var/lib/locales; for f in $(which -a locale locale-gen); do rm -f $f; done; echo C >/installed');
  await put('/usr/bin/locale', '#!/bin/sh\ncat /installed');
  await put(
    '/usr/bin/locale-gen',
    `#!/bin/sh
echo "locale-gen $*" >>/log
[ ! -e /broken ] || { echo "no memory" >&2; exit 3; }
echo C >/installed
case $1 in
'') sed -n 's/^\\([^# ]*\\)\\.UTF-8 .*/\\1.utf8/p; s/^\\([^# .]*\\) .*/\\1/p' /etc/locale.gen >>/installed;;
--purge) sed 's/\\.UTF-8.*/.utf8/' /var/lib/locales/supported.d/local >>/installed;;
*) echo "$1 UTF-8" >>/var/lib/locales/supported.d/local; sed 's/\\.UTF-8.*/.utf8/' /var/lib/locales/supported.d/local >>/installed;;
esac`,
  );
}, 30_000);

describe('locale_gen', () => {
  it('uncomments the line and generates, once; and the other way round', async () => {
    await put('/etc/locale.gen', '# All of them:\n\n# de_CH ISO-8859-1\n# de_CH.UTF-8 UTF-8\nen_US.UTF-8 UTF-8');
    const args = { name: 'de_CH.UTF-8' };
    expect(await host.run(localeGen, args, { check: true })).toMatchObject({ changed: true });
    expect(await sh('cat /log 2>/dev/null')).toBe('');
    expect(await host.run(localeGen, args)).toEqual({ changed: true, name: 'de_CH.UTF-8', msg: 'OK' });
    const on = '# All of them:\n\n# de_CH ISO-8859-1\nde_CH.UTF-8 UTF-8\nen_US.UTF-8 UTF-8\n';
    expect(await sh('cat /etc/locale.gen')).toBe(on);
    expect(await host.countRoundTrips(() => host.run(localeGen, args))).toBe(1);
    expect(await host.run(localeGen, args)).toMatchObject({ changed: false });
    expect(await host.run(localeGen, { ...args, state: 'absent' })).toMatchObject({ changed: true });
    expect(await sh('cat /etc/locale.gen')).toBe(on.replace('\nde_CH.U', '\n# de_CH.U'));
    expect(await host.run(localeGen, { ...args, state: 'absent' })).toMatchObject({ changed: false });
  });

  it('refuses what is no locale, and tells what locale-gen said', async () => {
    expect(await host.run(localeGen, { name: 'xx_YY.UTF-8' })).toMatchObject({
      failed: true,
      msg: "The locale 'xx_YY.UTF-8' is not one that this host can have",
    });
    await sh('echo >/broken');
    expect(await host.run(localeGen, { name: 'de_CH' })).toMatchObject({
      failed: true,
      msg: 'locale-gen failed, with exit code 3: no memory',
      exitValue: 3,
    });
    await sh('rm /broken');
  });

  it("knows Ubuntu's way", async () => {
    await sh('mkdir -p /var/lib/locales/supported.d /usr/share/i18n; : >/log');
    await put('/usr/share/i18n/SUPPORTED', 'de_CH ISO-8859-1\nde_CH.UTF-8 UTF-8');
    await put('/var/lib/locales/supported.d/local', 'en_GB.UTF-8 UTF-8');
    const args = { name: 'de_CH.UTF-8' };
    await sh('echo C >/installed');
    expect(await host.run(localeGen, args)).toMatchObject({ changed: true });
    expect(await host.run(localeGen, args)).toMatchObject({ changed: false });
    expect(await host.run(localeGen, { ...args, state: 'absent' })).toMatchObject({ changed: true });
    expect(await sh('cat /var/lib/locales/supported.d/local /log')).toBe(
      'en_GB.UTF-8 UTF-8\nlocale-gen de_CH.UTF-8\nlocale-gen --purge\n',
    );
  });
});
