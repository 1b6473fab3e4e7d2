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

/** Prints the packages named "$@", and then those of $m_specs that others provide. */
const query = shellFunction(
  'm_rpm',
  `
m_out=$(rpm $m_root -q --qf '%{NAME}\\t%{EPOCHNUM}\\t%{VERSION}\\t%{RELEASE}\\t%{ARCH}\\n' "$@" 2>/dev/null)
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
  const packages = reader
    .field()
    .split('\n')
    .map((line) => line.split('\t'))
    .filter((fields) => fields.length === 5)
    .map(([name, epoch, version, release, arch]) => ({ name, epoch, version, release, arch }) as RpmPackage);
  const provided = reader.field().split('\n');
  return { packages, provided: new Set(provided.filter((name) => name !== '')) };
};

/** `a-b-1-2.x86_64` may be a version of a-b or of a-b-1. */
const baseNames = (spec: string): string[] => {
  const one = /^(.+)-[^-]*\d[^-]*$/.exec(spec)?.[1];
  const two = one === undefined ? undefined : /^(.+)-[^-]*\d[^-]*$/.exec(one)?.[1];
  return [one, two].filter((name) => name !== undefined);
};

/** Whether a spec names this package: by name, and by version, release and architecture where it has them. */
const isNamed = (spec: string, { name, epoch, version, release, arch }: RpmPackage): boolean => {
  const versions = [`${name}-${version}`, `${name}-${version}-${release}`];
  const withEpoch = [
    `${name}-${epoch}:${version}`,
    `${name}-${epoch}:${version}-${release}`,
    `${epoch}:${versions[1]}`,
  ];
  return [name, ...versions, ...withEpoch].some((form) => spec === form || spec === `${form}.${arch}`);
};

/** Whether a package of a spec is there, or something that provides it. */
export const isInstalled = (spec: string, state: InstalledState): boolean =>
  state.provided.has(spec) || state.packages.some((known) => isNamed(spec, known));

/** Whether a newer version is installed than the one that the spec names. */
export const isNewerInstalled = (spec: string, state: InstalledState): boolean => {
  const plain = spec.replace(/\.(?:noarch|x86_64|i[3-6]86|aarch64|ppc64le|s390x|armv7hl|riscv64)$/, '');
  return state.packages.some((known) => {
    if (!plain.startsWith(`${known.name}-`)) return false;
    const match = /^(?:(\d+):)?([^-]*\d[^-]*)(?:-([^-]+))?$/.exec(plain.slice(known.name.length + 1));
    if (!match) return false;
    const [, epoch = known.epoch, version, release] = match;
    return compareRpmVersions(known, { epoch, version: version!, release }) > 0;
  });
};
