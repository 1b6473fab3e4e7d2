import { ModuleFailure } from '../../../../errors/index.ts';
import { matchesGlob } from '../../../../values/index.ts';
import { compareDebianVersions } from '../debian-version.ts';
import { isPattern, type PackageSpec, parsePackageSpec } from '../package-spec.ts';
import type { AptState } from './probe.ts';

/** What stands on the host for one package asked for, and what could. */
interface PackageStatus {
  readonly isInstalled: boolean;
  /** What is installed fits the version asked for. */
  readonly fits: boolean;
  /** The best version that fits, when it is another than the installed one; true for a name that others provide. */
  readonly better: string | true | undefined;
  readonly hasFiles: boolean;
}

/** Replaces patterns of names by the names that they match. */
export const expandPatterns = (packages: readonly string[], state: AptState): PackageSpec[] =>
  packages.flatMap((text) => {
    const spec = parsePackageSpec(text);
    if (!isPattern(spec.name)) return [spec];
    const matches = state.matches.get(spec.name) ?? [];
    if (matches.length === 0) throw new ModuleFailure(`No package(s) matching '${spec.name}' available`);
    return matches.map(parsePackageSpec);
  });

/**
 * The words that `apt-get install` needs for what a task asks; none when all is there. `newest` also upgrades what is
 * installed.
 */
export const wordsToInstall = (
  specs: readonly PackageSpec[],
  state: AptState,
  options: { newest: boolean; onlyUpgrade: boolean },
): string[] =>
  specs.flatMap((spec) => {
    const { isInstalled, fits, better } = statusOf(spec, state);
    if (!isInstalled && options.onlyUpgrade) return [];
    if (!fits && better === undefined) {
      throw new ModuleFailure(`no available installation candidate for ${spec.text}`);
    }
    if (better !== undefined && (!isInstalled || options.newest || !fits)) {
      const version = better === true ? spec.version : better;
      return [version === undefined ? spec.name : `${spec.name}=${version}`];
    }
    return [];
  });

/** The words that `apt-get remove` needs for what a task asks to be absent. */
export const wordsToRemove = (specs: readonly PackageSpec[], state: AptState, purge: boolean): string[] =>
  specs
    .filter((spec) => {
      const known = state.installed.get(spec.name);
      if (known === undefined) return false;
      return (known.isInstalled && fitsVersion(known.version, spec)) || (known.hasFiles && purge);
    })
    .map(({ text }) => text);

/** Names that are to count as wanted by the user from now on. */
export const namesToMark = (specs: readonly PackageSpec[], state: AptState): string[] =>
  specs.map(({ name }) => name).filter((name) => state.automatic.has(name));

const statusOf = (spec: PackageSpec, state: AptState): PackageStatus => {
  const known = state.installed.get(spec.name);
  const available = state.available.get(spec.name);
  if (!known?.isInstalled && (available === undefined || available.versions.length === 0)) {
    return statusOfProvided(spec, state);
  }
  const best = bestVersion(spec, state);
  const hasFiles = known?.hasFiles ?? false;
  if (!known?.isInstalled) return { isInstalled: false, fits: false, better: best, hasFiles };
  const isBetter = best !== undefined && best !== known.version && fitsVersion(best, spec);
  return {
    isInstalled: true,
    fits: fitsVersion(known.version, spec),
    better: isBetter ? best : undefined,
    hasFiles,
  };
};

/** The status of a name that no package has: the one package that provides it answers, of several apt chooses. */
const statusOfProvided = (spec: PackageSpec, state: AptState): PackageStatus => {
  const providers = state.providers.get(spec.name) ?? [];
  if (providers.length === 0) throw new ModuleFailure(`No package matching '${spec.name}' is available`);
  const only = providers.length === 1 ? state.installed.get(providers[0]!) : undefined;
  if (only?.isInstalled) return { isInstalled: true, fits: true, better: undefined, hasFiles: true };
  return { isInstalled: false, fits: false, better: true, hasFiles: false };
};

const fitsVersion = (version: string, { operator, version: wanted }: PackageSpec): boolean => {
  if (operator === '=') return matchesGlob(version, wanted!);
  return operator !== '>=' || compareDebianVersions(version, wanted!) >= 0;
};

/** The version that apt would install for a package; a pinned one is the newest of those that match. */
const bestVersion = (spec: PackageSpec, state: AptState): string | undefined => {
  const available = state.available.get(spec.name);
  if (available === undefined) return undefined;
  if (spec.operator !== '=') return available.candidate;
  return available.versions
    .filter((version) => matchesGlob(version, spec.version!))
    .sort(compareDebianVersions)
    .at(-1);
};
