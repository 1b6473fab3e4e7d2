import { quote, raw, type Script, sh, shellFunction } from '../../../connection/index.ts';
import { parseSum, sum } from './checksum.ts';
import { type FileStat, parseStat, stat } from './file-stat.ts';
import type { ReplyReader } from './reply.ts';

/** What one of many paths is. */
export interface BriefState {
  /** `folder link` is a link that leads to a folder. */
  readonly kind: 'absent' | 'file' | 'link' | 'folder link' | 'other';
  /** Of the path itself, or of what it leads to when links are followed. */
  readonly stat: FileStat | undefined;
  /** Of a readable regular file. */
  readonly checksum: string | undefined;
  /** A link's text. */
  readonly target: string | undefined;
}

const kinds: Readonly<Record<string, BriefState['kind']>> = {
  '-': 'absent',
  f: 'file',
  L: 'link',
  D: 'folder link',
  o: 'other',
};

// Whole lists at once, since a process for each file would be slow; what a path is comes from the shell's own tests.
const many = shellFunction(
  'm_many',
  `m_deref=$1; shift
m_kinds=
for m_n do
  shift
  if [ -L "$m_n" ] && [ -d "$m_n" ]; then m_k=D
  elif [ -L "$m_n" ]; then m_k=L
  elif [ -f "$m_n" ] && [ -r "$m_n" ]; then m_k=f
  elif [ -e "$m_n" ]; then m_k=o
  else m_kinds=$m_kinds-; continue
  fi
  m_kinds=$m_kinds$m_k
  set -- "$@" "$m_n"
done
printf '%s\\0' "$m_kinds"
[ $# -eq 0 ] || m_stat $m_deref "$@"
printf '\\0'
for m_n do [ -L "$m_n" ] && { readlink -n -- "$m_n"; printf '\\0'; }; done
[ -n "$m_deref" ] && return
for m_n do
  shift
  if [ -f "$m_n" ] && [ -r "$m_n" ] && [ ! -L "$m_n" ]; then set -- "$@" "$m_n"; fi
done
if [ $# -gt 0 ]; then
  if command -v sha1sum >/dev/null; then sha1sum -- "$@"
  else for m_n do m_sum sha1 "$m_n"; done
  fi
fi
printf '\\0'`,
  [stat, sum],
);

/** How many paths one call looks at: `set --` copies all of them each time. */
const chunkSize = 200;

const chunks = <T>(items: readonly T[]): T[][] => {
  const found: T[][] = [];
  for (let start = 0; start < items.length; start += chunkSize) found.push(items.slice(start, start + chunkSize));
  return found;
};

/** Shell that looks at many paths below the folder in a shell variable: with checksums, or with links followed. */
export const probeMany = (base: `m_${string}`, paths: readonly string[], follow: boolean): Script[] =>
  chunks(paths).map((part) => {
    const words = part.map((path) => raw(path === '' ? `"$${base}"` : `"$${base}"/${quote(path)}`));
    return sh`${many} ${follow ? '-L' : ''} ${words}`;
  });

/** Reads what `probeMany` printed, in the order of the paths. */
export const readMany = (reader: ReplyReader, paths: readonly string[], follow: boolean): BriefState[] =>
  chunks(paths).flatMap((part) => {
    const letters = reader.field();
    const stats = linesOf(reader.field());
    const targets = [...letters].map((letter) => (letter === 'L' || letter === 'D' ? reader.field() : undefined));
    const sums = follow ? [] : linesOf(reader.field());
    return part.map((_path, index): BriefState => {
      const kind = kinds[letters[index]!] ?? 'absent';
      if (kind === 'absent') return { kind, stat: undefined, checksum: undefined, target: undefined };
      const line = stats.shift();
      const checksum = kind === 'file' && !follow ? sums.shift() : undefined;
      return {
        kind,
        stat: line === undefined ? undefined : parseStat(line),
        checksum: checksum === undefined ? undefined : parseSum(checksum),
        target: targets[index],
      };
    });
  });

// sha1sum's lines hold names, which may hold anything but start no line with a checksum.
const linesOf = (text: string): string[] =>
  text.split('\n').filter((line) => /^\d+\/|^\\?[0-9a-f]{40}\b|^cksum:/.test(line));
