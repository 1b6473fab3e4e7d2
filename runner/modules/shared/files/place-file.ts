import { lines, raw, sh } from '../../../connection/index.ts';
import { ModuleFailure } from '../../../errors/index.ts';
import type { ResultObject, Value } from '../../../values/index.ts';
import type { ModuleContext, Plan } from '../../define.ts';
import { type AttributePlan, attributeScript, planAttributes } from './attributes.ts';
import { isChecksumOf } from './checksum.ts';
import type { FileArguments } from './common-arguments.ts';
import { contentDiff, diffLimit, probeContent, readSmallContent } from './content.ts';
import { parseStat, stat } from './file-stat.ts';
import { type FileState, probeFile, readFileState } from './file-state.ts';
import { defaultMode, missingFolders, planFresh } from './fresh.ts';
import { type Identity, probeIdentity, probeUmask, readIdentity, readUmask } from './identity.ts';
import type { LocalContent } from './local-content.ts';
import { resolveMode } from './mode.ts';
import { pathInfo } from './path-info.ts';
import { folderOf, pathWord, withoutSlash } from './paths.ts';
import { runScript, StepFailure } from './reply.ts';
import {
  attributeFailure,
  type FileWrite,
  type NewFolder,
  type Validation,
  ValidationFailure,
  writeFile,
} from './write.ts';

/** The arguments of the modules that put content from the controller into one file. */
export interface PlaceArguments extends FileArguments {
  readonly dest: string;
  readonly backup: boolean;
  readonly force: boolean;
  readonly follow: boolean;
  readonly validate: string | undefined;
  readonly directory_mode?: Value | undefined;
  readonly checksum?: string | undefined;
}

/** What is to be put where. */
export interface Placement {
  readonly source: LocalContent;
  /** The name that it gets inside of a folder; undefined when `dest` must not be one. */
  readonly name: string | undefined;
  /** How diffs and results call the source. */
  readonly shown: string | undefined;
  /** `mode`, with `preserve` already replaced by the source's. */
  readonly mode: Value | undefined;
}

export interface PlaceState {
  readonly placement: Placement;
  readonly file: FileState;
  readonly umask: number;
  readonly identity: Identity;
  /** The present content, for the diff. */
  readonly before: Buffer | undefined;
}

/** Looks at the destination: one round trip. */
export const probePlace = async (
  placement: Placement,
  args: PlaceArguments,
  context: ModuleContext,
): Promise<PlaceState> => {
  const isFolder = args.dest.endsWith('/');
  const inside = placement.name === undefined ? raw('') : sh`m_p=\${m_p%/}/${placement.name}`;
  const script = lines(
    sh`m_seen=; m_p=${pathWord(withoutSlash(args.dest))}`,
    probeUmask,
    isFolder && placement.name !== undefined
      ? inside
      : sh`if [ -d "$m_p" ]; then m_k=folder; ${lines(inside)}
else m_k=file; fi`,
    isFolder ? raw('m_k=folder') : undefined,
    raw(`printf '%s\\0%s\\0' "$m_k" "$m_p"`),
    probeFile('m_p', { checksum: 'sha1', attributes: args.attributes !== undefined }),
    probeIdentity(args),
    context.wantsDiff ? probeContent('m_p', diffLimit) : undefined,
  );
  const reader = await runScript(context.target, script);
  const umask = readUmask(reader);
  if (reader.field() === 'folder' && placement.name === undefined) {
    throw new ModuleFailure('can not use content with a dir as dest');
  }
  const file = readFileState(reader, reader.field());
  const identity = readIdentity(reader, args);
  // A new file can be sent while they are worked out.
  if (file.stat || context.check || args.checksum !== undefined) await placement.source.summed;
  return { placement, file, umask, identity, before: context.wantsDiff ? readSmallContent(reader) : undefined };
};

export interface PlaceSteps {
  readonly path: string;
  /** The content that has to be written … */
  readonly write?: FileWrite;
  readonly source?: LocalContent;
  /** … or the attributes alone that differ. */
  readonly attributes?: AttributePlan;
  /** Why the change cannot be made as things are now. */
  readonly refusal?: ModuleFailure | undefined;
}

export type PlacePlan = Plan<PlaceSteps>;

/** Decides what the destination lacks. */
export const planPlace = (state: PlaceState, args: PlaceArguments): PlacePlan => {
  const { file, placement } = state;
  const isLink = file.own?.type === 'link';
  const path = isLink && args.follow && file.stat ? file.real : file.path;
  if (file.stat && !args.force) return { changed: false, result: { dest: args.dest, src: placement.shown } };
  const isSame = file.stat?.type === 'file' && (!isLink || args.follow) && hasContent(file.checksum, placement.source);
  return isSame ? planAttributesOnly(state, args, path) : planWrite(state, args, path, isLink && path === file.path);
};

const hasContent = (checksum: string | undefined, source: LocalContent): boolean => {
  if (checksum === undefined) return false;
  if (checksum.startsWith('cksum:')) return source.bytes !== undefined && isChecksumOf(checksum, source.bytes);
  return checksum === source.sha1;
};

const planAttributesOnly = (state: PlaceState, args: PlaceArguments, path: string): PlacePlan => {
  const { file, placement, identity, umask } = state;
  const attributes = planAttributes(
    { stat: file.stat!, attributes: file.attributes, context: file.context },
    { ...args, mode: placement.mode },
    identity,
    umask,
    path,
  );
  return {
    changed: attributes.changed,
    result: { dest: path, path, checksum: placement.source.sha1, ...pathInfo(file.stat, file.context) },
    diff: { before: { path, ...attributes.before }, after: { path, ...attributes.after } },
    steps: { path, attributes },
  };
};

const planWrite = (state: PlaceState, args: PlaceArguments, path: string, replacesLink: boolean): PlacePlan => {
  const { file, placement, identity, umask } = state;
  const { source } = placement;
  refuseWrite(state, args, path);
  // A link that is replaced hands nothing down.
  const existing = replacesLink ? undefined : file.stat;
  const base = existing?.mode ?? defaultMode('file', umask);
  const wanted = { ...args, mode: placement.mode };
  const mode =
    placement.mode === undefined ? base : resolveMode(placement.mode, { mode: base, isDirectory: false, umask }, path);
  const attributes = existing
    ? planAttributes(
        { stat: existing, attributes: file.attributes, context: file.context },
        wanted,
        identity,
        umask,
        path,
      )
    : planFresh(wanted, identity, umask, 'file', path);
  const beforeHeader = file.stat ? path : undefined;
  return {
    changed: true,
    result: { dest: path, src: placement.shown, md5sum: source.md5, checksum: source.sha1 },
    diff: contentDiff(
      {
        content: state.before ?? (file.stat ? undefined : Buffer.alloc(0)),
        size: file.stat?.size ?? 0,
        header: beforeHeader,
      },
      { content: source.bytes, size: source.size, header: placement.shown ?? path },
    ),
    steps: {
      path,
      refusal: refusalOf(state, args, path),
      source,
      write: {
        path,
        content: source.content,
        existing,
        attributes,
        mode,
        newFolders: newFolders(state, args),
        backup: args.backup && file.stat !== undefined,
        validate: args.validate,
        unsafe: args.unsafe_writes,
        isFolderWritable: file.folder.isWritable || !file.folder.exists,
      },
    },
  };
};

/** Folders on the way are made only when the destination was given as a folder. */
const newFolders = ({ file, identity, umask }: PlaceState, args: PlaceArguments): NewFolder[] => {
  if (file.folder.exists) return [];
  return missingFolders(file.folder.path, file.folder.nearest).map((path) => ({
    path,
    attributes: planFresh(
      { ...args, mode: args.directory_mode, attributes: undefined },
      identity,
      umask,
      'directory',
      path,
    ),
  }));
};

const refuseWrite = ({ file, placement: { source } }: PlaceState, args: PlaceArguments, path: string): void => {
  if (args.checksum !== undefined && args.checksum !== source.sha1) {
    throw new ModuleFailure('Copied file does not match the expected checksum. Transfer failed.', {
      checksum: source.sha1,
      expected_checksum: args.checksum,
    });
  }
  if (file.stat?.type === 'directory') {
    throw new ModuleFailure(`Could not replace file: ${path}: it is a directory`, { dest: path });
  }
  if (file.folder.exists && !file.folder.isWritable && !args.unsafe_writes) {
    throw new ModuleFailure(`Destination ${folderOf(path) || '.'} not writable`, { dest: path });
  }
};

/** What only the change itself may fail on: in check mode, an earlier task would have made the folder. */
const refusalOf = ({ file }: PlaceState, args: PlaceArguments, path: string): ModuleFailure | undefined =>
  file.folder.exists || args.dest.endsWith('/')
    ? undefined
    : new ModuleFailure(`Destination directory ${folderOf(path) || '.'} does not exist`, { dest: path });

/** Makes the change: one round trip for small content. */
export const applyPlace = async (plan: PlacePlan, context: ModuleContext): Promise<ResultObject> => {
  try {
    return (await carryOut(plan, context)).result;
  } catch (error) {
    if (!(error instanceof ValidationFailure)) throw error;
    const { rc, stdout, stderr } = error.validation;
    throw new ModuleFailure('failed to validate', { exit_status: rc, stdout, stderr });
  }
};

/** As `applyPlace`, with what the validation command said; one that failed is thrown as ValidationFailure. */
export const carryOut = async (
  plan: PlacePlan,
  context: ModuleContext,
): Promise<{ readonly result: ResultObject; readonly validation: Validation | undefined }> => {
  const { path, write, source, attributes, refusal } = plan.steps!;
  if (refusal) throw refusal;
  try {
    if (write) {
      const { stat: now, backup, validation } = await writeFile(context.target, write);
      await source?.summed;
      const sums = source?.summed && { md5sum: source.md5, checksum: source.sha1 };
      return { result: { ...sums, ...pathInfo(now), backup_file: backup }, validation };
    }
    const script = lines(attributeScript(attributes!, path), sh`${stat} ${path}; printf '\\0'`);
    const reader = await runScript(context.target, script);
    return { result: pathInfo(parseStat(reader.field())), validation: undefined };
  } catch (error) {
    throw error instanceof StepFailure ? attributeFailure(error, path) : error;
  }
};
