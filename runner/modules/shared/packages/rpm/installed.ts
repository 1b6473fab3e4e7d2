import { type Script, sh, shellFunction } from '../../../../connection/index.ts';
import type { ReplyReader } from '../../files/reply.ts';
import { compareRpmVersions } from './rpm-version.ts';

/** One installed package. */
export interface RpmPackage {
  readonly name: string;
  readonly epoch: string;
  readonly version: string;
  readonly release: string;
  readonly arch: string;
}

/** What of a list of specs is installed. */
export interface InstalledState {
  readonly packages: readonly RpmPackage[];
  /** Specs that no package is named after, but some package provides. */
  readonly provided: ReadonlySet<string>;
}

const queryFormat = '%{NAME}\\t%{EPOCHNUM}\\t%{VERSION}\\t%{RELEASE}\\t%{ARCH}\\n';

/** Prints the packages named "$@", and then those of $m_specs that others provide. */
const query = shellFunction(
  'm_rpm',
  `
m_out=$(rpm $m_root -q --qf '${queryFormat}' "$@" 2>/dev/null)
printf '%s\\0' "$m_out"
shift "$m_skip"
for m_n in "$@"; do
  case $m_out in *"package $m_n is not installed"*)
    if rpm $m_root -q --whatprovides "$m_n" >/dev/null 2>&1; then printf '%s\\n' "$m_n"; fi ;;
  esac
done
printf '\\0'`,
);

/** Specs that only dnf itself understands: groups, patterns, files to install, and conditions. */
export const isPlainSpec = (spec: string): boolean => !/[@*?[\]<>=]|:\/\/|\.rpm$|\s/.test(spec);

/** Shell that finds out which of the specs are installed; for `readInstalled`. */
export const probeInstalled = (specs: readonly string[], installroot: string): Script => {
  const plain = specs.filter(isPlainSpec);
  // A spec may end with a version, so that the packages themselves have to be looked up as well.
  const bases = [...new Set(plain.flatMap(baseNames))].filter((base) => !plain.includes(base));
  const root = installroot === '/' ? sh`m_root=` : sh`m_root=${`--root=${installroot}`}`;
  if (plain.length === 0) return sh`printf '\\0\\0'`;
  return sh`${root} m_skip=${bases.length}; ${query} ${bases} ${plain}`;
};

/** Reads what `probeInstalled` prints. */
export const readInstalled = (reader: ReplyReader): InstalledState => {
  const packages = readPackages(reader.field());
  const provided = reader.field().split('\n');
  return { packages, provided: new Set(provided.filter((name) => name !== '')) };
};

/** Shell that prints all packages, sorted; for `readPackages`. */
export const allInstalled = (installroot: string): Script =>
  sh`rpm ${rootOptions(installroot)} -qa --qf ${queryFormat} 2>/dev/null | sort`;

const rootOptions = (installroot: string): string[] => (installroot === '/' ? [] : [`--root=${installroot}`]);

/** Reads lines of rpm's answers; keys, which it keeps as packages, are none. */
export const readPackages = (text: string): RpmPackage[] =>
  text
    .split('\n')
    .map((line) => line.split('\t'))
    .filter(([name, ...rest]) => name !== 'gpg-pubkey' && rest.length === 4)
    .map(([name, epoch, version, release, arch]) => ({ name, epoch, version, release, arch }) as RpmPackage);

/** `a-b-1-2.x86_64` may be a version of a-b or of a-b-1. */
const baseNames = (spec: string): string[] => {
  const one = /^(.+)-[^-]*\d[^-]*$/.exec(spec)?.[1];
  const two = one === undefined ? undefined : /^(.+)-[^-]*\d[^-]*$/.exec(one)?.[1];
  return [one, two].filter((name) => name !== undefined);
};

/** The forms in which a spec can name a package: as it is, and by its version without a release. */
const formsOf = ({ name, epoch, version, release }: RpmPackage): { exact: string[]; loose: string[] } => ({
  exact: [
    name,
    `${name}-${version}-${release}`,
    `${name}-${epoch}:${version}-${release}`,
    `${epoch}:${name}-${version}-${release}`,
  ],
  loose: [`${name}-${version}`, `${name}-${epoch}:${version}`],
});

const isOneOf = (spec: string, forms: readonly string[], { arch }: RpmPackage): boolean =>
  forms.some((form) => spec === form || spec === `${form}.${arch}`);

/** Whether a package of a spec is there, or something that provides it. */
export const isInstalled = (spec: string, state: InstalledState): boolean =>
  state.provided.has(spec) ||
  state.packages.some((known) => {
    const { exact, loose } = formsOf(known);
    return isOneOf(spec, [...exact, ...loose], known);
  });

/** Whether a spec is the name of an installed package, or a name with version and release: what can be upgraded by it. */
export const isNamedInstalled = (spec: string, { packages }: InstalledState): boolean =>
  packages.some((known) => isOneOf(spec, formsOf(known).exact, known));

/**
 * Whether a newer version is installed than the one that the spec names with its release. dnf would take a spec without a
 * release as a wish for that version, newer or older; so it is no reason here to leave things as they are.
 */
export const isNewerInstalled = (spec: string, state: InstalledState): boolean => {
  const plain = spec.replace(/\.(?:noarch|x86_64|i[3-6]86|aarch64|ppc64le|s390x|armv7hl|riscv64)$/, '');
  return state.packages.some((known) => {
    if (!plain.startsWith(`${known.name}-`)) return false;
    const match = /^(?:(\d+):)?(\d+(?:\.[^-]*)?)-(\w[\w.+]*)$/.exec(plain.slice(known.name.length + 1));
    if (!match) return false;
    const [, epoch = '0', version, release] = match;
    return compareRpmVersions(known, { epoch, version: version!, release }) > 0;
  });
};
