import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFakeHost } from '../../test/support/fake-commands.ts';
import type { ModuleHost } from '../../test/support/module-host.ts';
import service from './service.ts';
import systemd from './systemd.ts';

// Keeps each unit's state in files, and a list of what it was told to do.
const systemctl = `
while :; do case $1 in --*) echo "$1" >>"$FAKE/options"; shift;; *) break;; esac; done
verb=$1 unit=$2
case $verb in
show)
  [ -e "$FAKE/$unit.active" ] || { printf 'LoadState=not-found\\nActiveState=inactive\\n'; exit 0; }
  printf 'Id=%s.service\\nExecStart={ path=/bin/true ; argv[]=/bin/true\\nsecond line }\\nDescription={ a = b\\nLoadState=loaded\\nActiveState=%s\\n' "$unit" "$(cat "$FAKE/$unit.active")";;
is-enabled) cat "$FAKE/$unit.enabled"; [ "$(cat "$FAKE/$unit.enabled")" = enabled ];;
start|restart|stop|reload|enable|disable|mask|unmask|daemon-reload|daemon-reexec)
  echo "$verb $unit" >>"$FAKE/log"
  [ -e "$FAKE/refuse" ] && { echo "Job for $unit failed." >&2; exit 1; }
  case $verb in
  start|restart) echo active >"$FAKE/$unit.active";; stop) echo inactive >"$FAKE/$unit.active";;
  enable|unmask) echo enabled >"$FAKE/$unit.enabled";; disable) echo disabled >"$FAKE/$unit.enabled";;
  mask) echo masked >"$FAKE/$unit.enabled";;
  esac;;
*) exit 1;;
esac
exit`;

let folder: string;
let host: ModuleHost;
const log = async (): Promise<string[]> =>
  (await readFile(join(folder, 'log'), 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
const unit = async (name: string, active: string, enabled: string): Promise<void> => {
  await writeFile(join(folder, `${name}.active`), `${active}\n`);
  await writeFile(join(folder, `${name}.enabled`), `${enabled}\n`);
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-systemd-'));
  host = await openFakeHost(folder, { systemctl });
});
afterEach(async () => {
  await host.close();
  await rm(folder, { recursive: true });
});

describe('systemd', () => {
  it('starts and enables, and does nothing the second time', async () => {
    await unit('web', 'inactive', 'disabled');
    const args = { name: 'web', state: 'started', enabled: true };
    const first = await host.run(systemd, args);
    expect(first).toMatchObject({ changed: true, name: 'web', state: 'started', enabled: true });
    expect(first.status).toMatchObject({
      ActiveState: 'inactive',
      ExecStart: '{ path=/bin/true ; argv[]=/bin/true\nsecond line }',
      Description: '{ a = b',
    });
    expect(await log()).toEqual(['enable web', 'start web']);
    expect(await host.countRoundTrips(() => host.run(systemd, args))).toBe(1);
    expect(await host.run(systemd, args)).toMatchObject({ changed: false, enabled: true });
    expect(await log()).toHaveLength(2);
  });

  it('predicts under --check and touches nothing', async () => {
    await unit('web', 'active', 'enabled');
    const result = await host.run(systemd, { name: 'web', state: 'stopped', daemon_reload: true }, { check: true });
    expect(result).toMatchObject({ changed: true, state: 'stopped' });
    expect(await log()).toEqual([]);
  });

  it('restarts what runs and starts what does not', async () => {
    await unit('web', 'active', 'enabled');
    await unit('idle', 'inactive', 'enabled');
    expect(await host.run(systemd, { name: 'web', state: 'restarted' })).toMatchObject({
      changed: true,
      state: 'started',
    });
    expect(await host.run(systemd, { name: 'idle', state: 'reloaded' })).toMatchObject({
      changed: true,
      state: 'started',
    });
    expect(await log()).toEqual(['restart web', 'start idle']);
  });

  it('reloads the manager first, alone without a change', async () => {
    expect(await host.run(systemd, { daemon_reload: true, daemon_reexec: true })).toMatchObject({
      changed: false,
      name: null,
      status: {},
    });
    expect(await log()).toEqual(['daemon-reload ', 'daemon-reexec ']);
  });

  it('masks and unmasks', async () => {
    await unit('web', 'inactive', 'enabled');
    expect(await host.run(systemd, { name: 'web', masked: true })).toMatchObject({ changed: true });
    expect(await host.run(systemd, { name: 'web', masked: true })).toMatchObject({ changed: false });
    expect(await host.run(systemd, { name: 'web', masked: false })).toMatchObject({ changed: true });
    expect(await log()).toEqual(['mask web', 'unmask web']);
  });

  it('passes scope, no_block and force on', async () => {
    await unit('web', 'inactive', 'enabled');
    await host.run(systemd, { name: 'web', state: 'started', scope: 'user', no_block: true, force: true });
    const options = await readFile(join(folder, 'options'), 'utf8');
    expect([...new Set(options.trim().split('\n'))]).toEqual(['--user', '--no-block', '--force']);
  });

  it('fails for a missing service, a refused start and a pattern', async () => {
    expect(await host.run(systemd, { name: 'nope', state: 'started' })).toMatchObject({
      failed: true,
      msg: 'Could not find the requested service nope: host',
    });
    await unit('web', 'inactive', 'enabled');
    await writeFile(join(folder, 'refuse'), '');
    expect(await host.run(systemd, { name: 'web', state: 'started' })).toMatchObject({
      failed: true,
      msg: 'Unable to start service web: Job for web failed.\n',
    });
    expect((await host.run(systemd, { name: 'web*', state: 'started' })).failed).toBe(true);
  });
});

describe('service on systemd', () => {
  it('does what systemd does', async () => {
    await unit('web', 'inactive', 'disabled');
    const variables = { ansible_service_mgr: 'systemd' };
    const args = { name: 'web', state: 'started', enabled: true };
    expect(await host.run(service, args, { variables })).toMatchObject({
      changed: true,
      state: 'started',
      status: { ActiveState: 'inactive' },
    });
    expect(await host.run(service, args, { variables })).toMatchObject({ changed: false });
    expect(await host.countRoundTrips(() => host.run(service, { ...args, use: 'systemd' }))).toBe(1);
  });
});

describe('service on OpenRC', () => {
  it('adds to the run level and starts', async () => {
    await host.close();
    host = await openFakeHost(folder, {
      'rc-service': `case $2 in
status) [ -e "$FAKE/up" ] && { echo ' * status: started'; exit 0; }; echo ' * status: stopped'; exit 3;;
start) : >"$FAKE/up";; stop) rm "$FAKE/up";; esac
echo "$@" >>"$FAKE/log"`,
      'rc-update': `case $1 in show) cat "$FAKE/levels" 2>/dev/null;; add) echo "  $2 | $3" >"$FAKE/levels";; delete) rm "$FAKE/levels";; esac
exit 0`,
    });
    const args = { name: 'web', state: 'started', enabled: true, use: 'openrc' };
    expect(await host.run(service, args)).toMatchObject({
      changed: true,
      state: 'started',
      enabled: true,
      name: 'web',
    });
    expect(await host.run(service, args)).toMatchObject({ changed: false });
    expect(await host.run(service, { ...args, state: 'restarted' })).toMatchObject({ changed: true, state: 'started' });
    expect(await host.run(service, { ...args, state: 'stopped', enabled: false })).toMatchObject({ changed: true });
    expect(await host.run(service, { ...args, state: 'stopped', enabled: false })).toMatchObject({ changed: false });
    expect(await log()).toEqual(['web start ', 'web restart ', 'web stop '].map((line) => line.trim()));
  });
});
