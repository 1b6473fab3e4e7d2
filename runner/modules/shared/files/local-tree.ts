import { readdir, readlink, realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** What a folder of the controller holds, each with the path that it gets below the destination. */
export interface LocalTree {
  readonly files: { readonly path: string; readonly relative: string; readonly mode: number }[];
  readonly directories: string[];
  readonly links: { readonly target: string; readonly relative: string }[];
}

/**
 * Walks a folder. With a slash at its end only the inside is meant, as for rsync. Links to files and folders are
 * followed when `follow` says so, but for those that would lead into a folder that is being walked.
 */
export const walkLocal = async (source: string, follow: boolean): Promise<LocalTree> => {
  const tree: LocalTree = { files: [], directories: [], links: [] };
  const prefix = source.endsWith('/') ? '' : basename(source);
  const top = source.replace(/(?<=.)\/+$/, '');
  await walk(top, prefix, follow, [await realpath(top)], tree);
  return tree;
};

const walk = async (
  folder: string,
  relative: string,
  follow: boolean,
  parents: readonly string[],
  tree: LocalTree,
): Promise<void> => {
  const entries = await readdir(folder, { withFileTypes: true });
  // Files come before folders.
  entries.sort((a, b) => Number(a.isDirectory()) - Number(b.isDirectory()) || (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const inside = join(relative, entry.name);
    if (entry.isSymbolicLink()) await walkLink(path, inside, follow, parents, tree);
    else if (entry.isDirectory()) {
      tree.directories.push(inside);
      await walk(path, inside, follow, [...parents, join(parents.at(-1)!, entry.name)], tree);
    } else if (entry.isFile()) tree.files.push({ path, relative: inside, mode: (await stat(path)).mode & 0o7777 });
  }
};

const walkLink = async (
  path: string,
  inside: string,
  follow: boolean,
  parents: readonly string[],
  tree: LocalTree,
): Promise<void> => {
  const found = follow ? await stat(path).catch(() => undefined) : undefined;
  if (found?.isFile()) {
    tree.files.push({ path, relative: inside, mode: found.mode & 0o7777 });
    return;
  }
  const real = found?.isDirectory() ? await realpath(path) : undefined;
  if (real === undefined || parents.includes(real)) {
    tree.links.push({ target: await readlink(path), relative: inside });
    return;
  }
  tree.directories.push(inside);
  await walk(real, inside, follow, [...parents, real], tree);
};
