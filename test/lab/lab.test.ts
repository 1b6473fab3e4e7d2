import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConnectionPool, type ConnectionSpec, raw } from '../../runner/connection/index.ts';
import { isRoot } from '../support/sshd.ts';
import { debianBasePath } from './debian-base.ts';
import { findLab, type Lab, labStatus, openLab } from './lab.ts';
import { bridgeName } from './network.ts';

const hasNspawn = existsSync('/usr/bin/systemd-nspawn');
/** What the machine has of a lab. */
const traces = (name: string): string[] =>
  ['ip netns', 'mount', 'ip link', 'ps -eo args']
    .flatMap((command) => execFileSync('sh', ['-c', command]).toString().split('\n'))
    .filter((line) => line.includes(name) || line.includes(bridgeName(name)));

const specOf = (lab: Lab, user: string): ConnectionSpec => ({
  host: lab.hosts[0]!.name,
  connection: 'ssh',
  address: lab.hosts[0]!.address,
  port: undefined,
  user,
  password: undefined,
  privateKeyFile: lab.key,
  passphrase: undefined,
  sshArgs: [`-F none -o UserKnownHostsFile=${lab.knownHosts}`],
  timeout: 10,
  hostKeyChecking: true,
  become: undefined,
  shell: '/bin/sh',
});

describe.runIf(isRoot && hasNspawn)('a lab of busybox hosts (needs root and systemd-container)', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await openLab({ hosts: 2, kind: 'busybox' });
  }, 120_000);
  afterAll(() => lab?.close());

  test('has hosts that answer, with nothing but busybox', async () => {
    for (const { name, address } of lab.hosts) {
      expect(await lab.exec(name, 'hostname; ls -l /bin/sh; command -v python3 bash perl')).toMatchObject({
        stdout: expect.stringMatching(new RegExp(`^${name}\n.*-> /bin/busybox\n$`)),
      });
      expect(await readFile(lab.inventory, 'utf8')).toContain(`${name} ansible_host=${address}\n`);
    }
    expect(labStatus(lab.name).map(({ isRunning }) => isRunning)).toEqual([true, true]);
    expect(findLab(lab.name)?.hosts).toEqual(lab.hosts);
  });

  test('is reached by connections, as root and as a plain user', async () => {
    const pool = new ConnectionPool({ warn: () => {} });
    try {
      for (const user of ['root', 'deploy']) {
        const target = await pool.target(specOf(lab, user));
        expect((await target.run(raw('id -un'))).stdout.toString()).toBe(`${user}\n`);
        await target.put(Buffer.from('there'), `${await target.temporaryDirectory()}/file`);
      }
    } finally {
      await pool.close();
    }
    expect((await lab.exec('box1', 'ls /tmp')).stdout).toBe('');
  });

  test('can be made fresh, switched off and on', async () => {
    await lab.exec('box1', 'echo kept >/etc/kept');
    await lab.powerOff('box1');
    expect((await lab.exec('box1', 'true')).code).toBe(255);
    await lab.powerOn('box1');
    expect((await lab.exec('box1', 'cat /etc/kept')).stdout).toBe('kept\n');
    await lab.freshen('box1');
    expect((await lab.exec('box1', 'cat /etc/kept')).code).toBe(1);
  });

  test('can reboot itself, and keeps its disk', async () => {
    const bootNumber = async () => (await lab.exec('box2', 'cat /proc/sys/kernel/random/boot_id')).stdout;
    const before = await bootNumber();
    await lab.exec('box2', 'echo kept >/etc/kept; echo gone >/dev/shm/gone; reboot');
    await expect.poll(bootNumber, { timeout: 60_000 }).not.toMatch(new RegExp(`^(${before})?$`));
    expect(await lab.exec('box2', 'cat /etc/kept; ls /dev/shm')).toMatchObject({ stdout: 'kept\n', code: 0 });
    expect(labStatus(lab.name).map(({ isRunning }) => isRunning)).toEqual([true, true]);
  });

  test('that lose their power are noticed, and reached again later', async () => {
    const pool = new ConnectionPool({ warn: () => {} });
    try {
      const target = await pool.target(specOf(lab, 'root'));
      await target.run(raw(':'));
      await lab.powerOff('box1');
      await expect(target.run(raw(':'), { timeoutMs: 100 })).rejects.toThrow('0.1 s');
      const gone = pool.target({ ...specOf(lab, 'root'), timeout: 1 }).then((again) => again.run(raw(':')));
      await expect(gone).rejects.toThrow(/cannot connect to [\d.]+ port 22/);
      await lab.powerOn('box1');
      expect((await target.run(raw('echo back'))).stdout.toString()).toBe('back\n');
    } finally {
      await pool.close();
    }
  });

  test('leaves nothing behind', async () => {
    expect(traces(lab.name).length).toBeGreaterThan(4);
    await lab.close();
    expect(traces(lab.name)).toEqual([]);
    expect(existsSync(lab.directory)).toBe(false);
    expect(findLab(lab.name)).toBeUndefined();
  });
});

const isCached = existsSync(await debianBasePath());
describe.runIf(isRoot && hasNspawn && isCached)(
  'a lab of Debian hosts (needs root, systemd-container, and the base system that `npm run lab -- up` makes once)',
  () => {
    let lab: Lab;
    beforeAll(async () => {
      lab = await openLab({ hosts: 2 });
    }, 120_000);
    afterAll(() => lab?.close());

    test('has systemd, python3, users, packages and each other', async () => {
      expect((await lab.exec('web1', 'systemctl is-system-running')).stdout).toBe('running\n');
      expect((await lab.exec('web1', 'python3 -c "import apt; print(1)"')).stdout).toBe('1\n');
      expect((await lab.exec('web1', 'sudo -u deploy sudo -n id -un')).stdout).toBe('root\n');
      expect(await lab.exec('web1', 'apt-get update && apt-get install -y lab-app')).toMatchObject({ code: 0 });
      expect((await lab.exec('web1', "dpkg-query -W -f '${Package} ' 'lab-*'")).stdout).toBe(
        'lab-app lab-base lab-extra lab-hello ',
      );
      expect((await lab.exec('web1', `ping -c 1 -W 2 ${lab.hosts[1]!.address}`)).code).toBe(0);
    });

    test('is made fresh', async () => {
      await lab.exec('web1', 'touch /etc/mark');
      await lab.freshen('web1');
      expect((await lab.exec('web1', 'test -e /etc/mark')).code).toBe(1);
      expect((await lab.exec('web2', 'true')).code).toBe(0);
    });
  },
);
