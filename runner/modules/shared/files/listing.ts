import { raw, type Script, sh, shellFunction } from '../../../connection/index.ts';
import { type FileStat, parseStat, statFormat } from './file-stat.ts';
import type { ReplyReader } from './reply.ts';

/** Something below a folder. */
export interface Listed {
  readonly path: string;
  readonly stat: FileStat;
}

/** What a walk through a folder found. */
export interface Listing {
  /** Undefined when the folder is none. */
  readonly found: readonly Listed[] | undefined;
  /** How many things were looked at, also those that a test on the target left out. */
  readonly examined: number;
  /** What find complained of. */
  readonly complaint: string;
}

// Names go out with NULs between them, as they may hold anything else; stat lines and names come in batches. A batch in
// which something has just gone is looked at one by one.
const list = shellFunction(
  'm_list',
  `m_root=$1; m_links=$2; m_depth=$3; shift 3
find $m_links "$m_root" -mindepth 1 -maxdepth "$m_depth" -exec sh -c 'printf "#%s\\0" $#' sh {} + "$@" -exec sh -c '
if s=$(stat -c "${statFormat}" -- "$@" 2>/dev/null); then printf "%s\\0" "$s" "$@"; printf "\\0"
else
  for f do s=$(stat -c "${statFormat}" -- "$f" 2>/dev/null) && printf "%s\\0%s\\0\\0" "$s" "$f"; done
fi' sh {} +
:`,
);

/** Shell that lists what is below the folder in a shell variable, `depth` levels deep, by further tests of find. */
export const probeListing = (
  variable: `m_${string}`,
  options: { readonly depth: number; readonly follow: boolean; readonly tests: Script },
): Script =>
  sh`if [ -d "$${raw(variable)}" ]; then
printf 'folder\\0'
m_err=$(${list} "$${raw(variable)}" ${options.follow ? '-L' : raw("''")} ${options.depth} ${options.tests} 2>&1 >&3)
printf '\\0%s\\0' "$m_err"
else printf 'none\\0'
fi 3>&1`;

/** Reads what `probeListing` printed. */
export const readListing = (reader: ReplyReader): Listing => {
  if (reader.field() === 'none') return { found: undefined, examined: 0, complaint: '' };
  const found: Listed[] = [];
  let examined = 0;
  for (;;) {
    const field = reader.field();
    if (field === '') break;
    if (field.startsWith('#')) {
      examined += Number(field.slice(1));
      continue;
    }
    const stats = field.split('\n').map(parseStat);
    for (const stat of stats) found.push({ path: reader.field(), stat });
    // The empty field that ends a batch.
    reader.field();
  }
  return { found, examined, complaint: reader.field().trim() };
};
