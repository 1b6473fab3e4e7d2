import { lines, raw, type Script, sh } from '../../../connection/index.ts';
import { ModuleFailure } from '../../../errors/index.ts';
import type { Diff, ModuleContext, Plan } from '../../define.ts';
import { attributeScript, planAttributes } from './attributes.ts';
import { contentDiff, diffLimit } from './content.ts';
import type { CopyArguments } from './copy-arguments.ts';
import { type FileState, probeFile, readFileState } from './file-state.ts';
import { defaultMode, missingFolders, planFresh } from './fresh.ts';
import { type Identity, probeIdentity, probeUmask, readIdentity, readUmask } from './identity.ts';
import { type LocalContent, readLocal } from './local-content.ts';
import { type LocalTree, walkLocal } from './local-tree.ts';
import { type BriefState, probeMany, readMany } from './many-states.ts';
import { modeText, resolveMode } from './mode.ts';
import { folderOf, joinPath, nameOf, pathWord, withoutSlash } from './paths.ts';
import { die, runScript } from './reply.ts';
import { type TreeFile, writeTree } from './tree-write.ts';
import { validateScript } from './write.ts';

/** A folder of the controller, and what stands at all of its destinations. */
export interface CopyTreeState {
  readonly source: string;
  /** The destination folder. */
  readonly base: FileState;
  readonly umask: number;
  readonly identity: Identity;
  readonly files: readonly TreeEntry[];
  readonly directories: readonly (Placed & { readonly isListed: boolean })[];
  readonly links: readonly (Placed & { readonly target: string })[];
}

interface Placed {
  readonly path: string;
  readonly state: BriefState;
}

interface TreeEntry extends Placed {
  readonly source: string;
  readonly mode: number;
  readonly content: LocalContent;
  /** The present content, for the diff. */
  readonly before: Buffer | undefined;
}

/** Walks the source and looks at all destinations: one round trip, and one more for the old content of a diff. */
export const probeCopyTree = async (
  source: string,
  args: CopyArguments,
  context: ModuleContext,
): Promise<CopyTreeState> => {
  const tree = await walkLocal(source, args.local_follow ?? true);
  const folders = foldersOf(tree);
  const files = tree.files.map(({ relative }) => relative);
  const links = tree.links.map(({ relative }) => relative);
  const script = lines(
    sh`m_seen=; m_p=${pathWord(withoutSlash(args.dest))}`,
    probeUmask,
    raw(`printf '%s\\0' "$m_p"`),
    probeFile('m_p'),
    probeIdentity(args),
    ...probeMany('m_p', folders, true),
    ...probeMany('m_p', files, false),
    ...probeMany('m_p', links, false),
  );
  const reader = await runScript(context.target, script);
  const umask = readUmask(reader);
  const base = readFileState(reader, reader.field());
  const identity = readIdentity(reader, args);
  const place = (relative: string, state: BriefState): Placed => ({ path: joinPath(base.path, relative), state });
  const listed = new Set(tree.directories);
  const directories = readMany(reader, folders, true).map((state, index) => ({
    ...place(folders[index]!, state),
    isListed: listed.has(folders[index]!),
  }));
  const states = readMany(reader, files, false);
  const linkStates = readMany(reader, links, false);
  const contents = await readAll(tree, args.decrypt, context);
  const entries = tree.files.map((file, index): TreeEntry => {
    const placed = place(file.relative, states[index]!);
    return { ...placed, source: file.path, mode: file.mode, content: contents[index]!, before: undefined };
  });
  return {
    source,
    base,
    umask,
    identity,
    directories,
    files: context.wantsDiff ? await withContent(entries, context) : entries,
    links: tree.links.map(({ target }, index) => ({ ...place(links[index]!, linkStates[index]!), target })),
  };
};

/** The contents of all files, some at a time. */
const readAll = async (tree: LocalTree, decrypt: boolean, { controller }: ModuleContext): Promise<LocalContent[]> => {
  const contents: LocalContent[] = [];
  for (let start = 0; start < tree.files.length; start += 64) {
    const some = tree.files.slice(start, start + 64);
    const read = await Promise.all(some.map(({ path }) => readLocal(controller, path, decrypt)));
    for (const content of read) await content.summed;
    contents.push(...read);
  }
  return contents;
};

/** All folders of the tree, and those that files stand in without the folder itself being listed. */
const foldersOf = (tree: LocalTree): string[] => {
  const folders = new Set(tree.directories);
  for (const { relative } of [...tree.files, ...tree.links]) {
    for (let folder = folderOf(relative); folder !== ''; folder = folderOf(folder)) folders.add(folder);
  }
  for (const directory of tree.directories) {
    for (let folder = folderOf(directory); folder !== ''; folder = folderOf(folder)) folders.add(folder);
  }
  return [...folders].sort();
};

const withContent = (entries: readonly TreeEntry[], { target }: ModuleContext): Promise<TreeEntry[]> =>
  Promise.all(
    entries.map(async (entry) => {
      const { state } = entry;
      const isShown = isFileChanged(entry) && state.kind === 'file' && state.stat!.size <= diffLimit;
      if (!isShown) return entry;
      return { ...entry, before: (await target.run(sh`cat -- ${entry.path}`)).stdout };
    }),
  );

const isFileChanged = ({ state, content }: TreeEntry): boolean => state.checksum !== content.sha1;

export interface CopyTreeSteps {
  /** Folders, links and attributes that are set before files are written. */
  readonly script: Script;
  readonly files: readonly TreeFile[];
}

/** Decides what of the tree is missing or differs. */
export const planCopyTree = (state: CopyTreeState, args: CopyArguments): Plan<CopyTreeSteps> => {
  const { base, directories, links } = state;
  if (base.stat && base.stat.type !== 'directory') {
    throw new ModuleFailure(`Destination directory ${base.path} does not exist: it is a file`, { dest: base.path });
  }
  const scripts: Script[] = [];
  if (!base.stat && state.files.length + directories.length + links.length > 0) {
    scripts.push(...missingFolders(base.path, base.folder.nearest).map((path) => newFolder(path, state, args)));
  }
  scripts.push(...directories.flatMap((directory) => folderScripts(directory, state, args)));
  const files: TreeFile[] = [];
  const diffs: Diff[] = [];
  for (const entry of state.files) {
    if (entry.state.kind !== 'absent' && !args.force) continue;
    if (isFileChanged(entry)) {
      files.push(fileWrite(entry, state, args));
      diffs.push(entryDiff(entry));
    } else scripts.push(...attributeScripts(entry, state, args));
  }
  scripts.push(...links.flatMap((link) => linkScripts(link, state, args)));
  return {
    changed: scripts.length + files.length > 0,
    result: { dest: joinPath(base.path, ''), src: state.source },
    diff: diffs,
    steps: { script: lines(...scripts), files },
  };
};

const newFolder = (path: string, { identity, umask }: CopyTreeState, args: CopyArguments): Script => {
  const attributes = planFresh({ ...args, mode: args.directory_mode }, identity, umask, 'directory', path);
  return lines(sh`[ -d ${path} ] || mkdir -- ${path} || ${die} mkdir`, attributeScript(attributes, path));
};

const folderScripts = (
  { path, state: brief, isListed }: CopyTreeState['directories'][number],
  state: CopyTreeState,
  args: CopyArguments,
): Script[] => {
  if (brief.kind === 'absent' || (brief.kind === 'link' && !brief.stat)) return [newFolder(path, state, args)];
  if (brief.stat?.type !== 'directory') {
    throw new ModuleFailure(`${path} already exists as a file`, { path });
  }
  // The folder that holds all of the copy is made where it is missing, and left alone otherwise.
  if (!isListed) return [];
  const plan = planAttributes(
    { stat: brief.stat },
    { ...args, mode: args.directory_mode },
    state.identity,
    state.umask,
    path,
  );
  const script = attributeScript({ ...plan, attributes: undefined }, path);
  return script ? [script] : [];
};

const attributeScripts = (entry: TreeEntry, state: CopyTreeState, args: CopyArguments): Script[] => {
  const wanted = { ...args, mode: args.mode === 'preserve' ? modeText(entry.mode) : args.mode, attributes: undefined };
  const plan = planAttributes({ stat: entry.state.stat! }, wanted, state.identity, state.umask, entry.path);
  const script = attributeScript(plan, entry.path);
  return script ? [script] : [];
};

const fileWrite = (entry: TreeEntry, state: CopyTreeState, args: CopyArguments): TreeFile => {
  const { path, state: brief } = entry;
  if (brief.kind === 'folder link' || brief.stat?.type === 'directory') {
    throw new ModuleFailure(`Could not replace file: ${path}: it is a directory`, { dest: path });
  }
  const existing = brief.kind === 'link' ? undefined : brief.stat;
  const base = existing?.mode ?? defaultMode('file', state.umask);
  const wanted = args.mode === 'preserve' ? modeText(entry.mode) : args.mode;
  const mode =
    wanted === undefined ? base : resolveMode(wanted, { mode: base, isDirectory: false, umask: state.umask }, path);
  const { owner, group } = planFresh({ ...args, mode: undefined }, state.identity, state.umask, 'file', path);
  const user = owner ?? existing?.uid ?? '';
  const members = group ?? existing?.gid ?? '';
  return {
    folder: folderOf(path),
    name: nameOf(path),
    content: entry.content.content as TreeFile['content'],
    mode,
    owner: members === '' ? String(user) : `${user}:${members}`,
    isOwnerAsked: owner !== undefined || group !== undefined,
    attributes: args.attributes,
    validate: args.validate ? (staged): Script => lines(sh`m_t=${staged}`, validateScript(args.validate!)) : undefined,
    backup: args.backup && brief.kind !== 'absent',
  };
};

const entryDiff = ({ path, state, content, before, source }: TreeEntry): Diff =>
  contentDiff(
    {
      content: state.kind === 'absent' ? Buffer.alloc(0) : before,
      size: state.stat?.size ?? 0,
      header: state.kind === 'absent' ? undefined : path,
    },
    { content: content.bytes, size: content.size, header: source },
  );

const linkScripts = (
  { path, state: brief, target }: CopyTreeState['links'][number],
  state: CopyTreeState,
  args: CopyArguments,
): Script[] => {
  const isLink = brief.kind === 'link' || brief.kind === 'folder link';
  if (!isLink && brief.stat?.type === 'directory') {
    throw new ModuleFailure(`the directory ${path} is not empty, refusing to convert it`, { path });
  }
  if (!isLink || brief.target !== target) {
    const { owner, group } = planFresh({ ...args, mode: undefined }, state.identity, state.umask, 'link', path);
    const word = group === undefined ? String(owner ?? '') : `${owner ?? ''}:${group}`;
    return [
      sh`rm -f -- ${path} && ln -s -- ${target} ${path} || ${die} link`,
      ...(word === '' ? [] : [sh`chown -h ${word} -- ${path} || ${die} chown`]),
    ];
  }
  const plan = planAttributes(
    { stat: brief.stat! },
    { ...args, mode: undefined, attributes: undefined },
    state.identity,
    state.umask,
    path,
  );
  const script = attributeScript(plan, path);
  return script ? [script] : [];
};

/** Makes the change: one round trip when all content is small. */
export const applyCopyTree = async ({ steps }: Plan<CopyTreeSteps>, context: ModuleContext): Promise<void> =>
  writeTree(context.target, steps!.script, steps!.files);
