import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFakeHost } from '../../test/support/fake-commands.ts';
import { folderForEachTest } from '../../test/support/folders.ts';
import type { ModuleHost } from '../../test/support/module-host.ts';
import { insertPlace } from './shared/firewall/ufw-state.ts';
import ufw from './ufw.ts';

const active = `Status: active
Logging: on (low)
Default: deny (incoming), allow (outgoing), disabled (routed)
New profiles: skip

To                         Action      From
--                         ------      ----
22/tcp                     ALLOW IN    Anywhere
`;
const v4 = '### tuple ### allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in';
const v6 = '### tuple ### allow tcp 22 ::/0 any ::/0 in';
const numbered = `Status: active
[ 1] 22/tcp                     ALLOW IN    Anywhere
[ 2] 80/tcp                     ALLOW IN    Anywhere
[ 3] 22/tcp (v6)                ALLOW IN    Anywhere (v6)
`;

const folder = folderForEachTest('muster-ufw-');
let host: ModuleHost;
beforeEach(async () => {
  host = await openFakeHost(folder.path, {
    // What ufw 0.36.2 says. The rules are what grep finds.
    ufw: `case "$*" in
'status verbose') cat "$FAKE/status"; exit;;
'status numbered') cat "$FAKE/numbered"; exit;;
--version) cat "$FAKE/version"; exit;;
esac
printf '%s\\n' "$*" >>"$FAKE/log"
case "$*" in
*nowhere*) echo "ERROR: Bad source address" >&2; exit 1;;
--dry-run*) cat "$FAKE/dry";;
*enable) echo "Status: active" >"$FAKE/status";;
*'allow from any to any port 80'*) echo "### tuple ### allow any 80 0.0.0.0/0 any 0.0.0.0/0 in" >>"$FAKE/rules";;
esac`,
    grep: 'cat "$FAKE/rules"',
  });
  for (const [name, text] of Object.entries({
    status: active,
    numbered,
    rules: `${v4}\n${v6}\n`,
    dry: '',
    version: 'ufw 0.36.2\n',
  })) {
    folder.write(name, text);
  }
});
afterEach(() => host.close());
const log = () => folder.take('log');
const run = (args: object, options = {}) => host.run(ufw, { ...args }, options);

describe('ufw', () => {
  it('adds a rule in one round trip, and sees whether it was there', async () => {
    const args = { rule: 'allow', port: '80' };
    expect(await run(args)).toMatchObject({
      changed: true,
      commands: ['ufw allow from any to any port 80'],
      msg: active.trimEnd(),
    });
    expect(await host.countRoundTrips(() => run({ rule: 'allow', port: '22', proto: 'tcp' }))).toBe(1);
    expect(await run({ rule: 'allow', port: '22', proto: 'tcp' })).toMatchObject({ changed: false });
  });

  it('writes rules in the long form', async () => {
    const cases: [object, string][] = [
      [
        { rule: 'deny', direction: 'out', interface: 'eth0', from_ip: '10.0.0.0/8', log: true },
        'deny out on eth0 log from 10.0.0.0/8 to any',
      ],
      [{ rule: 'limit', name: 'OpenSSH', delete: true, insert: 1 }, 'delete limit from any to any app OpenSSH'],
      [
        {
          rule: 'allow',
          route: true,
          if_in: 'a',
          if_out: 'b',
          from_port: '1',
          to: '::1',
          to_port: '2:3',
          proto: 'udp',
        },
        'route allow in on a out on b from any port 1 to ::1 port 2:3 proto udp',
      ],
      [{ rule: 'reject', insert: 2, comment: "it's so" }, "insert 2 reject from any to any comment it's so"],
      [{ rule: 'allow', insert: 0, insert_relative_to: 'first-ipv6' }, 'insert 3 allow from any to any'],
    ];
    for (const [args, expected] of cases) {
      await run(args);
      expect(log()).toBe(`${expected}\n`);
    }
    folder.write('version', 'ufw 0.33\n');
    await run({ rule: 'reject', comment: 'no' });
    expect(log()).toBe('reject from any to any\n');
  });

  it('sets state, default and logging, in that order', async () => {
    const args = { state: 'enabled', policy: 'deny', direction: 'incoming', logging: 'low' };
    expect(await run(args)).toMatchObject({ changed: true });
    folder.write('status', active);
    expect(log()).toBe('-f enable\ndefault deny incoming\nlogging low\n');
    expect(await run({ logging: 'low' })).toMatchObject({ changed: false });
    expect(await run({ logging: 'high' })).toMatchObject({ changed: true });
    expect(await run({ state: 'reloaded' })).toMatchObject({ changed: true });
  });

  it('predicts', async () => {
    const check = { check: true };
    expect(await run({ state: 'enabled', default: 'deny', logging: 'on' }, check)).toMatchObject({ changed: false });
    for (const args of [{ state: 'disabled' }, { default: 'reject' }, { logging: 'off' }, { logging: 'high' }]) {
      expect(await run(args, check)).toMatchObject({ changed: true });
    }
    expect(log()).toBe('');
    const predict = async (dry: string, args: object) => {
      folder.write('dry', dry);
      return (await run({ rule: 'allow', ...args }, check)).changed;
    };
    expect(await predict('Skipping adding existing rule\nSkipping adding existing rule (v6)\n', { port: '22' })).toBe(
      false,
    );
    expect(await predict(`*filter\n${v4}\n${v6}\n### tuple ### allow any 80 ::/0 any ::/0 in\n`, { port: '80' })).toBe(
      true,
    );
    expect(await predict(`*filter\n${v4}\n`, { from_ip: '0.0.0.0/0' })).toBe(false);
    expect(await predict(`${v4}\n### tuple ### allow any 1 0.0.0.0/0 any 1.2.3.4 in\n`, { from_ip: '1.2.3.4' })).toBe(
      true,
    );
    expect(await predict(`*filter\n${v6}\n`, { to_ip: '::1' })).toBe(false);
    expect(log()).toContain('--dry-run allow from any to any port 22\n');
  });

  it('says what is wrong', async () => {
    expect(await run({ rule: 'allow', from: 'nowhere' })).toMatchObject({
      failed: true,
      msg: 'ERROR: Bad source address',
      commands: ['ufw allow from nowhere to any'],
    });
    const wrong: object[] = [
      { rule: 'allow', direction: 'incoming' },
      { default: 'deny', direction: 'in' },
      { rule: 'allow', if_in: 'a', if_out: 'b' },
      { rule: 'allow', interface: 'a' },
      { port: '22' },
    ];
    for (const args of wrong) expect(await run(args)).toMatchObject({ failed: true });
  });
});

it('counts places of rules', () => {
  const place = (insert: number, relative: Parameters<typeof insertPlace>[2]) =>
    insertPlace(numbered, insert, relative);
  expect([place(0, 'first-ipv4'), place(-1, 'last-ipv4'), place(0, 'first-ipv6'), place(0, 'last-ipv6')]).toEqual([
    1, 1, 3, 3,
  ]);
  expect(place(1, 'last-ipv6')).toBeUndefined();
  expect(insertPlace('', 0, 'first-ipv4')).toBeUndefined();
});
