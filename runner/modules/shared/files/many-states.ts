import { quote, raw, type Script, sh, shellFunction } from '../../../connection/index.ts';
import { ModuleFailure } from '../../../errors/index.ts';
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
  l: 'link',
  L: 'link',
  D: 'folder link',
  d: 'other',
  o: 'other',
};

// Whole lists at once, since a process for each file would be slow; what a path is comes from the shell's own tests. The
// tools are given all names and print a line for each that they can read. Pipes and devices must not be read at all: only
// where there are such, a list without them is made.
const many = shellFunction(
  'm_many',
  `m_deref=$1; shift
m_kinds=
m_odd=
for m_n do
  if [ -L "$m_n" ]; then
    if [ -d "$m_n" ]; then m_k=D
    elif [ -f "$m_n" ] && [ -r "$m_n" ]; then m_k=l
    else m_k=L; [ -e "$m_n" ] && m_odd=y
    fi
  elif [ -f "$m_n" ] && [ -r "$m_n" ]; then m_k=f
  elif [ -d "$m_n" ]; then m_k=d
  elif [ -e "$m_n" ]; then m_k=o; m_odd=y
  else m_k=-
  fi
  m_kinds=$m_kinds$m_k
done
printf '%s\\0' "$m_kinds"
m_stat $m_deref "$@" 2>/dev/null
printf '\\0'
case $m_kinds in
  *[lLD]*) for m_n do [ -L "$m_n" ] && { readlink -n -- "$m_n"; printf '\\0'; }; done;;
esac
[ -n "$m_deref" ] && return
if [ -n "$m_odd" ]; then
  for m_n do
    shift
    if [ -f "$m_n" ] && [ -r "$m_n" ]; then set -- "$@" "$m_n"; fi
  done
fi
case $m_kinds in
  *[fl]*)
    if command -v sha1sum >/dev/null; then sha1sum -- "$@" 2>/dev/null
    else for m_n do [ -f "$m_n" ] && [ -r "$m_n" ] && m_sum sha1 "$m_n"; done
    fi;;
esac
printf '\\0'`,
  [stat, sum],
);

/** How many paths one call looks at, far below what a command line can hold. */
const chunkSize = 500;

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
    const targets = [...letters].map((letter) => (/[lLD]/.test(letter) ? reader.field() : undefined));
    const sums = follow ? [] : linesOf(reader.field());
    const hasStat = follow ? /[^-L]/g : /[^-]/g;
    const isWhole = count(letters, hasStat) === stats.length && (follow || count(letters, /[fl]/g) === sums.length);
    if (!isWhole) throw new ModuleFailure('files changed on the host while they were looked at');
    return part.map((_path, index): BriefState => {
      const letter = letters[index]!;
      const kind = kinds[letter] ?? 'absent';
      if (kind === 'absent') return absent;
      // A broken link has nothing that could be followed.
      const line = follow && letter === 'L' ? undefined : stats.shift();
      const sum = !follow && /[fl]/.test(letter) ? sums.shift() : undefined;
      return {
        kind,
        stat: line === undefined ? undefined : parseStat(line),
        checksum: kind === 'file' && sum !== undefined ? parseSum(sum) : undefined,
        target: targets[index],
      };
    });
  });

const count = (letters: string, kind: RegExp): number => letters.match(kind)?.length ?? 0;

const absent: BriefState = { kind: 'absent', stat: undefined, checksum: undefined, target: undefined };

// sha1sum's lines hold names, which may hold anything but start no line with a checksum.
const linesOf = (text: string): string[] =>
  text.split('\n').filter((line) => /^\d+\/|^\\?[0-9a-f]{40}\b|^cksum:/.test(line));
