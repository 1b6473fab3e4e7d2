import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withLock } from '../lab/lock.ts';
import { debianMirror } from '../lab/mirror.ts';
import { cacheDirectory } from '../lab/places.ts';
import { run } from '../lab/run.ts';

const suite = 'trixie';

/**
 * The compose plugin of the docker command: a program without dependencies that Debian has from trixie on, fetched once from
 * the mirror in this machine's own apt sources and kept in the lab's cache.
 */
export const composePlugin = async (): Promise<string> => {
  const plugin = join(cacheDirectory(), `docker-compose-${suite}`);
  return withLock(`${plugin}.lock`, async () => {
    if (existsSync(plugin)) return plugin;
    const folder = await mkdtemp(join(tmpdir(), 'muster-compose-plugin-'));
    try {
      await download('docker-compose', folder);
      const [archive] = (await readdir(folder)).filter((name) => name.endsWith('.deb'));
      await run('dpkg-deb', ['-x', join(folder, archive!), join(folder, 'tree')]);
      await copyFile(join(folder, 'tree/usr/libexec/docker/cli-plugins/docker-compose'), `${plugin}.part`);
      await rename(`${plugin}.part`, plugin);
      return plugin;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
};

/** Fetches a package of the suite into a folder, with apt as it checks signatures; its lists are the folder's own. */
const download = async (name: string, folder: string): Promise<void> => {
  const { uri } = await debianMirror();
  const path = (...parts: string[]): string => join(folder, ...parts);
  await mkdir(path('state/lists/partial'), { recursive: true });
  await mkdir(path('cache/archives/partial'), { recursive: true });
  await writeFile(path('status'), '');
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
  await writeFile(path('sources.list'), `deb [signed-by=${keyring}] ${uri} ${suite} main\n`);
  const options = [
    `Dir::State=${path('state')}`,
    `Dir::State::status=${path('status')}`,
    `Dir::Cache=${path('cache')}`,
    `Dir::Etc::sourcelist=${path('sources.list')}`,
    `Dir::Etc::sourceparts=${path('none')}`,
    'Acquire::Languages=none',
    'Acquire::Retries=3',
    'APT::Sandbox::User=root',
  ].flatMap((option) => ['-o', option]);
  await run('apt-get', [...options, '-qq', 'update']);
  // The package is put into the working directory.
  await run('sh', ['-c', 'cd "$1" && shift && exec apt-get "$@"', 'sh', folder, ...options, '-qq', 'download', name]);
};
