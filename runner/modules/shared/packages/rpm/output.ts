import type { RpmPackage } from './installed.ts';

/** What a run of dnf or yum did, or would do: packages as `name-version-release.arch`. */
export interface Transaction {
  readonly installed: readonly string[];
  readonly removed: readonly string[];
}

/** A package as dnf names it: the epoch stands in front of the version where there is one. */
export const nevraOf = ({ name, epoch, version, release, arch }: RpmPackage): string =>
  `${name}-${epoch === '0' ? '' : `${epoch}:`}${version}-${release}.${arch}`;

/** What came and what went between two lists of installed packages. */
export const transactionOf = (before: readonly RpmPackage[], after: readonly RpmPackage[]): Transaction => {
  const names = (list: readonly RpmPackage[]): Set<string> => new Set(list.map(nevraOf));
  const [was, is] = [names(before), names(after)];
  return {
    installed: [...is].filter((name) => !was.has(name)),
    removed: [...was].filter((name) => !is.has(name)),
  };
};

type Effect = 'installed' | 'replaced' | 'removed';

const sections: Readonly<Record<string, Effect>> = {
  installing: 'installed',
  upgrading: 'replaced',
  updating: 'replaced',
  downgrading: 'replaced',
  reinstalling: 'replaced',
  'installing dependencies': 'installed',
  'installing weak dependencies': 'installed',
  'installing group/module packages': 'installed',
  'installing for dependencies': 'installed',
  'updating for dependencies': 'replaced',
  removing: 'removed',
  'removing dependent packages': 'removed',
  'removing unused dependencies': 'removed',
  'removing for dependencies': 'removed',
};

/** Reads the table of what would be done; what would be replaced is looked up among the installed packages. */
export const plannedTransaction = (stdout: string, packages: readonly RpmPackage[]): Transaction => {
  const [installed, removed]: [string[], string[]] = [[], []];
  const forget = (name: string, arch: string): void => {
    const known = packages.filter((one) => one.name === name);
    const same = known.filter((one) => one.arch === arch);
    removed.push(...(same.length > 0 ? same : known).map(nevraOf));
  };
  let section: Effect | undefined;
  // A long name stands on a line of its own.
  const joined = stdout.replace(/^( \S+)\n {2,}(?=\S)/gm, '$1 ');
  for (const line of joined.split('\n')) {
    const title = /^(\S[^:]*):\s*$/.exec(line)?.[1];
    if (title !== undefined) section = sections[title.trim().toLowerCase()];
    else if (line.trim() === '' || /^\S/.test(line)) section = undefined;
    else if (section !== undefined) {
      // `     replacing  mu-old.noarch 1.0-1`
      const [, old, oldArch] = /^\s+replacing\s+(\S+)\.(\S+)\s+\S+$/.exec(line) ?? [];
      const [name, arch, version, repository] = line.trim().split(/\s+/);
      if (old !== undefined) forget(old, oldArch!);
      else if (repository !== undefined) {
        (section === 'removed' ? removed : installed).push(`${name}-${version}.${arch}`);
        if (section === 'replaced') forget(name!, arch!);
      }
    }
  }
  return { installed, removed };
};

/** What a run said that did not go well. */
export interface Complaints {
  /** Specs that nothing was found for, with what is told about each. */
  readonly unmatched: ReadonlyMap<string, string>;
  /** The error that ended it. */
  readonly error: string;
}

/** Reads the complaints in the output of dnf or yum. */
export const readComplaints = (stdout: string, stderr: string): Complaints => {
  const all = `${stdout}\n${stderr}`;
  const unmatched = new Map<string, string>();
  for (const [, spec] of all.matchAll(/^(?:No match for argument:|No package) (.+?)(?: available\.?)?$/gm)) {
    unmatched.set(spec!.trim(), `No package ${spec!.trim()} available.`);
  }
  for (const [line, spec] of all.matchAll(/^All matches were filtered out by \w+ filtering for argument: (.+)$/gm)) {
    unmatched.set(spec!, `${spec} ${line}`);
  }
  return { unmatched, error: /^Error: ?([\s\S]*)/m.exec(all)?.[1]?.trimEnd() ?? '' };
};

/** What results tell about a run. */
export const transactionResults = (
  { installed, removed }: Transaction,
  action: 'Installed' | 'Downloaded' = 'Installed',
): string[] => [...installed.map((name) => `${action}: ${name}`), ...removed.map((name) => `Removed: ${name}`)];
