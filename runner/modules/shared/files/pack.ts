import { lines, quote, raw, type Script, sh, shellFunction } from '../../../connection/index.ts';
import { chmodWord } from './mode.ts';
import { folderOf, joinPath } from './paths.ts';
import { die } from './reply.ts';

export type ArchiveFormat = 'bz2' | 'gz' | 'tar' | 'xz' | 'zip';

/** What is to be packed, and where to. */
export interface Packing {
  readonly format: ArchiveFormat;
  readonly dest: string;
  /** The folder that names are relative to. */
  readonly root: string;
  readonly names: readonly string[];
  /** What holds all of the names and nothing else, when there is such. */
  readonly tops: readonly string[] | undefined;
  /** A single file that is compressed without an archive around it. */
  readonly single: string | undefined;
  /** The owner and mode to keep, when there is a file already. */
  readonly existing: { readonly mode: number; readonly uid: number; readonly gid: number } | undefined;
  /** What is removed when all went well. */
  readonly remove: readonly string[];
}

const compressors: Readonly<Record<ArchiveFormat, string>> = {
  gz: 'gzip',
  bz2: 'bzip2',
  xz: 'xz',
  tar: 'cat',
  zip: 'zip',
};

// A zip archive's names and checksums, to tell whether two hold the same.
const zipList = shellFunction('m_ziplist', `unzip -v "$1" | awk 'NF >= 8 { $1 = $2 = $3 = $4 = $5 = $6 = ""; print }'`);

/**
 * Shell that packs into a file beside the destination and replaces that only when what is inside differs. The reply:
 * whether it did.
 */
export const packScript = (work: Packing): Script => {
  const { dest, format } = work;
  const folder = folderOf(dest) || '.';
  return lines(
    sh`LC_ALL=C; export LC_ALL
m_d=$(mktemp -d ${joinPath(folder, '.muster.XXXXXX')}) || ${die} create
trap 'rm -rf -- "$m_d"' EXIT
m_same=`,
    format === 'zip' ? packZip(work) : packStream(work),
    sh`if [ -z "$m_same" ]; then
${lines(keepOwner(work))}
mv -f -- "$m_d/new" ${dest} || ${die} replace
fi
printf '%s\\0' "$m_same"`,
    work.remove.length > 0 ? sh`rm -rf -- ${work.remove} || ${die} remove` : undefined,
  );
};

const packZip = ({ dest, root, names }: Packing): Script => sh`command -v zip >/dev/null || ${die} nozip
(cd ${root} && printf '%s\\n' ${names} | zip -q -X "$m_d/new" -@) || ${die} pack
mv "$m_d/new.zip" "$m_d/new" 2>/dev/null
if [ -f ${dest} ]; then
  m_a=$(${zipList} ${dest} 2>/dev/null); m_b=$(${zipList} "$m_d/new")
  [ "$m_a" = "$m_b" ] && m_same=same
fi`;

/** A stream, of tar or of the one file, which is compared with what the present file holds before it is compressed. */
const packStream = ({ dest, root, names, tops, format, single }: Packing): Script => {
  const tool = compressors[format];
  const open = format === 'tar' ? raw('cat') : raw(`${tool} -dc`);
  const close = format === 'gz' ? raw('gzip -nc') : format === 'tar' ? raw('cat') : raw(`${tool} -c`);
  const list = names.map(quote).join(' ');
  const fill =
    single === undefined
      ? sh`(cd ${root} && ${packTar(list, tops)}) || ${die} pack`
      : sh`cat -- ${single} >"$m_d/raw" || ${die} pack`;
  return sh`command -v ${tool} >/dev/null || ${die} notool
${fill}
if [ -f ${dest} ] && ${open} <${dest} 2>/dev/null | cmp -s - "$m_d/raw"; then m_same=same
else ${close} <"$m_d/raw" >"$m_d/new" || ${die} pack
fi`;
};

/** Only GNU tar takes a list of names; others get whole folders, or a copy of what is to be packed. */
const packTar = (list: string, tops: readonly string[] | undefined): Script => sh`case $(tar --version 2>&1) in
tar*GNU*) printf '%s\\n' ${raw(list)} | tar -cf "$m_d/raw" --no-recursion -T -;;
*) ${
  tops === undefined
    ? sh`mkdir "$m_d/in" && for m_f in ${raw(list)}; do
  case $m_f in */*) mkdir -p -- "$m_d/in/\${m_f%/*}" || exit 1;; esac
  if [ -d "$m_f" ] && [ ! -L "$m_f" ]; then mkdir -p -- "$m_d/in/$m_f"; else cp -a -- "$m_f" "$m_d/in/$m_f"; fi || exit 1
done; tar -cf "$m_d/raw" -C "$m_d/in" .`
    : sh`tar -cf "$m_d/raw" -- ${tops}`
};;
esac`;

const keepOwner = ({ existing }: Packing): Script | undefined =>
  existing &&
  sh`chown ${`${existing.uid}:${existing.gid}`} -- "$m_d/new" 2>/dev/null
chmod ${chmodWord(existing.mode)} -- "$m_d/new"`;
