import { lines, type Script, sh, shellFunction } from '../../../../connection/index.ts';
import type { ModuleContext } from '../../../define.ts';
import { missingCommand } from '../../ask.ts';
import { type ReplyReader, runScript } from '../../files/reply.ts';
import { isPattern, parsePackageSpec, patternSource } from '../package-spec.ts';
import type { AptArguments } from './arguments.ts';
import { aptEnvironment, type CacheState, readCacheState, untilUpdated, updateScript } from './cache.ts';

/** One package as dpkg knows it. */
export interface InstalledPackage {
  readonly name: string;
  readonly architecture: string;
  readonly isInstalled: boolean;
  /** Its files, or at least its configuration, are still there. */
  readonly hasFiles: boolean;
  readonly version: string;
}

/** What apt could install under one name. */
export interface AvailablePackage {
  readonly candidate: string | undefined;
  readonly versions: readonly string[];
}

export interface AptState {
  readonly cache: CacheState;
  readonly hasAptitude: boolean;
  /** What each pattern of names stands for. */
  readonly matches: ReadonlyMap<string, readonly string[]>;
  /** By name, and by `name:architecture`. */
  readonly installed: ReadonlyMap<string, InstalledPackage>;
  /** Names among those asked for that count as installed only because others need them. */
  readonly automatic: ReadonlySet<string>;
  /** Only of packages for which it matters. */
  readonly available: ReadonlyMap<string, AvailablePackage>;
  /** Names that only stand for others: the packages that provide them. */
  readonly providers: ReadonlyMap<string, readonly string[]>;
}

/** dpkg's record of packages, a line each: name, architecture, state, version. */
const installedPackages = shellFunction(
  'm_dpkg',
  `dpkg-query -W -f '\${Package}\\t\${Architecture}\\t\${db:Status-Abbrev}\\t\${Version}\\n' "$@" 2>/dev/null`,
);

/** Sets $m_have to the names in $m_state that are installed, a space around each. */
const installedNames = shellFunction(
  'm_dpkg_names',
  `
m_have=" " m_tab=$(printf '\\t')
while IFS="$m_tab" read -r m_n m_a m_s m_v; do
  case $m_s in ?i*) m_have="$m_have$m_n $m_n:$m_a " ;; esac
done <<m_end
$m_state
m_end`,
);

/** Of the names given, those that are marked as installed automatically. */
const automaticPackages = shellFunction(
  'm_apt_auto',
  `
if [ -r /var/lib/apt/extended_states ]; then
  awk -v names=" $* " 'BEGIN { RS = "" }
/Auto-Installed: 1/ && match($0, /Package: [^\\n]*/) {
  name = substr($0, RSTART + 9, RLENGTH - 9)
  if (index(names, " " name " ")) print name
}' /var/lib/apt/extended_states
fi`,
);

/** Reads all that decides about a task's packages, after reading the lists anew where asked, in one round trip. */
export const probeApt = (args: AptArguments, packages: readonly string[], context: ModuleContext): Promise<AptState> =>
  untilUpdated(args, context, async () => {
    const patterns = packages.map((text) => parsePackageSpec(text).name).filter(isPattern);
    const script = probeScript(args, packages, patterns, context.check);
    return readAptState(await runScript(context.target, script), patterns);
  });

const probeScript = (
  args: AptArguments,
  packages: readonly string[],
  patterns: readonly string[],
  check: boolean,
): Script =>
  lines(
    aptEnvironment,
    sh`command -v apt-get >/dev/null || { printf 'missing\\0'; exit 0; }
if command -v aptitude >/dev/null; then printf 'aptitude\\0'; else printf '\\0'; fi`,
    updateScript(args, check),
    sh`set -f; set --`,
    ...patterns.map(expandPattern),
    packages.length > 0 ? packagesScript(args, packages) : sh`printf '\\0\\0\\0\\0'`,
  );

/** Adds the names that a pattern matches to "$@", and prints them as a field. */
const expandPattern = (pattern: string): Script => {
  const prefix = /^[^*?[\]!]*/.exec(pattern)![0];
  return sh`m_names=$(apt-cache pkgnames ${prefix} | grep -xE -e ${patternSource(pattern)})
printf '%s\\0' "$m_names"
set -- "$@" $m_names`;
};

const packagesScript = (args: AptArguments, packages: readonly string[]): Script => {
  const specs = packages.map(parsePackageSpec).filter(({ name }) => !isPattern(name));
  const installs = args.state === 'present' || args.state === 'latest' || args.state === 'fixed';
  const plain = specs.filter(({ version }) => version === undefined).map(({ name }) => name);
  const pinned = specs.filter(({ version }) => version !== undefined).map(({ name }) => name);
  const release = args.default_release ? sh`-t ${args.default_release}` : sh``;
  return lines(
    sh`set -- "$@" ${plain}
m_state=$(${installedPackages} "$@" ${pinned})
printf '%s\\0' "$m_state"`,
    installs ? sh`${automaticPackages} "$@" ${pinned}; printf '\\0'` : sh`printf '\\0'`,
    // A package that is installed and may stay as it is needs no look into the large cache of what is available.
    installs &&
      args.state !== 'latest' &&
      sh`${installedNames}
for m_name in "$@"; do
  shift
  case $m_have in *" $m_name "*) ;; *) set -- "$@" "$m_name" ;; esac
done`,
    installs
      ? sh`set -- "$@" ${pinned}
if [ $# -gt 0 ]; then
  m_policy=$(apt-cache ${release} policy "$@" 2>/dev/null)
  printf '%s\\0' "$m_policy"
  for m_name in "$@"; do
    shift
    case "
$m_policy" in *"
$m_name:
  Installed: (none)
  Candidate: (none)
"*) set -- "$@" "$m_name" ;; esac
  done
  if [ $# -gt 0 ]; then apt-cache showpkg "$@" 2>/dev/null; fi
  printf '\\0'
else
  printf '\\0\\0'
fi`
      : sh`printf '\\0\\0'`,
  );
};

const readAptState = (reader: ReplyReader, patterns: readonly string[]): AptState => {
  const aptitude = reader.field();
  if (aptitude === 'missing') throw missingCommand('apt-get');
  const cache = readCacheState(reader);
  const matches = new Map(patterns.map((pattern) => [pattern, wordsOf(reader.field())]));
  return {
    cache,
    hasAptitude: aptitude === 'aptitude',
    matches,
    installed: parseInstalled(reader.field()),
    automatic: new Set(wordsOf(reader.field())),
    available: parsePolicy(reader.field()),
    providers: parseProviders(reader.field()),
  };
};

const wordsOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');

/** Reads what `m_dpkg` printed. */
export const parseInstalled = (text: string): ReadonlyMap<string, InstalledPackage> => {
  const packages = new Map<string, InstalledPackage>();
  for (const line of wordsOf(text)) {
    const [name, architecture, state, version] = line.split('\t') as [string, string, string, string];
    const known = {
      name,
      architecture,
      version,
      isInstalled: state[1] === 'i',
      hasFiles: state[1] !== 'n',
    };
    packages.set(`${name}:${architecture}`, known);
    // Of several architectures the one that is installed answers for the plain name.
    if (!packages.get(name)?.isInstalled) packages.set(name, known);
  }
  return packages;
};

/** Reads `apt-cache policy`: the candidate and all versions of each package. */
export const parsePolicy = (text: string): ReadonlyMap<string, AvailablePackage> => {
  const packages = new Map<string, AvailablePackage>();
  for (const block of text.split(/\n(?=\S)/)) {
    const name = /^(\S+):$/m.exec(block)?.[1];
    if (name === undefined) continue;
    const candidate = /^ {2}Candidate: (.+)$/m.exec(block)?.[1];
    const versions = [...block.matchAll(/^ (?: {4}|\*\*\* {1})(\S+)(?: -?\d+)?$/gm)].map(([, version]) => version!);
    packages.set(name, { candidate: candidate === '(none)' ? undefined : candidate, versions });
  }
  return packages;
};

/** Reads `apt-cache showpkg`: which packages provide each name. */
export const parseProviders = (text: string): ReadonlyMap<string, readonly string[]> => {
  const providers = new Map<string, readonly string[]>();
  for (const block of text.split(/^(?=Package: )/m)) {
    const name = /^Package: (\S+)/.exec(block)?.[1];
    const list = block.split(/^Reverse Provides: *$/m)[1];
    if (name === undefined || list === undefined) continue;
    providers.set(name, [...new Set(wordsOf(list).map((line) => line.trim().split(' ')[0]!))]);
  }
  return providers;
};
