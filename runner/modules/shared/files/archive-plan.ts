import { compareText, matchesGlob } from '../../../values/index.ts';
import { folderOf } from './paths.ts';

/** A path that is to be archived, as the target has it. */
export interface ArchiveTarget {
  readonly path: string;
  readonly kind: 'folder' | 'file' | 'absent';
  /** What is below a folder. */
  readonly inside: readonly { readonly path: string; readonly isFolder: boolean }[];
}

/** Python's sorted(set(…)) of the paths that are not excluded. */
export const selectPaths = (expanded: readonly string[], excluded: readonly string[]): string[] =>
  [...new Set(expanded)].filter((path) => !excluded.includes(path)).sort(compareText);

/** The longest folder, with its slash, that all paths stand in. */
export const commonFolder = (paths: readonly string[]): string => {
  const folders = paths.map((path) => `${folderOf(path).replace(/\/$/, '')}/`);
  let prefix = folders[0] ?? '';
  for (const folder of folders) {
    let length = 0;
    while (length < prefix.length && prefix[length] === folder[length]) length++;
    prefix = prefix.slice(0, length);
  }
  return prefix.slice(0, prefix.lastIndexOf('/') + 1);
};

/** Something that goes into the archive. */
export interface ArchiveMember {
  readonly path: string;
  /** Its name inside. */
  readonly name: string;
  readonly isFolder: boolean;
}

/** Everything that goes into the archive, but for what the patterns leave out. */
export const membersOf = (
  targets: readonly ArchiveTarget[],
  root: string,
  patterns: readonly string[],
  isZip: boolean,
): ArchiveMember[] => {
  const name = (path: string): string => (path.startsWith(root) ? path.slice(root.length) : path).replace(/^\//, '');
  const members = targets.flatMap(({ path, kind, inside }): ArchiveMember[] => {
    if (kind === 'absent') return [];
    if (kind === 'file') return [{ path, name: name(path), isFolder: false }];
    return inside.map((item) => ({ ...item, name: name(item.path) }));
  });
  return members
    .filter((member) => !patterns.some((pattern) => matchesGlob(isZip ? member.path : member.name, pattern)))
    .sort((a, b) => compareText(a.name, b.name));
};

/** Whether a file's name is that of an archive rather than of a compressed file. */
export const isArchiveName = (path: string): boolean => /\.(tar|tar\.(gz|bz2|xz)|tgz|tbz2|zip)$/i.test(path);
