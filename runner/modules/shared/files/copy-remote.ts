import { lines, raw, sh } from '../../../connection/index.ts';
import { ModuleFailure } from '../../../errors/index.ts';
import type { ModuleContext } from '../../define.ts';
import { sum } from './checksum.ts';
import type { CopyArguments } from './copy-arguments.ts';
import { type FileState, probeFile, readFileState } from './file-state.ts';
import { probeIdentity, probeUmask, readIdentity, readUmask } from './identity.ts';
import { modeText } from './mode.ts';
import { pathInfo } from './path-info.ts';
import { nameOf, pathWord, withoutSlash } from './paths.ts';
import { type PlaceArguments, type PlacePlan, type PlaceState, planPlace } from './place-file.ts';
import { probeRemoteTree, type RemoteTreeState, readRemoteTree } from './remote-tree.ts';
import { type ReplyReader, runScript } from './reply.ts';

/** A file or folder of the target that is to be copied there. */
export type CopyRemoteState =
  | { readonly kind: 'file'; readonly place: PlaceState; readonly source: FileState }
  | { readonly kind: 'folder'; readonly tree: RemoteTreeState };

/** Looks at both ends: one round trip. */
export const probeCopyRemote = async (args: CopyArguments, context: ModuleContext): Promise<CopyRemoteState> => {
  const src = args.src!;
  const dest = withoutSlash(args.dest);
  const name = nameOf(withoutSlash(src));
  const script = lines(
    sh`m_seen=; m_q=${pathWord(withoutSlash(src))}; m_p=${pathWord(dest)}`,
    probeUmask,
    raw(`printf '%s\\0%s\\0' "$m_q" "$m_p"`),
    probeFile('m_q', { checksum: 'sha1' }),
    sh`if [ -d "$m_q" ]; then
${probeRemoteTree('m_q', 'm_p', src.endsWith('/') ? '' : name, args.local_follow ?? false)}
else
[ -f "$m_q" ] && [ -r "$m_q" ] && ${sum} md5 "$m_q"; printf '\\0'
if [ -d "$m_p" ] || ${raw(args.dest.endsWith('/') ? ':' : 'false')}; then m_p=\${m_p%/}/${name}; fi
printf '%s\\0' "$m_p"
${probeFile('m_p', { checksum: 'sha1', attributes: args.attributes !== undefined })}
fi`,
    probeIdentity(args),
  );
  const reader = await runScript(context.target, script);
  const umask = readUmask(reader);
  const sourcePath = reader.field();
  const destPath = reader.field();
  const source = readFileState(reader, sourcePath);
  if (!source.stat) throw new ModuleFailure(`Source ${src} not found`);
  if (!source.isReadable) throw new ModuleFailure(`Source ${src} not readable`);
  if (source.stat.type === 'directory') {
    const tree = readRemoteTree(reader, destPath, src.endsWith('/') ? '' : name);
    return { kind: 'folder', tree: { ...tree, source, umask, identity: readIdentity(reader, args) } };
  }
  if (source.stat.type !== 'file') throw new ModuleFailure(`Cannot copy invalid source '${src}': not a file`);
  return { kind: 'file', source, place: readPlace(reader, args, source, umask) };
};

const readPlace = (reader: ReplyReader, args: CopyArguments, source: FileState, umask: number): PlaceState => {
  const md5 = reader.field().trim().split(/\s/)[0]!;
  const file = readFileState(reader, reader.field());
  return {
    umask,
    file,
    identity: readIdentity(reader, args),
    before: undefined,
    placement: {
      name: nameOf(source.path),
      shown: source.path,
      mode: args.mode === 'preserve' ? modeText(source.stat!.mode) : args.mode,
      source: {
        size: source.stat!.size,
        sha1: source.checksum ?? '',
        md5,
        content: { copyOf: source.path },
        bytes: undefined,
      },
    },
  };
};

/** A copy within the target is planned as one from the controller; only results differ a little. */
export const planCopyRemote = (place: PlaceState, args: PlaceArguments): PlacePlan => {
  const plan = planPlace(place, args);
  if (plan.steps?.refusal) throw plan.steps.refusal;
  const { shown, source } = place.placement;
  if (plan.steps === undefined) {
    return {
      ...plan,
      result: { msg: 'file already exists', src: shown, dest: place.file.path, ...pathInfo(place.file.stat) },
    };
  }
  const { path: _path, ...result } = plan.result ?? {};
  return { ...plan, result: { ...result, src: shown, md5sum: source.md5, checksum: source.sha1 } };
};
