import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { emit, lines, quote, raw, type Script, sh, shellFunction, type Target } from '../../../connection/index.ts';
import { ModuleFailure } from '../../../errors/index.ts';
import { type AttributePlan, attributeScript } from './attributes.ts';
import { type FileStat, parseStat, stat, statFormat } from './file-stat.ts';
import { chmodWord } from './mode.ts';
import { folderOf, joinPath, nameOf } from './paths.ts';
import { die, type ReplyReader, readReply, StepFailure } from './reply.ts';
import { splitWords } from './words.ts';

/** Content up to this size travels inside the request that writes it. */
export const inlineLimit = 64 * 1024;

/** Where new content comes from: the controller, in memory or as a stream, or a file of the target with its times. */
export type NewContent = Buffer | { readonly open: () => Readable } | { readonly copyOf: string };

/** A file that is to get new content, put in place in one step. */
export interface FileWrite {
  /** Where; links are resolved already, or are to be replaced. */
  readonly path: string;
  readonly content: NewContent;
  /** What stands there now: its mode and owner are kept where nothing else was asked. */
  readonly existing: FileStat | undefined;
  /** What was asked for mode and owner. */
  readonly attributes: AttributePlan;
  /** The permission bits that it shall have in the end. */
  readonly mode: number;
  /** Folders that have to be made first, outermost first. */
  readonly newFolders?: readonly NewFolder[];
  readonly backup?: boolean;
  readonly validate?: string | undefined;
  /** Write over it in place where it cannot be replaced. */
  readonly unsafe?: boolean;
  readonly isFolderWritable: boolean;
}

export interface NewFolder {
  readonly path: string;
  readonly attributes?: AttributePlan;
}

export interface Written {
  readonly backup: string | undefined;
  /** What the file is now. */
  readonly stat: FileStat;
  readonly validation: Validation | undefined;
}

export interface Validation {
  readonly rc: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The validation command found the new content wrong; nothing was changed. */
export class ValidationFailure extends Error {
  readonly validation: Validation;
  constructor(validation: Validation) {
    super('failed to validate');
    this.validation = validation;
  }
}

const replace = shellFunction(
  'm_replace',
  `if [ -z "$3" ]; then
  mv -f -- "$2" "$1" || m_die replace
  return
fi
mv -f -- "$2" "$1" 2>/dev/null && return
cat <"$2" >"$1" && rm -f -- "$2" || m_die replace`,
  [die],
);

/** Keeps a file beside itself, with the time in its name, and tells that name. */
export const backup = shellFunction(
  'm_backup',
  `m_b="$1.$$.$(date '+%Y-%m-%d@%H:%M:%S~')"
cp -p -- "$1" "$m_b" || m_die backup
printf '%s\\0' "$m_b"`,
  [die],
);

const selinuxLike = shellFunction(
  'm_secopy',
  `[ -e /sys/fs/selinux/enforce ] || return 0
if [ -e "$1" ]; then chcon --reference="$1" -- "$2"; else restorecon -- "$2"; fi 2>/dev/null
:`,
);

/** Writes a file: one round trip when the content is small. Throws ModuleFailure, ValidationFailure. */
export const writeFile = async (target: Target, write: FileWrite): Promise<Written> => {
  const script = await writeScript(target, write);
  const reply = await target.run(script);
  try {
    return readWritten(readReply(reply), write, reply.stderr);
  } catch (error) {
    throw error instanceof StepFailure ? explain(error, write.path) : error;
  }
};

const writeScript = async (target: Target, write: FileWrite): Promise<Script> => {
  const folders = write.newFolders ?? [];
  const folder = write.isFolderWritable ? folderOf(write.path) || '.' : await target.temporaryDirectory();
  const temporary = joinPath(folder, temporaryName(nameOf(write.path)));
  const { content } = write;
  const isAhead = Buffer.isBuffer(content) ? content.length > inlineLimit : 'open' in content;
  if (isAhead) await sendAhead(target, write, temporary);
  const before = lines(
    ...(isAhead ? [] : folders.map(makeFolder)),
    raw(`m_t=${quote(temporary)}; trap 'rm -f -- "$m_t"' EXIT`),
  );
  const fill = isAhead ? undefined : fillScript(content);
  const replaced = sh`${replace} ${write.path} "$m_t" ${write.unsafe ? 'unsafe' : ''}`;
  const rest = attributeScript(
    { ...write.attributes, owner: undefined, group: undefined, mode: undefined },
    write.path,
  );
  const isPlain = !write.validate && !write.unsafe && rest === undefined;
  if (isPlain) return lines(before, plainScript(write, fill), replaced, raw(`trap - EXIT; printf '%s\\0' "$m_s"`));
  return lines(
    before,
    raw('m_u=$(umask); umask 077'),
    fill,
    ...ownerScripts(write),
    sh`chmod ${chmodWord(write.mode)} -- "$m_t" || ${die} chmod`,
    sh`${selinuxLike} ${write.path} "$m_t"`,
    write.validate === undefined || write.validate === '' ? undefined : validateScript(write.validate),
    write.backup && write.existing ? sh`${backup} ${write.path}` : undefined,
    replaced,
    raw('trap - EXIT; umask "$m_u"'),
    rest,
    sh`${stat} ${write.path}; printf '\\0'`,
  );
};

const statCommand = raw(`stat -c ${quote(statFormat)} -- "$m_t"`);

/**
 * Makes the file beside its place and looks at it there, with as few processes as can be: where the umask alone gives
 * the right mode to a file that nobody else shall own, neither chmod nor chown is needed. The look tells whether that
 * was so: an access control list of the folder may have had its own way.
 */
const plainScript = (write: FileWrite, fill: Script | undefined): Script => {
  const { mode, path, attributes, existing } = write;
  const byUmask =
    fill !== undefined && (mode & ~0o666) === 0 && attributes.owner === undefined && attributes.group === undefined;
  const umask = raw(`umask ${((~mode & 0o666) | 0o111).toString(8).padStart(4, '0')}`);
  const isOurs = sh`[ -O ${path} ] && [ -G ${path} ]`;
  const chmod = sh`chmod ${chmodWord(mode)} -- "$m_t" || ${die} chmod`;
  return lines(
    raw('umask 077'),
    byUmask && (existing ? sh`${isOurs} && ${umask}` : umask),
    fill,
    ...(byUmask && existing ? [sh`${isOurs} && [ -G "$m_t" ] ||`] : []),
    ...ownerScripts(write),
    byUmask ? undefined : chmod,
    sh`${selinuxLike} ${path} "$m_t"`,
    write.backup && existing ? sh`${backup} ${path}` : undefined,
    sh`m_s=$(${statCommand})`,
    byUmask
      ? sh`case \${m_s#*/} in ${(0o100000 | mode).toString(16)}/*) ;; *) ${chmod}; m_s=$(${statCommand});; esac`
      : undefined,
  );
};

/** Large content goes ahead on a stream of its own, into folders that exist by then. */
const sendAhead = async (target: Target, write: FileWrite, temporary: string): Promise<void> => {
  if (write.newFolders && write.newFolders.length > 0) {
    try {
      readReply(await target.run(lines(...write.newFolders.map(makeFolder))));
    } catch (error) {
      throw error instanceof StepFailure ? explain(error, write.path) : error;
    }
  }
  const { content } = write;
  if (Buffer.isBuffer(content)) await target.put(content, temporary);
  else if ('open' in content) await target.put(content.open(), temporary);
};

const fillScript = (content: NewContent): Script => {
  if (Buffer.isBuffer(content)) return sh`${emit(content)} >"$m_t" || ${die} create`;
  if (!('copyOf' in content)) return raw('');
  return sh`cat -- ${content.copyOf} >"$m_t" || ${die} create
touch -r ${content.copyOf} -- "$m_t" || :`;
};

const makeFolder = ({ path, attributes }: NewFolder): Script =>
  lines(
    sh`[ -d ${path} ] || mkdir -p -- ${path} || ${die} mkdir`,
    attributes === undefined ? undefined : attributeScript(attributes, path),
  );

/** What was asked must work; keeping the old owner is tried, which only root may do. */
const ownerScripts = ({ attributes: { owner, group }, existing }: FileWrite): Script[] => {
  if (owner === undefined && group === undefined) {
    if (!existing) return [];
    return [sh`chown ${`${existing.uid}:${existing.gid}`} -- "$m_t" 2>/dev/null || :`];
  }
  const asked = [
    owner !== undefined && sh`chown ${owner} -- "$m_t" || ${die} chown`,
    group !== undefined && sh`chgrp ${group} -- "$m_t" || ${die} chgrp`,
  ].filter((script) => script !== false);
  const all = `${owner ?? existing?.uid ?? ''}:${group ?? existing?.gid ?? ''}`.replace(/:$/, '');
  return [lines(sh`chown ${all} -- "$m_t" 2>/dev/null || {`, ...asked, raw('}'))];
};

/** The command, without a shell as Ansible runs it: its output goes to the reply, its error output to the reply's. */
export const validateScript = (command: string): Script => {
  if (!command.includes('%s')) throw new ModuleFailure(`validate must contain %s: ${command}`);
  const words = splitWords(command).map((word) => {
    const parts = word.split('%s').map((part) => part.replaceAll('%%', '%'));
    return raw(parts.map((part) => (part === '' ? '' : quote(part))).join('"$m_t"') || "''");
  });
  return sh`(umask "$m_u"; ${words})
m_rc=$?
printf '\\0%d\\0' "$m_rc"
[ "$m_rc" -eq 0 ] || ${die} validate`;
};

const readWritten = (reader: ReplyReader, write: FileWrite, stderr: Buffer): Written => {
  let validation: Validation | undefined;
  if (write.validate !== undefined && write.validate !== '') {
    const stdout = reader.field();
    validation = { stdout, rc: Number(reader.field()), stderr: stderr.toString() };
  }
  return {
    validation,
    backup: write.backup && write.existing ? reader.field() : undefined,
    stat: parseStat(reader.field()),
  };
};

const temporaryName = (name: string): string => `.muster-${randomBytes(8).toString('hex')}.${name.slice(-160)}`;

/** Words a step that failed. */
const explain = (failure: StepFailure, path: string): Error => {
  switch (failure.step) {
    case 'validate': {
      const fields = failure.reply.stdout.toString().split('\0');
      // … stdout, rc, then the step's own name after an empty field.
      return new ValidationFailure({
        stdout: fields.at(-4) ?? '',
        rc: Number(fields.at(-3)),
        stderr: failure.reply.stderr.toString(),
      });
    }
    case 'create':
      return new ModuleFailure(
        `The destination directory (${folderOf(path)}) is not writable by the current user. Error was: ${failure.said}`,
      );
    case 'mkdir':
      return new ModuleFailure(`Could not create the directory: ${failure.said}`, { path });
    case 'backup':
      return new ModuleFailure(`Could not make backup of ${path}: ${failure.said}`);
    case 'replace':
      return new ModuleFailure(`Could not replace file: ${path}: ${failure.said}`);
    default:
      return attributeFailure(failure, path);
  }
};

/** The error of a chown, chgrp, chmod, chattr or chcon that failed. */
export const attributeFailure = (failure: StepFailure, path: string | undefined): ModuleFailure =>
  new ModuleFailure(failure.step === 'chown' ? `chown failed: ${failure.reason}` : `${failure.step} failed`, {
    path,
    details: failure.said,
  });
