import type { ResultObject } from '../../../values/index.ts';

export type InstalledPackage = { readonly name: string } & ResultObject;

const lines = (output: string): string[] => output.split('\n').filter((line) => line !== '');

/**
 * The native architecture, then what dpkg-query prints, then what `apt-cache policy` tells of the sources and of each
 * package, with a line of a single dot between the three.
 */
export const readApt = (output: string): InstalledPackage[] => {
  const [list = '', sources = '', policies = ''] = output.split(/^\.$/m);
  const [native = '', ...packages] = lines(list);
  const origins = readOrigins(sources, policies);
  return packages.flatMap((line) => {
    const [status, name, version, arch, category] = line.split('\t');
    if (!status?.endsWith(' installed') || !name) return [];
    // Packages of another architecture are known by both names.
    const full = arch !== native && arch !== 'all' ? `${name}:${arch}` : name;
    return [{ name: full, version, arch, category, origin: origins.get(full) ?? '' }];
  });
};

/** Who publishes the installed version of each package: the first source that has it. */
const readOrigins = (sources: string, policies: string): Map<string, string> => {
  const publishers = new Map<string, string>();
  for (const [, source, release] of sources.matchAll(/^ +-?\d+ (.*)\n +release (.*)$/gm)) {
    publishers.set(source!.trim(), /(?:^|,)o=([^,]*)/.exec(release!)?.[1] ?? '');
  }
  const found = new Map<string, string>();
  let name = '';
  let isInstalled = false;
  for (const line of policies.split('\n')) {
    if (/^\S.*:$/.test(line)) {
      name = line.slice(0, -1);
      isInstalled = false;
    } else if (line.startsWith(' *** ')) isInstalled = true;
    else if (/^ {5}\S/.test(line)) isInstalled = false;
    else if (isInstalled && !found.has(name)) {
      const source = /^ +-?\d+ (.*)$/.exec(line)?.[1]?.trim();
      if (source !== undefined) found.set(name, publishers.get(source) ?? '');
    }
  }
  return found;
};

/** `rpm -qa` with tabs between name, version, release, epoch and architecture. */
export const readRpm = (output: string): InstalledPackage[] =>
  lines(output).map((line) => {
    const [name = '', version, release, epoch, arch] = line.split('\t');
    return {
      name,
      version,
      release,
      epoch: epoch === '(none)' ? null : Number(epoch),
      arch: arch === '(none)' ? null : arch,
    };
  });

/** `pacman -Qi`. */
export const readPacman = (output: string): InstalledPackage[] =>
  output.split('\n\n').flatMap((block) => {
    const found = new Map<string, string>();
    let last = '';
    for (const line of lines(block)) {
      const match = /^([\w ]*\w) +: (.*)/.exec(line);
      if (match) {
        last = match[1]!;
        found.set(last, match[2]!);
      } else found.set(last, `${found.get(last) ?? ''}  ${line.trimStart()}`);
    }
    const name = found.get('Name');
    if (name === undefined) return [];
    const provides = found.get('Provides') ?? 'None';
    return [
      {
        name,
        version: found.get('Version'),
        arch: found.get('Architecture'),
        provides: provides === 'None' ? null : provides.split('  ').map((one) => one.split('=')[0]!),
      },
    ];
  });

/** `apk info -v`: name-version-release. */
export const readApk = (output: string): InstalledPackage[] =>
  lines(output).map((line) => {
    const parts = line.split('-');
    if (parts.length < 3) return { name: line, version: '', release: '' };
    return { name: parts.slice(0, -2).join('-'), version: parts.at(-2), release: parts.at(-1) };
  });

/** `qatom` for each installed package. */
export const readPortage = (output: string): InstalledPackage[] =>
  lines(output).map((line) => {
    const [category, name = '', version, revision, slots, prefixes, suffixes] = line.split(/\s+/);
    return { category, name, version, ebuild_revision: revision, slots, prefixes, sufixes: suffixes };
  });
