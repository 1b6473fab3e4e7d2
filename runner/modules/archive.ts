import { lines, quote, raw, type Script, sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import type { ArgumentsOf } from './arguments.ts';
import { defineAction, type ModuleContext, type ResultObject } from './define.ts';
import {
  type ArchiveMember,
  type ArchiveTarget,
  commonFolder,
  isArchiveName,
  membersOf,
  selectPaths,
} from './shared/files/archive-plan.ts';
import { attributeScript, planAttributes } from './shared/files/attributes.ts';
import { fileArguments } from './shared/files/common-arguments.ts';
import { parseStat, stat } from './shared/files/file-stat.ts';
import { type FileState, probeFile, readFileState } from './shared/files/file-state.ts';
import { defaultMode } from './shared/files/fresh.ts';
import { type Identity, probeIdentity, probeUmask, readIdentity, readUmask } from './shared/files/identity.ts';
import { type Packing, packScript } from './shared/files/pack.ts';
import { pathInfo } from './shared/files/path-info.ts';
import { pathWord, withoutSlash } from './shared/files/paths.ts';
import { type ReplyReader, runScript, StepFailure } from './shared/files/reply.ts';
import { attributeFailure } from './shared/files/write.ts';

const args = {
  path: { type: 'list', elements: 'path', required: true, doc: 'Files, folders and globs to archive.' },
  format: { type: 'str', default: 'gz', choices: ['bz2', 'gz', 'tar', 'xz', 'zip'], doc: 'How to compress.' },
  dest: { type: 'path', doc: 'The archive; needed but for a single file.' },
  exclude_path: { type: 'list', elements: 'path', default: [], doc: 'Paths and globs to leave out of `path`.' },
  exclusion_patterns: { type: 'list', elements: 'path', doc: 'Globs for what to leave out inside of folders.' },
  force_archive: {
    type: 'bool',
    default: false,
    doc: 'Make an archive of a single file rather than only compress it.',
  },
  remove: { type: 'bool', default: false, doc: 'Remove what was archived.' },
  ...fileArguments,
} as const;

type Args = ArgumentsOf<typeof args>;

export default defineAction({
  name: 'community.general.archive',
  aliases: ['ansible.builtin.archive'],
  summary: 'Packs files and folders of the target into an archive there.',
  args,
  returns: {
    dest: 'The archive.',
    dest_state: 'absent, archive, compress or incomplete.',
    archived: 'What was packed.',
    missing: 'What was to be packed and is not there.',
    arcroot: 'The folder that names in the archive are relative to.',
    expanded_paths: 'The paths that `path` means.',
    expanded_exclude_paths: 'The paths that `exclude_path` means.',
    state: 'What stands at dest.',
  },
  supports: { check: 'full', diff: false },
  async run(given, context): Promise<ResultObject> {
    const found = await probe(given, context);
    const { expanded, excluded, targets, dest } = found;
    const paths = selectPaths(expanded, excluded);
    if (paths.length === 0) {
      throw new ModuleFailure('Error, no source paths were found', {
        path: given.path.map(String).join(', '),
        expanded_paths: expanded.join(', '),
        expanded_exclude_paths: excluded.join(', '),
      });
    }
    const chosen = paths.map((path) => targets.find((target) => target.path === path)!);
    const isArchive =
      given.force_archive || paths.length > 1 || chosen[0]!.kind === 'folder' || given.path.some(isGlob);
    if (given.dest === undefined && isArchive) {
      throw new ModuleFailure('Error, must specify "dest" when archiving multiple files or trees', {
        dest: 'None',
        path: given.path.map(String).join(', '),
      });
    }
    if (
      given.remove &&
      chosen.some(({ kind, path }) => kind === 'folder' && dest.path.startsWith(`${withoutSlash(path)}/`))
    ) {
      throw new ModuleFailure('Error, created archive can not be contained in source paths when remove=true', {
        path: paths.join(', '),
      });
    }
    const root = commonFolder(paths);
    const present = chosen.filter(({ kind }) => kind !== 'absent');
    const isSingle = !isArchive && given.format !== 'zip' && given.format !== 'tar';
    const members = membersOf(present, root, given.exclusion_patterns ?? [], given.format === 'zip');
    const outcome = await pack(given, context, found, { root, members, present, isSingle, isArchive });
    const missing = chosen.filter(({ kind }) => kind === 'absent').map(({ path }) => path);
    return {
      archived: present.length === 0 || context.check ? [] : archivedPaths(members, given.format === 'zip'),
      dest: dest.path,
      dest_state: stateOf(found, context, present.length > 0, isSingle, missing.length > 0),
      arcroot: root,
      missing,
      expanded_paths: [...expanded],
      expanded_exclude_paths: [...excluded],
      ...outcome,
    };
  },
});

const isGlob = (path: unknown): boolean => /[*?]/.test(String(path));

interface Found {
  readonly expanded: readonly string[];
  readonly excluded: readonly string[];
  readonly targets: readonly ArchiveTarget[];
  readonly dest: FileState;
  readonly identity: Identity;
  readonly umask: number;
}

/** A path with its globs left to the shell. */
const globWord = (path: string): Script => {
  if (!isGlob(path)) return pathWord(path);
  const home = /^~[A-Za-z0-9._-]*\//.exec(path)?.[0] ?? '';
  const parts = path.slice(home.length).split(/([*?]|\[[^\]]*\])/);
  return raw(home + parts.map((part, index) => (index % 2 === 1 ? part : part === '' ? '' : quote(part))).join(''));
};

const expandScript = (path: string): Script =>
  isGlob(path)
    ? sh`for m_g in ${globWord(path)}; do if [ -e "$m_g" ] || [ -L "$m_g" ]; then printf '%s\\0' "$m_g"; fi; done`
    : sh`m_g=${pathWord(path)}; printf '%s\\0' "$m_g"`;

const probe = async (given: Args, { target }: ModuleContext): Promise<Found> => {
  const paths = given.path.map(String);
  const dest =
    given.dest === undefined
      ? sh`m_p=${pathWord(withoutSlash(paths[0]!))}; m_p=$m_p.${given.format}`
      : sh`m_p=${pathWord(given.dest)}`;
  const script = lines(
    sh`m_seen=; ${dest}`,
    probeUmask,
    raw(`printf '%s\\0' "$m_p"`),
    probeFile('m_p'),
    probeIdentity(given),
    ...paths.map(expandScript),
    raw("printf '\\0'"),
    ...given.exclude_path.map((path) => expandScript(String(path))),
    raw("printf '\\0'"),
    ...paths.flatMap((path) => [
      sh`m_look() {
if [ -d "$1" ] && [ ! -L "$1" ]; then
  printf 'folder\\0%s\\0' "$1"
  find "$1" -mindepth 1 -type d -exec printf '%s\\0' {} +; printf '\\0'
  find "$1" -mindepth 1 ! -type d -exec printf '%s\\0' {} +; printf '\\0'
elif [ -e "$1" ] || [ -L "$1" ]; then printf 'file\\0%s\\0' "$1"
else printf 'absent\\0%s\\0' "$1"
fi
}`,
      isGlob(path)
        ? sh`for m_g in ${globWord(path)}; do m_look "$m_g"; done`
        : sh`m_g=${pathWord(path)}; m_look "$m_g"`,
    ]),
  );
  const reader = await runScript(target, script);
  const umask = readUmask(reader);
  const state = readFileState(reader, reader.field());
  const identity = readIdentity(reader, given);
  const expanded = readList(reader);
  const excluded = readList(reader);
  const targets: ArchiveTarget[] = [];
  while (!reader.isAtEnd) {
    const kind = reader.field() as ArchiveTarget['kind'];
    const path = reader.field();
    const folders = kind === 'folder' ? readList(reader) : [];
    const files = kind === 'folder' ? readList(reader) : [];
    const inside = [
      ...folders.map((item) => ({ path: item, isFolder: true })),
      ...files.map((item) => ({ path: item, isFolder: false })),
    ];
    targets.push({ path, kind, inside });
  }
  return { expanded, excluded, targets, dest: state, identity, umask };
};

const readList = (reader: ReplyReader): string[] => {
  const items: string[] = [];
  for (let item = reader.field(); item !== ''; item = reader.field()) items.push(item);
  return items;
};

interface Content {
  readonly root: string;
  readonly members: readonly ArchiveMember[];
  readonly present: readonly ArchiveTarget[];
  readonly isSingle: boolean;
  readonly isArchive: boolean;
}

const archivedPaths = (members: readonly ArchiveMember[], isZip: boolean): string[] =>
  members.filter(({ isFolder }) => !(isZip && isFolder)).map(({ path }) => path);

const stateOf = (
  { dest }: Found,
  { check }: ModuleContext,
  hasTargets: boolean,
  isSingle: boolean,
  isIncomplete: boolean,
): string => {
  if (!hasTargets) return dest.stat ? (isArchiveName(dest.path) ? 'archive' : 'compress') : 'absent';
  if (check) return 'absent';
  if (isSingle) return 'compress';
  return isIncomplete ? 'incomplete' : 'archive';
};

/** Packs, and gives the archive its attributes. */
const pack = async (given: Args, context: ModuleContext, found: Found, content: Content): Promise<ResultObject> => {
  const { dest, identity, umask } = found;
  const { present, members, isSingle } = content;
  const isPacked = present.length > 0 && !context.check;
  const existing = dest.stat;
  const now = existing ?? { ...emptyFile, mode: defaultMode('file', umask) };
  const attributes = planAttributes({ stat: now, context: dest.context }, given, identity, umask, dest.path);
  const script = existing || isPacked ? attributeScript(attributes, dest.path) : undefined;
  if (context.check) {
    const wouldPack = present.length > 0 && (content.isArchive || !existing);
    return { changed: wouldPack || (existing !== undefined && attributes.changed), ...pathInfo(existing) };
  }
  const work: Packing = {
    format: given.format,
    dest: dest.path,
    root: content.root === '' ? '.' : content.root,
    names: members.map(({ name }) => name),
    tops: topsOf(content),
    single: isSingle ? present[0]?.path : undefined,
    existing: now,
    remove: given.remove ? [...new Set([...archivedPaths(members, false), ...present.map(({ path }) => path)])] : [],
  };
  try {
    const reader = await runScript(
      context.target,
      lines(
        isPacked ? packScript(work) : raw("printf 'same\\0'"),
        script,
        sh`[ ! -e ${dest.path} ] || ${stat} ${dest.path}; printf '\\0'`,
      ),
    );
    const isSame = reader.field() === 'same';
    const line = reader.field();
    const info = line === '' ? {} : pathInfo(parseStat(line));
    return { changed: !isSame || (existing !== undefined && attributes.changed), ...info };
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    throw packFailure(error, dest.path, given);
  }
};

/** The targets by their names in the archive, when nothing inside of them is left out. */
const topsOf = ({ present, members, root }: Content): string[] | undefined => {
  const all = present.reduce((sum, { kind, inside }) => sum + (kind === 'folder' ? inside.length : 1), 0);
  if (all !== members.length) return undefined;
  return present.map(({ path }) => (path.startsWith(root) ? path.slice(root.length) : path));
};

const emptyFile = { type: 'file', mode: 0, uid: 0, gid: 0, owner: undefined, group: undefined } as const;

const packFailure = (error: StepFailure, path: string, given: Args): ModuleFailure => {
  const format = given.format === 'zip' || given.format === 'tar' ? given.format : `tar.${given.format}`;
  switch (error.step) {
    case 'nozip':
    case 'notool':
      return new ModuleFailure(`the host has no command that makes ${given.format} files`, { dest: path });
    case 'remove':
      return new ModuleFailure(`Error deleting some source files: ${error.said}`, { dest: path });
    case 'create':
    case 'pack':
    case 'replace':
      return new ModuleFailure(`Error when writing ${format} archive at ${path}: ${error.said}`, { dest: path });
    default:
      return attributeFailure(error, path);
  }
};
