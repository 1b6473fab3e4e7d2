import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFakeHost } from '../../test/support/fake-commands.ts';
import { folderForEachTest } from '../../test/support/folders.ts';
import type { ModuleHost } from '../../test/support/module-host.ts';
import reboot from './reboot.ts';

const folder = folderForEachTest('muster-reboot-');
let host: ModuleHost;
beforeEach(async () => {
  folder.write('boot', 'first\n');
  host = await openFakeHost(folder.path, {
    shutdown: 'echo "$@" >"$FAKE/told"; echo second >"$FAKE/boot"',
    dead: 'exit 0',
    broken: 'echo "no $1" >&2; exit 1',
  });
});
afterEach(() => host.close());

const args = (): Record<string, unknown> => ({
  boot_time_command: 'cat "$FAKE/boot"',
  search_paths: [folder.at('bin')],
});

describe('reboot', () => {
  it('gives the command and waits until the host was started anew', async () => {
    expect(await host.run(reboot, { ...args(), msg: "it's time", pre_reboot_delay: 130 })).toMatchObject({
      changed: true,
      rebooted: true,
      elapsed: expect.any(Number),
    });
    expect(await readFile(folder.at('told'), 'utf8')).toBe("-r 2 it's time\n");
  });

  it('takes what busybox has where there is no shutdown', async () => {
    folder.write('plain/reboot', '#!/bin/sh\necho "plain$@" >"$FAKE/told"; echo second >"$FAKE/boot"\n', 0o755);
    expect(await host.run(reboot, { ...args(), search_paths: [folder.at('plain')] })).toMatchObject({ rebooted: true });
    expect(await readFile(folder.at('told'), 'utf8')).toBe('plain\n');
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
      msg: `Unable to find command "nothing" in search paths: ['${folder.path}/bin']`,
    });
    expect(await host.run(reboot, { ...args(), reboot_command: `${folder.path}/bin/broken now` })).toMatchObject({
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
    expect(await readFile(folder.at('boot'), 'utf8')).toBe('first\n');
  });
});
