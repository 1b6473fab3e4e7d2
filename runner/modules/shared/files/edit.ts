import { lines, raw, sh } from '../../../connection/index.ts';
import { ModuleFailure } from '../../../errors/index.ts';
import type { ResultObject } from '../../../values/index.ts';
import type { Diff, ModuleContext, Plan } from '../../define.ts';
import {
  type AttributeArguments,
  type AttributePlan,
  attributeScript,
  noAttributes,
  planAttributes,
} from './attributes.ts';
import { probeContent, readContent } from './content.ts';
import { type FileStat, parseStat, stat } from './file-stat.ts';
import { type FileState, probeFile, readFileState } from './file-state.ts';
import { defaultMode, missingFolders, planFresh } from './fresh.ts';
import { type Identity, probeIdentity, probeUmask, readIdentity, readUmask } from './identity.ts';
import { pathWord, withoutSlash } from './paths.ts';
import { runScript, StepFailure } from './reply.ts';
import { attributeFailure, type FileWrite, ValidationFailure, writeFile } from './write.ts';

/** The arguments that all modules have which edit a text file. */
export interface EditArguments extends AttributeArguments {
  readonly path: string;
  readonly backup: boolean;
  readonly validate?: string | undefined;
  readonly unsafe_writes: boolean;
}

/** A file that is to be edited, with its content. */
export interface EditState {
  readonly file: FileState;
  readonly umask: number;
  readonly identity: Identity;
  /** Undefined when there is no file. */
  readonly content: Buffer | undefined;
}

/** Reads the file: one round trip, but for large ones. */
export const probeEdit = async (args: EditArguments, { target }: ModuleContext): Promise<EditState> => {
  const script = lines(
    sh`m_seen=; m_p=${pathWord(withoutSlash(args.path))}`,
    probeUmask,
    raw(`printf '%s\\0' "$m_p"`),
    probeFile('m_p', { attributes: args.attributes !== undefined }),
    probeIdentity(args),
    probeContent('m_p'),
  );
  const reader = await runScript(target, script);
  const umask = readUmask(reader);
  const file = readFileState(reader, reader.field());
  const identity = readIdentity(reader, args);
  const content = await readContent(reader, target, file.path);
  if (file.stat?.type === 'directory') {
    throw new ModuleFailure(`Path ${args.path} is a directory !`, { rc: 256 });
  }
  if (file.stat && content === undefined) {
    throw new ModuleFailure(`Unable to read the contents of ${file.path}: it is not readable or no regular file`);
  }
  return { file, umask, identity, content };
};

export interface EditSteps {
  readonly path: string;
  readonly write: FileWrite | undefined;
  /** Attributes of the path itself, when they are all that differs or the path is a link. */
  readonly attributes: AttributePlan | undefined;
}

/** An edit as a module decided on it. */
export interface Edit {
  /** The new content; undefined when there shall still be no file. */
  readonly content: Buffer | undefined;
  readonly msg: string;
  readonly result?: ResultObject;
  /** A link is replaced by the file rather than followed. */
  readonly replacesLink?: boolean;
}

/** What an edit comes to: the new content and what the file's attributes lack, with the words for both. */
export const planEdit = (
  state: EditState,
  args: EditArguments,
  edit: Edit,
  context: ModuleContext,
): Plan<EditSteps> => {
  const { file, identity, umask } = state;
  const isChanged = edit.content !== undefined && !(state.content && edit.content.equals(state.content));
  const attributes =
    file.own && file.stat
      ? planAttributes(
          { stat: file.own, attributes: file.attributes, context: file.context },
          args,
          identity,
          umask,
          file.path,
        )
      : undefined;
  const fresh = !file.stat && isChanged ? planFresh(args, identity, umask, 'file', file.path) : undefined;
  const areAttributesOff = attributes?.changed ?? (fresh !== undefined && !context.check && differsWhenNew(fresh));
  const words = [edit.msg, areAttributesOff ? 'ownership, perms or SE linux context changed' : ''];
  return {
    changed: isChanged || areAttributesOff,
    result: { msg: words.filter((word) => word !== '').join(' and '), ...edit.result },
    diff: context.wantsDiff ? editDiff(state, edit, attributes ?? fresh) : undefined,
    steps: {
      path: file.path,
      write: isChanged ? editWrite(state, args, edit, attributes, fresh) : undefined,
      attributes: isChanged && file.own?.type !== 'link' ? undefined : attributes,
    },
  };
};

// The user that makes a new file is root nearly always; only the wording hangs on it.
const differsWhenNew = (fresh: AttributePlan): boolean =>
  Object.keys(fresh.after).length > 0 ||
  (fresh.owner !== undefined && fresh.owner !== 0) ||
  (fresh.group !== undefined && fresh.group !== 0) ||
  fresh.attributes !== undefined;

const editDiff = (state: EditState, edit: Edit, attributes: AttributePlan | undefined): Diff[] => {
  const { path } = state.file;
  return [
    {
      before: state.content?.toString() ?? '',
      after: edit.content?.toString() ?? '',
      beforeHeader: `${path} (content)`,
      afterHeader: `${path} (content)`,
    },
    {
      before: attributes?.before ?? {},
      after: attributes?.after ?? {},
      beforeHeader: `${path} (file attributes)`,
      afterHeader: `${path} (file attributes)`,
    },
  ];
};

/** The file that a link leads to is the one that is written, and only its own attributes are kept then. */
const editWrite = (
  { file, umask, identity }: EditState,
  args: EditArguments,
  edit: Edit,
  attributes: AttributePlan | undefined,
  fresh: AttributePlan | undefined,
): FileWrite => {
  const isLink = file.own?.type === 'link' && !edit.replacesLink;
  const path = isLink ? file.real : file.path;
  const base = file.stat?.mode ?? defaultMode('file', umask);
  const none = planFresh(noAttributes, identity, umask, 'file', path);
  const plan = isLink ? none : (attributes ?? fresh ?? none);
  return {
    path,
    content: edit.content!,
    existing: file.stat,
    attributes: plan,
    mode: plan.mode ?? base,
    newFolders: file.folder.exists
      ? []
      : missingFolders(file.folder.path, file.folder.nearest).map((folder) => ({ path: folder })),
    backup: args.backup && file.stat !== undefined,
    validate: args.validate,
    unsafe: args.unsafe_writes,
    isFolderWritable: isLink || file.folder.isWritable || !file.folder.exists || !args.unsafe_writes,
  };
};

/** What applying an edit tells: the backup's path, where one was made, and what the file is now. */
export interface Edited {
  readonly backup: string | undefined;
  readonly stat: FileStat | undefined;
}

/** Writes the file, or only sets its attributes: one round trip. */
export const applyEdit = async (plan: Plan<EditSteps>, { target }: ModuleContext): Promise<Edited> => {
  const { path, write, attributes } = plan.steps!;
  try {
    const written = write && (await writeFile(target, write));
    const script = attributes && attributeScript(attributes, path);
    if (!script) return { backup: written?.backup, stat: written?.stat };
    const reader = await runScript(target, lines(script, sh`${stat} ${path}; printf '\\0'`));
    return { backup: written?.backup, stat: parseStat(reader.field()) };
  } catch (error) {
    if (error instanceof StepFailure) throw attributeFailure(error, path);
    if (error instanceof ValidationFailure) {
      const { rc, stderr } = error.validation;
      throw new ModuleFailure(`failed to validate: rc:${rc} error:${stderr}`);
    }
    throw error;
  }
};
