import { lines, raw, type Script, sh, shellFunction } from '../../../connection/index.ts';
import type { Plan } from '../../define.ts';
import { attributeScript, planAttributes } from './attributes.ts';
import type { CopyArguments } from './copy-arguments.ts';
import { type FileState, probeFile, readFileState } from './file-state.ts';
import { planFresh } from './fresh.ts';
import type { Identity } from './identity.ts';
import { chmodWord, modeText } from './mode.ts';
import { pathInfo } from './path-info.ts';
import { joinPath } from './paths.ts';
import { die, type ReplyReader } from './reply.ts';

/** A folder of the target that is to be copied into another one. */
export interface RemoteTreeState {
  readonly source: FileState;
  /** The folder that gets the inside of the source. */
  readonly path: string;
  readonly exists: boolean;
  /** Whether `dest` itself was a folder before. */
  readonly isInto: boolean;
  /** The source's own name, when it is made inside of `dest`. */
  readonly name: string;
  /** The folder that gets the attributes. */
  readonly top: FileState;
  /** How many files differ or are missing. */
  readonly differing: number;
  readonly umask: number;
  readonly identity: Identity;
  /** The distinct owners of what is there, as `uid gid`. */
  readonly owners: readonly string[];
}

// Walks a tree and compares each thing with its counterpart in the other: `list` prints a dot for each that differs, as
// names are of no use here, `copy` copies it. New files belong to the user that copies, others keep their owner.
const differing = shellFunction(
  'm_differ',
  `(cd "$2" && find $4 . ! -name . -exec sh -c '
todo=$1; d=$2; links=$3; shift 3
me=$(id -u):$(id -g)
for f do
  if [ -h "$f" ] && [ "$links" = keep ]; then
    [ -h "$d/$f" ] && [ "$(readlink "$f")" = "$(readlink "$d/$f")" ] && continue
    if [ $todo = list ]; then printf .; continue; fi
    rm -f "$d/$f"; ln -s "$(readlink "$f")" "$d/$f" || exit 1
  elif [ -d "$f" ]; then
    [ -d "$d/$f" ] && continue
    if [ $todo = list ]; then printf .; continue; fi
    mkdir "$d/$f" && chmod "$(stat -c %a "$f")" "$d/$f" || exit 1
  elif [ -f "$f" ]; then
    [ -f "$d/$f" ] && cmp -s "$f" "$d/$f" && continue
    if [ $todo = list ]; then printf .; continue; fi
    if [ -e "$d/$f" ]; then cp "$f" "$d/$f" && chmod "$(stat -c %a "$f")" "$d/$f" || exit 1
    else cp -p "$f" "$d/$f" && chown "$me" "$d/$f" || exit 1
    fi
  fi
done' sh "$1" "$3" "\${4:-keep}" {} +)`,
);

/** Shell that compares two trees whose paths are in shell variables; `name` is the source's own name inside of dest. */
export const probeRemoteTree = (source: `m_${string}`, dest: `m_${string}`, name: string, follow: boolean): Script =>
  lines(
    sh`m_r=$${raw(dest)}; m_x=$m_r`,
    name === '' ? undefined : sh`m_r=\${m_r%/}/${name}; [ -d "$m_x" ] && m_x=$m_r`,
    sh`[ -d $${raw(dest)} ] && printf d; printf '\\0'
[ -e "$m_r" ] && printf e; printf '\\0'
case $m_r in /*) ;; *) m_r=$PWD/$m_r;; esac
${differing} list "$${raw(source)}" "$m_r" ${follow ? '-L' : ''}; printf '\\0'
[ -d "$m_r" ] && find "$m_r" -exec stat -c '%u %g' -- {} + | sort -u; printf '\\0'
printf '%s\\0' "$m_x"
${probeFile('m_x')}`,
  );

/** Reads what the probe of two folders of the target prints. */
export const readRemoteTree = (
  reader: ReplyReader,
  dest: string,
  name: string,
): Omit<RemoteTreeState, 'umask' | 'identity' | 'source'> => {
  const isInto = reader.field() !== '';
  const exists = reader.field() !== '';
  const marks = reader.field().length;
  const owners = reader
    .field()
    .split('\n')
    .filter((line) => line !== '');
  const path = name === '' ? dest : joinPath(dest, name);
  return { path, exists, isInto, name, differing: marks, owners, top: readFileState(reader, reader.field()) };
};

export interface RemoteTreeSteps {
  readonly script: Script;
  /** The folder that the result tells about. */
  readonly top: string;
}

/** Decides what of the tree has to be copied. */
export const planRemoteTree = (state: RemoteTreeState, args: CopyArguments): Plan<RemoteTreeSteps> => {
  const { source, path, identity, umask, top } = state;
  const asked = planFresh({ ...args, mode: undefined }, identity, umask, 'directory', path);
  const isOwnerOff = state.owners.some((line) => {
    const [uid, gid] = line.split(' ').map(Number);
    return (
      (typeof asked.owner === 'number' && asked.owner !== uid) ||
      (typeof asked.group === 'number' && asked.group !== gid)
    );
  });
  const isCopied = !state.exists || state.differing > 0;
  const word = asked.group === undefined ? String(asked.owner ?? '') : `${asked.owner ?? ''}:${asked.group}`;
  const likeSource = state.isInto || state.name === '';
  const make = sh`mkdir -p -- ${path} || ${die} mkdir
${lines(likeSource && sh`chmod ${chmodWord(source.stat!.mode)} -- ${path}`)}`;
  const copy = sh`${differing} copy ${source.path} ${path} ${args.local_follow ? '-L' : ''} || ${die} copy`;
  const chown = word !== '' && (isCopied || isOwnerOff) && sh`chown -R -h ${word} -- ${path} || ${die} chown`;
  const wanted = { ...args, mode: args.mode === 'preserve' ? modeText(source.stat!.mode) : args.mode };
  const attributes = top.stat
    ? planAttributes({ stat: top.stat, context: top.context }, wanted, identity, umask, top.path)
    : planFresh(wanted, identity, umask, 'directory', top.path);
  return {
    changed: isCopied || isOwnerOff || attributes.changed,
    result: {
      dest: state.name === '' && state.isInto ? joinPath(top.path, '') : top.path,
      src: args.src!.endsWith('/') ? joinPath(source.path, '') : source.path,
      checksum: null,
      md5sum: null,
      ...pathInfo(top.stat, top.context),
    },
    steps: {
      script: lines(!state.exists && make, isCopied && copy, chown, attributeScript(attributes, top.path)),
      top: top.path,
    },
  };
};
