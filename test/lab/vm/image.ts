import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  appendFile,
  copyFile,
  cp,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { debianBase, debianBasePath } from '../debian-base.ts';
import { withLock } from '../lock.ts';
import { debianMirror } from '../mirror.ts';
import { cacheDirectory } from '../places.ts';
import { run } from '../run.ts';
import { makeInitrd, modulesOf } from './initrd.ts';

/** What a machine has besides what every Debian host of the lab has. */
const packages = ['lvm2', 'parted', 'xfsprogs', 'openssh-client', 'rsync'];
/** What can be installed on a machine from the repository that it carries. */
const offered = ['drbd-utils'];
/** What makes a boot slow, and is of no use on a machine that nobody looks at. */
const masked = [
  'apt-daily.service',
  'blk-availability.service',
  'dev-hugepages.mount',
  'dev-mqueue.mount',
  'dm-event.service',
  'dm-event.socket',
  'lvm2-lvmpolld.service',
  'lvm2-lvmpolld.socket',
  'lvm2-monitor.service',
  'kmod-static-nodes.service',
  'modprobe@configfs.service',
  'modprobe@drm.service',
  'modprobe@efi_pstore.service',
  'modprobe@fuse.service',
  'serial-getty@ttyS0.service',
  'systemd-binfmt.service',
  'systemd-pcrphase.service',
  'systemd-pcrphase-sysinit.service',
  'systemd-pstore.service',
  'systemd-update-utmp-runlevel.service',
  'systemd-update-utmp.service',
  'sys-fs-fuse-connections.mount',
  'sys-kernel-config.mount',
  'sys-kernel-debug.mount',
  'sys-kernel-tracing.mount',
  'xfs_scrub_all.timer',
];
/** Drivers, and other parts of a kernel, for what no machine has here: most of the kernel's files. */
const unused = [
  'sound',
  'arch/x86/kvm',
  ...['ata', 'bluetooth', 'cpufreq', 'gpu', 'hid', 'hwmon', 'i2c', 'iio', 'infiniband', 'input', 'isdn', 'media'],
  ...['mfd', 'staging', 'usb', 'watchdog'],
  ...['net/wireless', 'net/ethernet', 'net/usb', 'net/can'],
];

/** An emulated machine among busy neighbours may take minutes for what is usually a matter of seconds. */
const slowMachine = '[Manager]\nDefaultTimeoutStartSec=600\nDefaultDeviceTimeoutSec=600\n';

/** Counts up when the way an image is made changes. */
const version = 4;

/** A folder with `disk.img`, `vmlinuz` and `initrd`. */
const vmImagePath = async (): Promise<string> => {
  const base = await debianBasePath();
  const text = JSON.stringify([version, base, packages, offered, masked, unused]);
  return join(cacheDirectory(), `vm-image-${createHash('sha256').update(text).digest('hex').slice(0, 12)}`);
};

/** The common disk and kernel of virtual machines, made once from the lab's Debian and kept in the cache. */
export const vmImage = async (tell: (text: string) => void): Promise<string> => {
  const base = await debianBase(tell);
  const image = await vmImagePath();
  return withLock(`${image}.lock`, async () => {
    if (existsSync(image)) return image;
    tell(`making a disk for virtual machines in ${image}: this takes about a minute, once`);
    const unfinished = `${image}.unfinished`;
    const root = join(unfinished, 'root');
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished, { recursive: true });
    await run('cp', ['-a', base, root]);
    await fillRoot(root, unfinished);
    await writeFile(join(unfinished, 'initrd'), await makeInitrd(root, join(unfinished, 'busybox')));
    await run('mkfs.ext4', ['-q', '-F', '-L', 'root', '-d', root, join(unfinished, 'disk.img'), '3G']);
    await rm(root, { recursive: true });
    await rename(unfinished, image);
    return image;
  });
};

const fillRoot = async (root: string, unfinished: string): Promise<void> => {
  const { uri, suite } = await debianMirror();
  const inside = (...command: string[]): Promise<string> =>
    run('chroot', [root, 'env', 'DEBIAN_FRONTEND=noninteractive', 'LC_ALL=C', ...command]);
  const sources = join(root, 'etc/apt/sources.list');
  const ownSources = await readFile(sources, 'utf8');
  await copyFile('/etc/resolv.conf', join(root, 'etc/resolv.conf'));
  await writeFile(sources, `deb ${uri} ${suite} main\n`);
  await inside('apt-get', '-qq', 'update');
  await inside('apt-get', '-qq', 'install', '-y', '--no-install-recommends', ...packages);
  await inside('apt-get', 'clean');
  await addKernel(root, unfinished, inside);
  await inside('apt-get', '-qq', 'install', '-y', '--download-only', '--no-install-recommends', ...offered);
  await makeRepository(join(root, 'var/cache/apt/archives'), join(root, 'srv/debian'));
  await writeFile(sources, `${ownSources}deb [trusted=yes] file:/srv/debian ./\n`);
  await inside('apt-get', 'clean');
  await rm(join(root, 'etc/resolv.conf'));
  await rm(join(root, 'var/lib/apt/lists'), { recursive: true });
  await mkdir(join(root, 'var/lib/apt/lists/partial'), { recursive: true });
  // Machines must not look as if their lists were read just now.
  await utimes(join(root, 'var/lib/apt/lists'), 0, 0);
  await inside('systemctl', 'unmask', 'systemd-udevd.service', 'systemd-udev-trigger.service');
  await inside('systemctl', 'mask', ...masked);
  await writeFile(join(root, 'etc/fstab'), '');
  await mkdir(join(root, 'etc/systemd/system.conf.d'));
  await writeFile(join(root, 'etc/systemd/system.conf.d/lab.conf'), slowMachine);
};

/** Takes the kernel out of its package, which would bring tools along that only make an initrd. */
const addKernel = async (
  root: string,
  unfinished: string,
  inside: (...command: string[]) => Promise<string>,
): Promise<void> => {
  const dependencies = await inside('apt-cache', 'depends', 'linux-image-amd64');
  const name = /linux-image-[\d.]\S+/.exec(dependencies.split('\n').slice(1).join('\n'))?.[0];
  if (name === undefined) throw new Error('linux-image-amd64 depends on no kernel');
  await inside('sh', '-c', `cd /tmp && apt-get -qq download ${name} busybox-static 2>/dev/null`);
  const kernel = join(unfinished, 'kernel');
  const downloads = join(root, 'tmp');
  for (const download of await readdir(downloads)) await run('dpkg-deb', ['-x', join(downloads, download), kernel]);
  const [release] = await readdir(join(kernel, 'lib/modules'));
  const drivers = join(kernel, 'lib/modules', release!, 'kernel');
  await Promise.all(
    unused
      .flatMap((path) => [path, `drivers/${path}`])
      .map((path) => rm(join(drivers, path), { recursive: true, force: true })),
  );
  await cp(join(kernel, 'lib/modules'), join(root, 'usr/lib/modules'), { recursive: true });
  await inside('depmod', '-a', release!);
  await modulesOf(root);
  await copyFile(join(kernel, 'boot', `vmlinuz-${release}`), join(unfinished, 'vmlinuz'));
  await copyFile(join(kernel, 'bin/busybox'), join(unfinished, 'busybox'));
  await rm(kernel, { recursive: true });
  await Promise.all((await readdir(downloads)).map((download) => rm(join(downloads, download))));
};

/** Makes a folder of packages one that apt reads by `file:`. */
const makeRepository = async (archives: string, folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'Packages'), '');
  for (const name of (await readdir(archives)).filter((entry) => entry.endsWith('.deb'))) {
    const target = join(folder, name);
    await copyFile(join(archives, name), target);
    const control = (await run('dpkg-deb', ['-f', target])).trimEnd();
    const hash = createHash('sha256')
      .update(await readFile(target))
      .digest('hex');
    const { size } = await stat(target);
    await appendFile(join(folder, 'Packages'), `${control}\nFilename: ./${name}\nSize: ${size}\nSHA256: ${hash}\n\n`);
  }
};
