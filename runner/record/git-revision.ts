import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { Manifest } from './manifest.ts';

/** The commit that is checked out around a file, read from git's own files. */
export const gitRevision = (file: string): Manifest['git'] => {
  for (let folder = dirname(resolve(file)); ; folder = dirname(folder)) {
    const directory = gitDirectory(join(folder, '.git'));
    if (directory !== undefined) return readHead(directory);
    if (folder === dirname(folder)) return undefined;
  }
};

/** A work tree besides the first has a file that tells where git's directory is. */
const gitDirectory = (path: string): string | undefined => {
  if (read(join(path, 'HEAD')) !== undefined) return path;
  const named = /^gitdir: (.*)/.exec(read(path) ?? '')?.[1];
  return named === undefined ? undefined : resolve(dirname(path), named.trim());
};

const readHead = (directory: string): Manifest['git'] => {
  const head = read(join(directory, 'HEAD'))?.trim() ?? '';
  const ref = /^ref: (.*)$/.exec(head)?.[1];
  const revision = ref === undefined ? head : readRef(directory, ref);
  if (!revision || !/^[0-9a-f]{40,64}$/.test(revision)) return undefined;
  return { revision, ...(ref !== undefined && { branch: ref.replace(/^refs\/heads\//, '') }) };
};

const readRef = (directory: string, ref: string): string | undefined => {
  const common = read(join(directory, 'commondir'))?.trim();
  const shared = common === undefined ? directory : isAbsolute(common) ? common : join(directory, common);
  for (const place of [directory, shared]) {
    const own = read(join(place, ref))?.trim();
    if (own) return own;
  }
  const packed = read(join(shared, 'packed-refs')) ?? '';
  return packed
    .split('\n')
    .find((line) => line.endsWith(` ${ref}`))
    ?.split(' ')[0];
};

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};
