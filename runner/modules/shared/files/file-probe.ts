import { lines, raw, type Script, sh } from '../../../connection/index.ts';
import type { ArgumentsOf } from '../../arguments.ts';
import type { ModuleContext } from '../../define.ts';
import type { fileModuleArguments } from './file-arguments.ts';
import { type FileState, probeFile, readFileState } from './file-state.ts';
import { type Identity, probeIdentity, probeUmask, readIdentity, readUmask } from './identity.ts';
import { nameOf, pathWord, withoutSlash } from './paths.ts';
import { type ReplyReader, runScript } from './reply.ts';
import { probeTime, readResolvedTime, readTime, type Times, type WantedTime } from './timestamps.ts';
import { probeTree, readTree, type TreeState } from './tree-attributes.ts';

export type FileModuleArguments = ArgumentsOf<typeof fileModuleArguments>;

/** All that the file module has to know. */
export interface FileModuleState {
  readonly file: FileState;
  /** The path as results show it: with the slash at its end that the user gave. */
  readonly given: string;
  /** What `src` leads to, from where the link stands. */
  readonly source: FileState | undefined;
  /** `src` as the link will hold it. */
  readonly sourceText: string | undefined;
  readonly identity: Identity;
  readonly umask: number;
  readonly times: Times;
  readonly tree: TreeState | undefined;
  /** The folders and files inside, for the diff of a removal. */
  readonly inside: { readonly directories: string[]; readonly files: string[] } | undefined;
}

/** Asks the target everything in one round trip. */
export const probeFileModule = async (args: FileModuleArguments, context: ModuleContext): Promise<FileModuleState> => {
  const isTouch = args.state === 'touch';
  const modified = readTime(args.modification_time, args.modification_time_format, isTouch);
  const accessed = readTime(args.access_time, args.access_time_format, isTouch);
  const recurse = args.recurse && args.state !== 'absent';
  const listsInside = args.state === 'absent' && context.wantsDiff;
  const hasTimes = modified !== 'preserve' || accessed !== 'preserve';
  const script = lines(
    pathScript(args),
    probeUmask,
    raw(`printf '%s\\0' "$m_p"`),
    probeFile('m_p', { attributes: args.attributes !== undefined, emptiness: args.state === 'link' && args.force }),
    ...(args.src === undefined ? [] : [sourceScript(args), probeFile('m_q')]),
    // Inside of a folder everyone's numbers count, so names are looked up there in any case.
    recurse && raw('m_seen='),
    probeIdentity(args),
    probeTime(modified),
    probeTime(accessed),
    recurse && treeScript(args, hasTimes),
    listsInside && insideScript,
  );
  const reader = await runScript(context.target, script);
  const umask = readUmask(reader);
  const file = readFileState(reader, reader.field());
  const given = args.path.endsWith('/') && file.path !== '/' ? `${file.path}/` : file.path;
  const sourceText = args.src === undefined ? undefined : reader.field();
  const source = args.src === undefined ? undefined : readFileState(reader, reader.field());
  return {
    umask,
    file,
    given,
    sourceText,
    source,
    identity: readIdentity(reader, args),
    times: { modified: resolve(reader, modified), accessed: resolve(reader, accessed) },
    tree: recurse ? readTree(reader) : undefined,
    inside: listsInside ? { directories: readNames(reader), files: readNames(reader) } : undefined,
  };
};

const resolve = (reader: ReplyReader, wanted: WantedTime): Times['modified'] => readResolvedTime(reader, wanted);

/** The path: inside of it when it is a folder and `src` gives a name, except where the path itself is meant. */
const pathScript = (args: FileModuleArguments): Script => {
  const assign = sh`m_seen=; m_p=${pathWord(withoutSlash(args.path))}`;
  if (args.src === undefined || args.state === 'link' || args.state === 'absent') return assign;
  return sh`${assign}; if [ -d "$m_p" ]; then m_p=\${m_p%/}/${nameOf(args.src)}; fi`;
};

/**
 * `src` from where the link will stand; a hard link's is taken as it is. Ansible looks inside of a folder that stands in
 * the way, but for one that the link replaces.
 */
const sourceScript = ({ src, state, force }: FileModuleArguments): Script => {
  const assign = sh`m_q=${pathWord(src!)}; printf '%s\\0' "$m_q"`;
  const beside = raw('case $m_p in */*) m_q=${m_p%/*}/$m_q;; esac');
  const inside = sh`if [ -d "$m_p" ] && [ ! -L "$m_p" ]; then m_q=$m_p/$m_q; else ${beside}; fi`;
  const fromLink = sh`case $m_q in /*) ;; *) ${force ? beside : inside};; esac`;
  return lines(assign, state === 'hard' ? undefined : fromLink, raw(`printf '%s\\0' "$m_q"`));
};

const treeScript = (args: FileModuleArguments, times: boolean): Script => {
  const options = { follow: args.follow, times, attributes: args.attributes !== undefined };
  const enter = args.follow ? 'm_r=$m_p; [ -L "$m_p" ] && m_r=$(readlink -f -- "$m_p")' : 'm_r=$m_p';
  return sh`${raw(enter)}
if [ -d "$m_r" ] && { [ ! -L "$m_p" ] || ${args.follow ? raw(':') : raw('false')}; }; then
${probeTree('m_r', options)}
else printf '\\0\\0\\0'
fi`;
};

const insideScript: Script = raw(`if [ -d "$m_p" ] && [ ! -L "$m_p" ]; then
  find "$m_p" -mindepth 1 -type d; printf '\\0'; find "$m_p" -mindepth 1 ! -type d; printf '\\0'
else printf '\\0\\0'
fi`);

const readNames = (reader: ReplyReader): string[] =>
  reader
    .field()
    .split('\n')
    .filter((name) => name !== '');
