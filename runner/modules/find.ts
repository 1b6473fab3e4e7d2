import { lines, raw, type Script, sh } from '../connection/index.ts';
import type { ArgumentsOf } from './arguments.ts';
import { defineAction, type ModuleContext, type ResultObject } from './define.ts';
import { textRegex } from './shared/files/bytes-regex.ts';
import { parseSum, sum } from './shared/files/checksum.ts';
import { hasContent, isLargeEnough, isOldEnough, nameTest, readQuantity } from './shared/files/find-tests.ts';
import { type Listed, probeListing, readListing } from './shared/files/listing.ts';
import { folderOf, nameOf, normalizePath, pathWord } from './shared/files/paths.ts';
import { runScript } from './shared/files/reply.ts';
import { statResult } from './shared/files/stat-result.ts';

const args = {
  paths: { type: 'list', elements: 'str', required: true, aliases: ['name', 'path'], doc: 'The folders to look in.' },
  patterns: {
    type: 'list',
    elements: 'str',
    default: [],
    aliases: ['pattern'],
    doc: 'Names to find; all unless told.',
  },
  excludes: { type: 'list', elements: 'str', aliases: ['exclude'], doc: 'Names to leave out.' },
  contains: { type: 'str', doc: 'A pattern that a line of the file begins with.' },
  read_whole_file: { type: 'bool', default: false, doc: 'Look for `contains` anywhere in the file instead.' },
  file_type: {
    type: 'str',
    default: 'file',
    choices: ['any', 'directory', 'file', 'link'],
    doc: 'What kind of thing to find.',
  },
  age: { type: 'str', doc: 'At least so old, or at most with a minus; units are s, m, h, d, w.' },
  age_stamp: {
    type: 'str',
    default: 'mtime',
    choices: ['atime', 'ctime', 'mtime'],
    doc: 'The time that tells the age.',
  },
  size: { type: 'str', doc: 'At least so large, or at most with a minus; units are b, k, m, g, t.' },
  recurse: { type: 'bool', default: false, doc: 'Look in folders below too.' },
  hidden: { type: 'bool', default: false, doc: 'Find names that begin with a dot.' },
  follow: { type: 'bool', default: false, doc: 'Follow links to folders.' },
  get_checksum: { type: 'bool', default: false, doc: 'Whether to work out SHA1 checksums.' },
  use_regex: { type: 'bool', default: false, doc: 'patterns and excludes are regular expressions rather than globs.' },
  depth: { type: 'int', doc: 'How many levels deep to look.' },
} as const;

type Args = ArgumentsOf<typeof args>;

export default defineAction({
  name: 'ansible.builtin.find',
  summary: 'Finds files and folders by name, age, size, type and content.',
  args,
  returns: {
    files: 'What was found, each with its path and what stat tells.',
    matched: 'How many were found.',
    examined: 'How many were looked at.',
    skipped_paths: 'Folders that could not be looked at, and why.',
    msg: 'Whether all folders could be looked at.',
  },
  supports: { check: 'full', diff: false },
  async run(given, context): Promise<ResultObject> {
    const age = readQuantity('age', given.age);
    const size = readQuantity('size', given.size);
    const isNamed = nameTest(given.patterns, given.excludes ?? [], given.use_regex);
    if (given.contains !== undefined) textRegex(given.contains, {});
    const maximum = given.depth || undefined;
    const depth = given.recurse ? (maximum === undefined ? 100_000 : maximum + 1) : 1;
    const script = lines(
      raw("date +%s; printf '\\0'"),
      ...given.paths.flatMap((path) => [
        sh`m_p=${pathWord(path)}`,
        raw(`printf '%s\\0' "$m_p"`),
        probeListing('m_p', { depth, follow: given.follow, tests: targetTests(given) }),
      ]),
    );
    const reader = await runScript(context.target, script);
    const now = Number(reader.field().trim());
    const skipped: Record<string, string> = {};
    const matched: Listed[] = [];
    let examined = 0;
    for (const _path of given.paths) {
      const root = reader.field();
      const listing = readListing(reader);
      const problem = problemOf(root, listing);
      if (problem !== undefined) {
        skipped[root] = problem;
        context.warn(`Skipped '${root}' path due to this access issue: ${problem}\n`);
      }
      examined += listing.examined;
      const found = inWalkOrder(root, listing.found ?? []).filter(
        (item) =>
          isWanted(item, root, given, maximum) &&
          isNamed(nameOf(item.path)) &&
          isOldEnough(item.stat, given.age_stamp, now, age),
      );
      for (const item of found) {
        const hasSize = item.stat.type !== 'file' || isLargeEnough(item.stat, size);
        if (hasSize || given.file_type === 'directory' || given.file_type === 'link') matched.push(item);
      }
    }
    const files = await readFiles(await withContent(matched, given, context), given, context);
    const isWhole = Object.keys(skipped).length === 0;
    return {
      changed: false,
      files,
      examined,
      matched: files.length,
      skipped_paths: skipped,
      msg: isWhole ? 'All paths examined' : 'Not all paths examined, check warnings for details',
    };
  },
});

/** Tests that find itself can do on the target, to keep what travels small: the type, and plain name patterns. */
const targetTests = (given: Args): Script => {
  const letter = { any: undefined, directory: 'd', file: 'f', link: 'l' }[given.file_type];
  // With -L, a link is only a link to find when it leads nowhere.
  const type = letter === undefined || given.follow ? raw('') : sh`-type ${letter}`;
  const isPlain = given.patterns.every((pattern) => /^[\w.*?-]+$/.test(pattern));
  if (given.use_regex || given.patterns.length === 0 || !isPlain) return type;
  const names = given.patterns.map((pattern, index) => sh`${raw(index === 0 ? '' : '-o')} -name ${pattern}`);
  return sh`${type} '(' ${names} ')'`;
};

const problemOf = (root: string, { found, complaint }: ReturnType<typeof readListing>): string | undefined => {
  if (found === undefined) return `'${root}' is not a directory`;
  const denied = /^find: [‘'"]?(.*?)[’'"]?: Permission denied$/m.exec(complaint);
  return denied ? `[Errno 13] Permission denied: '${denied[1]}'` : undefined;
};

const isWanted = ({ path, stat }: Listed, root: string, given: Args, maximum: number | undefined): boolean => {
  if (!given.hidden && nameOf(path).startsWith('.')) return false;
  if (given.file_type !== 'any' && stat.type !== given.file_type) return false;
  if (maximum === undefined) return true;
  const level = (text: string): number => text.split('/').length;
  return level(normalizePath(path)) - level(normalizePath(root)) <= maximum;
};

/** The order of a walk from the top: of each folder its files, then its folders, then what is in these. */
const inWalkOrder = (root: string, found: readonly Listed[]): Listed[] => {
  const inside = new Map<string, Listed[]>();
  for (const { path, stat } of found) {
    const normal = normalizePath(path);
    const folder = folderOf(normal);
    const list = inside.get(folder);
    if (list) list.push({ path: normal, stat });
    else inside.set(folder, [{ path: normal, stat }]);
  }
  const ordered: Listed[] = [];
  const isFolder = ({ stat }: Listed): boolean => stat.type === 'directory';
  const visit = (folder: string): void => {
    const items = inside.get(folder) ?? [];
    inside.delete(folder);
    ordered.push(...items.filter((item) => !isFolder(item)), ...items.filter(isFolder));
    for (const { path } of items) visit(path);
  };
  visit(normalizePath(root));
  // With a test on the target, folders in between may be missing.
  for (const folder of [...inside.keys()]) visit(folder);
  return ordered;
};

/** Keeps the files whose content has the pattern; their contents are fetched together. */
const withContent = async (
  found: Listed[],
  { contains, read_whole_file, file_type }: Args,
  { target }: ModuleContext,
) => {
  if (contains === undefined || file_type !== 'file') return found;
  const answers = await Promise.all(
    found.map(async ({ path }) => {
      const { stdout, code } = await target.run(sh`cat -- ${path}`);
      return code === 0 && hasContent(stdout, contains, read_whole_file);
    }),
  );
  return found.filter((_item, index) => answers[index]);
};

const readFiles = async (found: readonly Listed[], given: Args, { target }: ModuleContext): Promise<ResultObject[]> => {
  const summed = given.get_checksum ? found.filter(({ stat }) => stat.type === 'file') : [];
  const sums = new Map<string, string>();
  if (summed.length > 0) {
    const script = lines(...summed.map(({ path }) => sh`${sum} sha1 ${path}; printf '\\0'`));
    const reader = await runScript(target, script);
    for (const { path } of summed) sums.set(path, parseSum(reader.field()));
  }
  return found.map(({ path, stat }) => ({
    path,
    ...statResult(stat),
    gr_name: stat.group ?? '',
    pw_name: stat.owner ?? '',
    checksum: sums.get(path),
  }));
};
