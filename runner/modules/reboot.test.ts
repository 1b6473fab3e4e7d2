import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFakeHost } from '../../test/support/fake-commands.ts';
import type { ModuleHost } from '../../test/support/module-host.ts';
import reboot from './reboot.ts';

let folder: string;
let host: ModuleHost;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-reboot-'));
  await writeFile(join(folder, 'boot'), 'first\n');
  host = await openFakeHost(folder, {
    shutdown: 'echo "$@" >"$FAKE/told"; echo second >"$FAKE/boot"',
    dead: 'exit 0',
    broken: 'echo "no $1" >&2; exit 1',
  });
});
afterEach(async () => {
  await host.close();
  await rm(folder, { recursive: true });
});

const args = (): Record<string, unknown> => ({
  boot_time_command: 'cat "$FAKE/boot"',
  search_paths: [join(folder, 'bin')],
});

describe('reboot', () => {
  it('gives the command and waits until the host was started anew', async () => {
    expect(await host.run(reboot, { ...args(), msg: "it's time", pre_reboot_delay: 130 })).toMatchObject({
      changed: true,
      rebooted: true,
      elapsed: expect.any(Number),
    });
    expect(await readFile(join(folder, 'told'), 'utf8')).toBe("-r 2 it's time\n");
  });

  it('gives up when the host is not started anew, or never ready', async () => {
    expect(await host.run(reboot, { ...args(), reboot_command: 'dead', reboot_timeout: 1 })).toMatchObject({
      failed: true,
      rebooted: true,
      msg: 'Timed out waiting for last boot time check (timeout=1)',
    });
    expect(await host.run(reboot, { ...args(), test_command: 'false', reboot_timeout: 1 })).toMatchObject({
      failed: true,
      msg: 'Timed out waiting for post-reboot test command (timeout=1)',
    });
  });

  it('tells when the command is missing or fails', async () => {
    expect(await host.run(reboot, { ...args(), reboot_command: 'nothing -x' })).toMatchObject({
      failed: true,
      msg: `Unable to find command "nothing" in search paths: ['${folder}/bin']`,
    });
    expect(await host.run(reboot, { ...args(), reboot_command: `${folder}/bin/broken now` })).toMatchObject({
      failed: true,
      rebooted: false,
      msg: "Reboot command failed. Error was: ', no now'",
    });
  });

  it('never reboots the controller, and only predicts under --check', async () => {
    expect(await host.run(reboot, {}, { variables: { ansible_connection: 'local' } })).toMatchObject({
      failed: true,
      rebooted: false,
    });
    expect(await host.run(reboot, args(), { check: true })).toEqual({ changed: true, elapsed: 0, rebooted: true });
    expect(await readFile(join(folder, 'boot'), 'utf8')).toBe('first\n');
  });
});
