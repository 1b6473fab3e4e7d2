import { lines, quote, raw, type Script, sh, shellFunction } from '../../../connection/index.ts';
import { die } from './reply.ts';

/** The kinds of archives, by the names that Ansible has for their handlers. */
export type Handler = 'ZipArchive' | 'TgzArchive' | 'TarArchive' | 'TarBzipArchive' | 'TarXzArchive' | 'TarZstdArchive';

/** What is to be unpacked, and how. */
export interface Unpacking {
  readonly handler: Handler;
  readonly src: string;
  readonly dest: string;
  readonly exclude: readonly string[];
  readonly include: readonly string[];
  readonly options: readonly string[];
  readonly owner: string | undefined;
  readonly group: string | undefined;
  readonly mode: boolean;
  readonly keepNewer: boolean;
  /** Only find out whether something would change. */
  readonly check: boolean;
  /** Remove the archive in the end. */
  readonly isTemporary: boolean;
}

const zipFlags: Readonly<Record<Handler, readonly string[]>> = {
  ZipArchive: [],
  TgzArchive: ['-z'],
  TarArchive: [],
  TarBzipArchive: ['-j'],
  TarXzArchive: ['-J'],
  TarZstdArchive: ['--use-compress-program=zstd'],
};

/** The kind of an archive by its first bytes, given in hexadecimal. */
export const handlerOf = (hex: string): Handler | undefined => {
  if (hex.startsWith('504b0304') || hex.startsWith('504b0506')) return 'ZipArchive';
  if (hex.startsWith('1f8b')) return 'TgzArchive';
  if (hex.startsWith('425a68')) return 'TarBzipArchive';
  if (hex.startsWith('fd377a585a00')) return 'TarXzArchive';
  if (hex.startsWith('28b52ffd')) return 'TarZstdArchive';
  return hex.slice(514, 524) === '7573746172' ? 'TarArchive' : undefined;
};

// Compares what was unpacked beside the destination: type, content, and by $3 mode, owner and time. A dot for each
// difference.
const compareStage = shellFunction(
  'm_stage',
  `(cd "$1" && find . -mindepth 1 -exec sh -c '
d=$1; fields=$2; shift 2
for f do
  if [ -h "$f" ]; then [ -h "$d/$f" ] && [ "$(readlink "$f")" = "$(readlink "$d/$f")" ]
  elif [ -d "$f" ]; then [ -d "$d/$f" ]
  else
    [ -f "$d/$f" ] && [ "$(stat -c "$fields" "$f")" = "$(stat -c "$fields" "$d/$f")" ] && cmp -s "$f" "$d/$f"
  fi || printf .
done' sh "$2" "$3" {} +)`,
);

const copyStage = shellFunction(
  'm_unstage',
  `for m_f in "$1"/* "$1"/.[!.]* "$1"/..?*; do
  if [ -e "$m_f" ] || [ -L "$m_f" ]; then cp -a -- "$m_f" "$2/" || return; fi
done`,
);

// The reply: whether something differs, the command's exit code, its output, its errors, and the names in the archive.
const unpack = shellFunction(
  'm_unpack',
  `printf '%s\\0' "$m_differs"
if [ -n "$m_differs" ] && [ -z "$m_check" ]; then
  m_e=$(mktemp) && m_out=$("$@" 2>"$m_e"); m_rc=$?
  printf '%s\\0%s\\0' "$m_rc" "$m_out"; cat "$m_e"; rm -f "$m_e"; printf '\\0'
else printf '\\0\\0\\0'
fi`,
);

/** Shell that unpacks a tar archive where what is there differs from it. */
export const untarScript = (work: Unpacking): Script => {
  const excludes = work.exclude.map((pattern) => `--exclude=${pattern.replace(/\/+$/, '')}`);
  const zip = zipFlags[work.handler];
  const options = [
    ...zip,
    ...(work.options.length > 0 ? ['--show-transformed-names', ...work.options] : []),
    ...(work.owner ? [`--owner=${work.owner}`] : []),
    ...(work.group ? [`--group=${work.group}`] : []),
    ...(work.keepNewer ? ['--keep-newer-files'] : []),
    ...excludes,
  ];
  const listOptions = [
    ...zip,
    ...(work.options.length > 0 ? ['--show-transformed-names', ...work.options] : []),
    ...excludes,
  ];
  const files = ['-f', work.src, ...work.include];
  return sh`cd ${work.dest} || ${die} dest
LC_ALL=C; export LC_ALL
m_check=
${cleanUp(work)}
m_tar=tar; command -v gtar >/dev/null && m_tar=gtar
command -v "$m_tar" >/dev/null || ${die} notar
case $("$m_tar" --version 2>&1) in
tar*GNU*)
m_list=$("$m_tar" --list -C ${work.dest} ${listOptions} ${files}) || ${die} list
m_differs=$("$m_tar" --diff -C ${work.dest} ${options} ${files} 2>&1 | grep -v ': : Warning: Cannot stat' | grep -E ${differences(work)})
if [ "$(id -u)" != 0 ]; then m_differs=$(printf '%s\\n' "$m_differs" | grep -Ev ': (Uid|Gid) differs$'); fi
${unpack} "$m_tar" --extract -C ${work.dest} ${options} ${files};;
*)
m_list=$("$m_tar" -t ${zip} ${files}) || ${die} list
${staged(work, sh`"$m_tar" -x -C "$m_s" ${zip} ${files}`)}
${unpack} ${copyStage} "$m_s" ${work.dest};;
esac
printf '%s\\0' "$m_list"`;
};

/** The lines of tar --diff that count as a change; what a task sets itself does not. */
const differences = (work: Unpacking): string =>
  [
    ...(work.owner ? [] : [': Uid differs$']),
    ...(work.group ? [] : [': Gid differs$']),
    ...(work.mode ? [] : [': Mode differs$']),
    ': Mod time differs$',
    ': Warning: Cannot stat: No such file or directory$',
    ': Invalid owner',
    ': Invalid group',
  ].join('|');

const staged = (work: Unpacking, extract: Script): Script => {
  const fields = ['%F', ...(work.mode ? [] : ['%a']), ...(work.owner ? [] : ['%u']), ...(work.group ? [] : ['%g'])];
  const excluded = work.exclude.map((pattern) => raw(`./${globText(pattern.replace(/\/+$/, ''))}`));
  return sh`m_s=$(mktemp -d ${`${work.dest}/.muster.XXXXXX`}) || ${die} stage
${extract} >/dev/null || ${die} list
${excluded.length > 0 ? sh`(cd "$m_s" && rm -rf -- ${excluded})` : raw('')}
m_differs=$(${compareStage} "$m_s" ${work.dest} "$m_time "${fields.join(' ')})`;
};

/** Shell that removes at its end what was only there for the while. */
const cleanUp = (work: Unpacking): Script =>
  sh`m_time=%Y; m_s=; m_tmp=${work.isTemporary ? work.src : ''}
trap 'rm -rf -- "$m_s" "$m_tmp"' EXIT`;

/** A glob as shell, with everything else in it quoted. */
const globText = (pattern: string): string =>
  pattern
    .split(/([*?]|\[[^\]]*\])/)
    .map((part, index) => (index % 2 === 1 || part === '' ? part : quote(part)))
    .join('');

/** Shell that unpacks a zip archive where what is there differs from it. */
export const unzipScript = (work: Unpacking): Script => {
  const selection = [...(work.exclude.length > 0 ? ['-x', ...work.exclude] : []), ...work.include];
  return lines(
    sh`command -v unzip >/dev/null || ${die} nounzip
m_check=${work.check ? 'check' : ''}
${cleanUp(work)}
m_list=$(unzip -Z1 ${work.src} 2>/dev/null) || { m_time=; m_list=$(unzip -l ${work.src} | sed -n 's/^ *[0-9][0-9]*  *[0-9]*-[-0-9]*  *[0-9]*:[0-9:]*  *//p'); }
[ -n "$m_list" ] || ${die} list`,
    staged(work, sh`unzip -o -q ${work.src} ${selection} -d "$m_s"`),
    sh`${unpack} unzip -o ${work.keepNewer ? raw('-u') : raw('')} ${work.options} ${work.src} ${selection} -d ${work.dest}
printf '%s\\0' "$m_list"`,
  );
};
