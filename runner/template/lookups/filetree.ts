import { lstatSync, readdirSync, readFileSync, readlinkSync, type Stats } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { float, type Value } from '../../values/index.ts';
import { defineLookup, type Lookup } from '../define.ts';
import { text } from '../filters/support.ts';
import type { CallContext } from '../types.ts';
import { findFile } from './search.ts';

const nameOf = (file: string, id: number): Value => {
  const line = readFileSync(file, 'utf8')
    .split('\n')
    .find((entry) => entry.split(':')[2] === String(id));
  return line?.split(':')[0] ?? id;
};

const kindOf = (stat: Stats): string | undefined => {
  if (stat.isSymbolicLink()) return 'link';
  if (stat.isDirectory()) return 'directory';
  return stat.isFile() ? 'file' : undefined;
};

const describe = (root: string, path: string): Value | undefined => {
  const stat = lstatSync(path);
  const state = kindOf(stat);
  if (state === undefined) return undefined;
  const source: [Value, Value][] =
    state === 'link' ? [['src', readlinkSync(path)]] : state === 'file' ? [['src', path]] : [];
  return new Map<Value, Value>([
    ['root', root],
    ['path', relative(root, path)],
    ['state', state],
    ...source,
    ['uid', stat.uid],
    ['gid', stat.gid],
    ['owner', nameOf('/etc/passwd', stat.uid)],
    ['group', nameOf('/etc/group', stat.gid)],
    ['mode', `0${(stat.mode & 0o7777).toString(8).padStart(3, '0')}`],
    ['size', stat.size],
    ['mtime', float(stat.mtimeMs / 1000)],
    ['ctime', float(stat.ctimeMs / 1000)],
  ]);
};

// A folder's own entries, folders first, then what is in its folders.
const walk = (folder: string): string[] => {
  const entries = readdirSync(folder, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
  const files = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => join(folder, name));
  return [...folders, ...files, ...folders.flatMap(walk)];
};

const fileTree = (context: CallContext, term: string): Value[] => {
  const parent = findFile(context, 'files', dirname(term));
  const root = join(parent ?? dirname(term), basename(term));
  if (!lstatSync(root, { throwIfNoEntry: false })?.isDirectory()) return [];
  return walk(root)
    .map((path) => describe(root, path))
    .filter((entry) => entry !== undefined);
};

/** The lookup of all that is below a folder, with its attributes. */
export const fileTreeLookups: readonly Lookup[] = [
  defineLookup('filetree community.general.filetree', (context, terms) => {
    const found = new Map<string, Value>();
    for (const term of terms) {
      for (const entry of fileTree(context, text(term))) {
        const path = text((entry as Map<Value, Value>).get('path')!);
        // The first of several trees wins.
        if (!found.has(path)) found.set(path, entry);
      }
    }
    return [...found.values()];
  }),
];
