import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDebRepository } from '../support/deb-repository.ts';
import { withLock } from './lock.ts';
import { debianMirror } from './mirror.ts';
import { cacheDirectory } from './places.ts';
import { run } from './run.ts';

const packages = [
  'systemd',
  'systemd-sysv',
  'udev',
  'dbus',
  'openssh-server',
  'python3',
  'python3-apt',
  'sudo',
  'acl',
  'cron',
  'iproute2',
  'iptables',
  'iputils-ping',
  'kmod',
  'procps',
  'psmisc',
  'ca-certificates',
];

// Services that have nothing to do in a host without hardware and internet, and would only make it slow.
const masked = [
  'apt-daily.timer',
  'apt-daily-upgrade.timer',
  'dpkg-db-backup.timer',
  'e2scrub_all.timer',
  'e2scrub_reap.service',
  'fstrim.timer',
  'getty.target',
  'console-getty.service',
  'networking.service',
  'systemd-networkd.service',
  'systemd-resolved.service',
  'systemd-timesyncd.service',
  'systemd-udev-trigger.service',
  'systemd-udevd.service',
];

/** Counts up when the way a base system is made changes, so that cached ones are not used any more. */
const version = 4;

/** Where the base system is, or will be. */
export const debianBasePath = async (): Promise<string> => {
  const { uri, suite } = await debianMirror();
  const key = createHash('sha256')
    .update(JSON.stringify([version, uri, suite, packages]))
    .digest('hex')
    .slice(0, 12);
  return join(cacheDirectory(), `debian-${suite}-${key}`);
};

/** The root of a small Debian with systemd, sshd and python3, made once by debootstrap and kept in the cache. */
export const debianBase = async (tell: (text: string) => void): Promise<string> => {
  const { uri, suite } = await debianMirror();
  const base = await debianBasePath();
  return withLock(`${base}.lock`, async () => {
    if (existsSync(base)) return base;
    tell(`making a Debian ${suite} base system in ${base}: this takes about two minutes, once`);
    const unfinished = `${base}.unfinished`;
    await rm(unfinished, { recursive: true, force: true });
    await run('debootstrap', ['--variant=minbase', `--include=${packages.join(',')}`, suite, unfinished, uri]);
    await prepare(unfinished);
    await rename(unfinished, base);
    return base;
  });
};

const prepare = async (root: string): Promise<void> => {
  const inside = (...command: string[]): Promise<string> => run('chroot', [root, ...command]);
  await inside('systemctl', 'mask', ...masked);
  await inside('systemctl', 'enable', 'ssh.service', 'cron.service');
  await inside('apt-get', 'clean');
  // A user for each way of becoming another one.
  await inside('useradd', '-m', '-s', '/bin/bash', 'deploy');
  await inside('useradd', '-m', '-s', '/bin/sh', 'asked');
  await inside('sh', '-c', 'printf "asked:asked\\nroot:root\\n" | chpasswd');
  await writeFile(join(root, 'etc/sudoers.d/lab'), 'deploy ALL=(ALL:ALL) NOPASSWD: ALL\nasked ALL=(ALL:ALL) ALL\n', {
    mode: 0o440,
  });
  await writeFile(
    join(root, 'etc/ssh/sshd_config.d/lab.conf'),
    'PermitRootLogin yes\nAuthorizedKeysFile /etc/ssh/lab_keys .ssh/authorized_keys\nUseDNS no\nMaxStartups 100\n',
  );
  await Promise.all(
    ['rsa', 'ecdsa', 'ed25519'].map((kind) => rm(join(root, `etc/ssh/ssh_host_${kind}_key`), { force: true })),
  );
  await Promise.all(
    ['rsa', 'ecdsa', 'ed25519'].map((kind) => rm(join(root, `etc/ssh/ssh_host_${kind}_key.pub`), { force: true })),
  );
  await rm(join(root, 'etc/machine-id'), { force: true });
  await rm(join(root, 'var/lib/apt/lists'), { recursive: true, force: true });
  await mkdir(join(root, 'var/lib/apt/lists/partial'), { recursive: true });
  // Hosts must not look as if their lists were read just now.
  await utimes(join(root, 'var/lib/apt/lists'), 0, 0);
  await addRepository(root);
};

/** Packages for tests, in a repository inside the system: hosts have no way to any other. */
const addRepository = async (root: string): Promise<void> => {
  const script = (name: string, text: string): Record<string, string> => ({
    [`usr/share/${name}/version`]: `${text}\n`,
  });
  const repository = await makeDebRepository([
    ...['1.0', '1.1', '2.0'].map((number) => ({
      name: 'lab-hello',
      version: number,
      files: script('lab-hello', number),
    })),
    { name: 'lab-base', version: '1.0', files: script('lab-base', '1.0') },
    {
      name: 'lab-app',
      version: '1.0',
      fields: ['Depends: lab-base, lab-hello (>= 1.1)', 'Recommends: lab-extra'],
      files: script('lab-app', '1.0'),
    },
    { name: 'lab-extra', version: '1.0', files: script('lab-extra', '1.0') },
    {
      name: 'lab-service',
      version: '1.0',
      files: {
        'lib/systemd/system/lab-service.service':
          '[Unit]\nDescription=A service for tests\n[Service]\nExecStart=/bin/sleep infinity\nExecReload=/bin/true\n[Install]\nWantedBy=multi-user.target\n',
        'etc/lab-service.conf': 'greeting = hello\n',
        'DEBIAN/conffiles': '/etc/lab-service.conf\n',
      },
    },
  ]);
  const folder = join(root, 'srv/packages');
  await cp(repository.directory, folder, { recursive: true });
  await chmod(folder, 0o755);
  await repository.close();
  await writeFile(join(root, 'etc/apt/sources.list'), 'deb [trusted=yes] file:/srv/packages ./\n');
};
