import { raw, type Script, sh, shellFunction } from '../../../connection/index.ts';
import { ModuleFailure } from '../../../errors/index.ts';
import { parseSum, sum } from './checksum.ts';
import { type FileStat, parseStat, statFormat } from './file-stat.ts';
import { folderOf, joinPath, normalizePath } from './paths.ts';
import type { ReplyReader } from './reply.ts';
import type { SelinuxContext } from './selinux.ts';

/** What a path on the target is. */
export interface FileState {
  /** The path with `~` and variables expanded. */
  readonly path: string;
  /** What stands at the path itself; a link is not followed. Undefined when nothing does. */
  readonly own: FileStat | undefined;
  /** What the path leads to, links followed. Undefined also for a broken link. */
  readonly stat: FileStat | undefined;
  /** A link's text. */
  readonly target: string | undefined;
  /** The path with all links resolved; the same as `path` when it is no link. */
  readonly real: string;
  readonly isReadable: boolean;
  readonly isWritable: boolean;
  readonly isExecutable: boolean;
  /** Of what the path leads to, when it is a readable regular file and a checksum was asked for. */
  readonly checksum: string | undefined;
  /** When asked for. */
  readonly isEmptyFolder: boolean;
  /** lsattr's flags; '' when not asked for, or when the target or its file system has none. */
  readonly attributes: string;
  /** The SELinux context and the one that the policy has for the path, where SELinux is in use. */
  readonly context: SelinuxContext | undefined;
  readonly folder: FolderState;
}

/** The folder that a path stands in. */
export interface FolderState {
  readonly path: string;
  readonly exists: boolean;
  readonly isWritable: boolean;
  /** The nearest folder upwards that exists. */
  readonly nearest: string;
}

export interface FileStateOptions {
  /** The checksum to work out; none unless told. */
  readonly checksum?: string | undefined;
  readonly attributes?: boolean;
  /** Whether to find out if a folder is empty. */
  readonly emptiness?: boolean;
}

const selinuxSwitch = '/sys/fs/selinux/enforce';

// m_seen gathers the stat lines, so that the names of owners need no second look; m_size is the file's size.
const fileState = shellFunction(
  'm_file',
  `m_s=
m_flags=
[ -L "$1" ] && m_flags=L
if [ -e "$1" ]; then
  m_flags=\${m_flags}e
  [ -r "$1" ] && m_flags=\${m_flags}r
  [ -w "$1" ] && m_flags=\${m_flags}w
  [ -x "$1" ] && m_flags=\${m_flags}x
  [ -f "$1" ] && m_flags=\${m_flags}f
  case $3 in *n*)
    for m_e in "$1"/* "$1"/.[!.]* "$1"/..?*; do
      if [ -e "$m_e" ] || [ -L "$m_e" ]; then m_flags=\${m_flags}n; break; fi
    done;;
  esac
fi
case $1 in
  */*) m_d=\${1%/*}; m_d=\${m_d:-/};;
  *) m_d=.;;
esac
[ -d "$m_d" ] && m_flags=\${m_flags}D
[ -w "$m_d" ] && m_flags=\${m_flags}W
m_up=$m_d
while [ ! -e "$m_up" ]; do
  case $m_up in
    */*) m_up=\${m_up%/*}; m_up=\${m_up:-/};;
    *) m_up=.;;
  esac
done
printf '%s\\0%s\\0' "$m_flags" "$m_up"
case $m_flags in
  *[Le]*) m_s=$(stat -c '${statFormat}' -- "$1"); m_seen="$m_seen $m_s"; printf '%s\\0' "$m_s";;
  *) return;;
esac
case $m_flags in
  L*)
    readlink -n -- "$1"; printf '\\0'
    m_s=
    case $m_flags in *e*) readlink -f -n -- "$1"; m_s=$(stat -L -c '${statFormat}' -- "$1");; esac
    printf '\\0'
    m_seen="$m_seen $m_s"; printf '%s\\0' "$m_s";;
esac
m_size=\${m_s%%/*}
case $2/$m_flags in
  [a-z]*/*r*f*) m_sum "$2" "$1"; printf '\\0';;
  *) printf '\\0';;
esac
case $3$m_flags in
  *L*) ;;
  a*) command -v lsattr >/dev/null && lsattr -d -- "$1" 2>/dev/null;;
esac
printf '\\0'
if [ -e ${selinuxSwitch} ]; then
  stat -c %C -- "$1"
  matchpathcon -n "$1" 2>/dev/null
fi
printf '\\0'`,
  [sum],
);

/** Shell that prints the state of the file whose path a shell variable holds. */
export const probeFile = (variable: `m_${string}`, options: FileStateOptions = {}): Script => {
  const wanted = (options.attributes ? 'a' : '') + (options.emptiness ? 'n' : '');
  return sh`${fileState} ${raw(`"$${variable}"`)} ${options.checksum ?? ''} ${wanted}`;
};

/** Reads what `probeFile` printed. */
export const readFileState = (reader: ReplyReader, path: string): FileState => {
  const flags = reader.field();
  const nearest = reader.field();
  const folder: FolderState = {
    path: folderOf(path) || '.',
    exists: flags.includes('D'),
    isWritable: flags.includes('W'),
    nearest,
  };
  const isLink = flags.includes('L');
  const absent: FileState = {
    path,
    own: undefined,
    stat: undefined,
    target: undefined,
    real: path,
    isReadable: flags.includes('r'),
    isWritable: flags.includes('w'),
    isExecutable: flags.includes('x'),
    checksum: undefined,
    isEmptyFolder: !flags.includes('n'),
    attributes: '',
    context: undefined,
    folder,
  };
  if (!isLink && !flags.includes('e')) return absent;
  const ownLine = reader.field();
  if (ownLine === '') throw new ModuleFailure(`cannot look at ${path}: the stat command of the host does not work`);
  const own = parseStat(ownLine);
  let followed: FileStat | undefined = own;
  let target: string | undefined;
  let real = path;
  if (isLink) {
    target = reader.field();
    real = reader.field() || normalizePath(joinPath(folder.path, target));
    const line = reader.field();
    followed = line === '' ? undefined : parseStat(line);
  }
  const checksum = parseSum(reader.field()) || undefined;
  const attributes = reader.field().trim().split(/\s/)[0]!.replaceAll('-', '');
  const [current, byPolicy] = reader.field().trim().split('\n');
  const context = current ? { current, byPolicy } : undefined;
  return { ...absent, own, stat: followed, target, real, checksum, attributes, context };
};
