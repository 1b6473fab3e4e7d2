import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const repository = fileURLToPath(new URL('..', import.meta.url));

/** Muster, built from the sources as they are now, in a folder that nobody else builds into. */
export interface Build {
  /** Its `bin/muster.js`. */
  readonly muster: string;
  close(): Promise<void>;
}

export const buildMuster = async (): Promise<Build> => {
  // Within the repository, so that the packages are found.
  const cache = join(repository, 'bench', '.cache');
  await mkdir(cache, { recursive: true });
  const directory = await mkdtemp(join(cache, 'muster-'));
  const close = (): Promise<void> => rm(directory, { recursive: true, force: true });
  try {
    await promisify(execFile)(process.execPath, ['build.mjs', join(directory, 'dist')], { cwd: repository });
    await cp(join(repository, 'bin'), join(directory, 'bin'), { recursive: true });
    await cp(join(repository, 'package.json'), join(directory, 'package.json'));
  } catch (error) {
    await close();
    throw error;
  }
  return { muster: join(directory, 'bin', 'muster.js'), close };
};
