import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { debianBase, debianBasePath } from './debian-base.ts';
import { withLock } from './lock.ts';
import { debianMirror } from './mirror.ts';
import { cacheDirectory } from './places.ts';
import { attempt, run } from './run.ts';

/** Package managers of other systems that Debian has too, and what makes packages and repositories for them. */
const packages = [
  ...['dnf', 'zypper', 'pacman-package-manager', 'rpm'],
  ...['createrepo-c', 'libarchive-tools', 'makepkg', 'zstd', 'gpg', 'gpg-agent'],
];

const script = join(import.meta.dirname, 'managers/repositories.sh');

/** Where that layer is, or will be. */
export const managersLayerPath = async (): Promise<string> => {
  const text = JSON.stringify([await debianBasePath(), packages, readFileSync(script, 'utf8')]);
  return join(cacheDirectory(), `managers-${createHash('sha256').update(text).digest('hex').slice(0, 12)}`);
};

/**
 * What lies over the lab's Debian on hosts that have dnf, zypper and pacman: made once, and kept in the cache. It holds small
 * repositories for them in /srv/rpms and /srv/pkgs.
 */
export const managersLayer = async (tell: (text: string) => void): Promise<string> => {
  const base = await debianBase(tell);
  const layer = await managersLayerPath();
  return withLock(`${layer}.lock`, async () => {
    if (existsSync(layer)) return layer;
    tell(`installing dnf, zypper and pacman for hosts of the lab in ${layer}: this takes half a minute, once`);
    const unfinished = `${layer}.unfinished`;
    // Who was killed while at it has left it mounted.
    await attempt('umount', [join(unfinished, 'root')]);
    await rm(unfinished, { recursive: true, force: true });
    const [upper, work, root] = ['upper', 'work', 'root'].map((name) => join(unfinished, name)) as [
      string,
      string,
      string,
    ];
    for (const folder of [upper, work, root]) await mkdir(folder, { recursive: true });
    await run('mount', ['-t', 'overlay', 'overlay', '-o', `lowerdir=${base},upperdir=${upper},workdir=${work}`, root]);
    try {
      await fill(root);
    } finally {
      await attempt('umount', [root]);
    }
    await rename(upper, layer);
    await rm(unfinished, { recursive: true });
    return layer;
  });
};

const fill = async (root: string): Promise<void> => {
  const { uri, suite } = await debianMirror();
  // Programs there need /proc, and end with the process that they are started from.
  const inside = (...command: string[]): Promise<string> =>
    run('unshare', [
      ...['--mount', '--pid', '--fork', '--kill-child', `--mount-proc=${join(root, 'proc')}`, 'chroot', root],
      ...['env', 'DEBIAN_FRONTEND=noninteractive', 'LC_ALL=C', 'HOME=/root', ...command],
    ]);
  const scratch = join(root, 'tmp/managers');
  await mkdir(scratch);
  await writeFile(join(scratch, 'sources.list'), `deb ${uri} ${suite} main\n`);
  await copyFile(script, join(scratch, 'repositories.sh'));
  await copyFile('/etc/resolv.conf', join(root, 'etc/resolv.conf'));
  const apt = (...words: string[]): Promise<string> =>
    inside(
      ...['apt-get', '-qq', '-o', 'Dir::Etc::SourceList=/tmp/managers/sources.list', '-o', 'Acquire::Languages=none'],
      ...['-o', 'Dir::State::lists=/tmp/managers/lists', '-o', 'Dpkg::Options::=--force-unsafe-io', ...words],
    );
  await mkdir(join(scratch, 'lists/partial'), { recursive: true });
  await apt('update');
  await apt('install', '-y', '--no-install-recommends', ...packages);
  await apt('clean');
  await inside('sh', '/tmp/managers/repositories.sh');
  await rm(scratch, { recursive: true });
  await rm(join(root, 'etc/resolv.conf'));
};
