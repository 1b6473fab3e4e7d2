import type { Dump } from './dump.ts';

/** What a distribution says of itself, before Ansible's own rules: id, version and code name. */
export interface DistroGuess {
  readonly id: string;
  readonly version: string;
  /** Undefined when there is none at all; '' when the distribution says that it has none. */
  readonly codename: string | undefined;
}

/** Reads `os-release`, the output of `lsb_release` and the `*-release` file, in this order of trust. */
export const guessDistro = (dump: Dump): DistroGuess => {
  const osRelease = readAssignments(
    (dump.file('/etc/os-release') ?? dump.file('/usr/lib/os-release') ?? '').split('\n'),
  );
  const lsb = readLabels((dump.section('lsb_release') ?? '').split('\n'));
  const release = readReleaseFiles(dump);
  const id = pickId(osRelease.get('id'), lsb.get('distributor_id'), release.id);
  const versions = [
    osRelease.get('version_id') ?? '',
    lsb.get('release') ?? '',
    release.version ?? '',
    readReleaseLine(osRelease.get('pretty_name') ?? '').version ?? '',
    readReleaseLine(lsb.get('description') ?? '').version ?? '',
  ];
  const isDebianLike = id === 'debian' || (osRelease.get('id_like') ?? '').split(/\s+/).includes('debian');
  // Only newer versions of the Python library that Ansible asks know /etc/debian_version.
  if (isDebianLike && dump.section('python distro') !== undefined) {
    versions.push(dump.lines('/etc/debian_version')[0]?.trimEnd() ?? '');
  }
  return { id, version: pickVersion(id, versions), codename: pickCodename(id, osRelease, lsb, release.codename) };
};

const ids: Readonly<Record<string, string>> = { ol: 'oracle', 'opensuse-leap': 'opensuse' };
const lsbIds: Readonly<Record<string, string>> = {
  enterpriseenterpriseas: 'oracle',
  enterpriseenterpriseserver: 'oracle',
  redhatenterpriseworkstation: 'rhel',
  redhatenterpriseserver: 'rhel',
  redhatenterprisecomputenode: 'rhel',
};

const pickId = (osRelease: string | undefined, lsb: string | undefined, release: string | undefined): string => {
  const normal = (id: string, table: Readonly<Record<string, string>>): string => {
    const lower = id.toLowerCase().replaceAll(' ', '_');
    return table[lower] ?? lower;
  };
  if (osRelease) return normal(osRelease, ids);
  if (lsb) return normal(lsb, lsbIds);
  return release ? normal(release, { redhat: 'rhel' }) : '';
};

const pickVersion = (id: string, versions: readonly string[]): string => {
  if (id !== 'centos' && id !== 'debian') return versions.find((version) => version !== '') ?? '';
  const dots = (version: string): number => version.split('.').length;
  const best = versions.reduce((kept, version) => (kept === '' || dots(version) > dots(kept) ? version : kept));
  return id === 'centos' ? best.split('.').slice(0, 2).join('.') : best;
};

const pickCodename = (
  id: string,
  osRelease: ReadonlyMap<string, string>,
  lsb: ReadonlyMap<string, string>,
  release: string | undefined,
): string | undefined => {
  const named = osRelease.get('version_codename') ?? osRelease.get('ubuntu_codename');
  if (named !== undefined) return named;
  if (id === 'ubuntu' && lsb.has('codename')) return lsb.get('codename');
  const inVersion = /\(\D+\)|,\s*\D+/.exec(osRelease.get('version') ?? '')?.[0];
  if (inVersion !== undefined) return inVersion.replace(/^[(),\s]+|[(),\s]+$/g, '') || undefined;
  return lsb.get('codename') || release || undefined;
};

/** `NAME="value"` lines, as a shell reads them; names in lower case. */
export const readAssignments = (lines: readonly string[]): Map<string, string> => {
  const found = new Map<string, string>();
  for (const line of lines) {
    const match = /^\s*([A-Za-z_]\w*)=(.*)$/.exec(line);
    if (match) found.set(match[1]!.toLowerCase(), unquote(match[2]!.trim()));
  }
  return found;
};

const unquote = (text: string): string => {
  const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(text)?.[1];
  if (quoted !== undefined) return quoted.replace(/\\(["\\$`])/g, '$1');
  return /^'([^']*)'/.exec(text)?.[1] ?? text.split(/\s/)[0]!;
};

const readLabels = (lines: readonly string[]): Map<string, string> => {
  const found = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon !== -1) found.set(line.slice(0, colon).replaceAll(' ', '_').toLowerCase(), line.slice(colon + 1).trim());
  }
  return found;
};

interface ReleaseLine {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly version?: string | undefined;
  readonly codename?: string | undefined;
}

/** `CentOS Linux release 7.9.2009 (Core)`: name, version and code name of a release file's first line. */
const readReleaseLine = (line: string): ReleaseLine => {
  const match = /^(.+?)(?: release)? *(?: LTS)?(\d[\d.+\-a-z]*)(?: \(([^)]*)\))?[^()]*$/.exec(line.trim());
  if (!match) return line.trim() === '' ? {} : { name: line.trim() };
  return { name: match[1]!.trim(), version: match[2], codename: match[3] };
};

const ignoredReleaseFiles = new Set(['lsb', 'oem', 'os', 'system', 'plesk', 'iredmail']);

const readReleaseFiles = (dump: Dump): ReleaseLine => {
  for (const path of dump.paths(/^\/etc\/\w+[-_](release|version)$/).sort()) {
    const id = /^\/etc\/(\w+)[-_](?:release|version)$/.exec(path)![1]!;
    if (ignoredReleaseFiles.has(id) || path === '/etc/debian_version') continue;
    const found = readReleaseLine(dump.lines(path)[0] ?? '');
    if (found.name === undefined) continue;
    return { ...found, id: found.name.toLowerCase().includes('cloudlinux') ? 'cloudlinux' : id };
  }
  return {};
};
