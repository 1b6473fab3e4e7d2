import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ModuleHost, openModuleHost } from '../../test/support/module-host.ts';
import { OverlayTransport } from '../../test/support/overlay-transport.ts';
import { raw } from '../connection/index.ts';
import alternatives from './alternatives.ts';
import { readAlternatives } from './shared/system/alternatives-list.ts';

let host: ModuleHost;
const sh = async (command: string): Promise<string> => String((await host.target.run(raw(command))).stdout);
beforeAll(async () => {
  host = await openModuleHost(await OverlayTransport.open());
  await sh('mkdir /opt/t; for f in a b a.1 b.1; do echo >/opt/t/$f; done');
}, 30_000);
afterAll(() => host.close());

describe('alternatives', () => {
  const a = { name: 'mu-edit', path: '/opt/t/a', link: '/usr/bin/mu-edit', priority: 10 };

  it('installs and selects, then leaves as it is', async () => {
    expect(await host.run(alternatives, a, { check: true, diff: true })).toMatchObject({
      changed: true,
      diff: [{ before: { state: 'absent' }, after: { state: 'selected', priority: 10, link: a.link } }],
    });
    expect(await host.run(alternatives, a)).toMatchObject({
      changed: true,
      msg: "Install alternative '/opt/t/a' for 'mu-edit'. Set alternative '/opt/t/a' for 'mu-edit'.",
    });
    expect(await sh('readlink -f /usr/bin/mu-edit')).toBe('/opt/t/a\n');
    expect(await host.countRoundTrips(() => host.run(alternatives, a))).toBe(1);
    expect(await host.run(alternatives, { name: 'mu-edit', path: '/opt/t/a' })).toMatchObject({
      changed: false,
      msg: '',
    });
  });

  it('adds one that is better without choosing it, with what follows it', async () => {
    const link = '/usr/share/mu-edit.1';
    const b = {
      name: 'mu-edit',
      path: '/opt/t/b',
      priority: 20,
      state: 'present',
      subcommands: [{ name: 'mu-edit.1', path: '/opt/t/b.1', link }],
    };
    expect(await host.run(alternatives, b)).toMatchObject({ changed: true });
    expect(await host.run(alternatives, b)).toMatchObject({ changed: false });
    expect(await sh('readlink -f /usr/bin/mu-edit')).toBe('/opt/t/a\n');
    const auto = { name: 'mu-edit', path: '/opt/t/b', state: 'auto' };
    expect(await host.run(alternatives, auto)).toMatchObject({ changed: true });
    expect(await host.run(alternatives, auto)).toMatchObject({ changed: false });
    expect(await sh(`readlink -f ${link}`)).toBe('/opt/t/b.1\n');
    expect(await host.run(alternatives, { ...b, subcommands: [] })).toMatchObject({ changed: true });
    expect(await host.run(alternatives, { ...b, priority: 21, subcommands: [] })).toMatchObject({ changed: true });
    expect(await sh('update-alternatives --query mu-edit | grep -A1 /opt/t/b')).toContain('Priority: 21');
  });

  it('removes', async () => {
    const gone = { name: 'mu-edit', path: '/opt/t/a', state: 'absent' };
    expect(await host.run(alternatives, gone)).toMatchObject({ changed: true });
    expect(await host.run(alternatives, gone)).toMatchObject({ changed: false });
    expect(await sh('update-alternatives --list mu-edit')).toBe('/opt/t/b\n');
  });

  it('says what is missing', async () => {
    expect(await host.run(alternatives, { ...a, path: '/opt/t/none' })).toMatchObject({
      failed: true,
      msg: 'Specified path /opt/t/none does not exist',
    });
    expect(await host.run(alternatives, { name: 'mu-other', path: '/opt/t/a' })).toMatchObject({ failed: true });
  });
});

it('reads the list of Red Hat', () => {
  const text = `java - status is manual.
 link currently points to /usr/lib/jvm/17/bin/java
/usr/lib/jvm/17/bin/java - family java-17 priority 17000
 slave jre: /usr/lib/jvm/17
 slave alt: (null)
Current \`best' version is /usr/lib/jvm/17/bin/java.
`;
  expect(readAlternatives(text, [{ name: 'jre', path: '/x', link: '/usr/lib/jvm/jre' }])).toEqual({
    mode: 'manual',
    current: '/usr/lib/jvm/17/bin/java',
    link: undefined,
    known: new Map([
      [
        '/usr/lib/jvm/17/bin/java',
        { priority: 17000, subcommands: [{ name: 'jre', path: '/usr/lib/jvm/17', link: '/usr/lib/jvm/jre' }] },
      ],
    ]),
  });
});
