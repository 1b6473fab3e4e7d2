/** What a run of dnf or yum did, or would do. */
export interface Transaction {
  readonly installed: readonly string[];
  readonly removed: readonly string[];
  /** Specs that nothing was found for. */
  readonly unmatched: readonly string[];
  /** The error that ended it. */
  readonly error: string;
}

const sections: Readonly<Record<string, 'installed' | 'removed'>> = {
  installed: 'installed',
  upgraded: 'installed',
  updated: 'installed',
  downgraded: 'installed',
  reinstalled: 'installed',
  'dependency installed': 'installed',
  'dependency updated': 'installed',
  installing: 'installed',
  upgrading: 'installed',
  updating: 'installed',
  downgrading: 'installed',
  reinstalling: 'installed',
  'installing dependencies': 'installed',
  'installing weak dependencies': 'installed',
  'installing group/module packages': 'installed',
  'installing for dependencies': 'installed',
  'updating for dependencies': 'installed',
  removed: 'removed',
  'dependency removed': 'removed',
  removing: 'removed',
  'removing dependent packages': 'removed',
  'removing unused dependencies': 'removed',
  'removing for dependencies': 'removed',
};

/** Reads the output of dnf or yum: the lists at its end, or the table of what would be done when nothing was. */
export const parseTransaction = (stdout: string, stderr: string): Transaction => {
  const found = { installed: [] as string[], removed: [] as string[] };
  const table = /Transaction Summary|Running transaction|Operation aborted|Exiting on user command/;
  // A run that was made ends with lists; the table in front of it tells the same and is left out.
  const done = stdout.lastIndexOf('\nRunning transaction\n');
  const isDone = done !== -1;
  const text = isDone ? stdout.slice(done + '\nRunning transaction\n'.length) : stdout.split(table)[0]!;
  let section: 'installed' | 'removed' | undefined;
  for (const line of text.replace(/\n {2,}(?=\S+ +\S+ +[\d.]+ [kMG]?\n)/g, ' ').split('\n')) {
    const title = /^(\S[^:]*):\s*$/.exec(line)?.[1];
    if (title !== undefined) section = sections[title.trim().toLowerCase()];
    else if (line.trim() === '' || /^\S/.test(line)) section = undefined;
    else if (section !== undefined) found[section].push(...(isDone ? listEntries(line) : tableEntry(line)));
  }
  const all = `${stdout}\n${stderr}`;
  const unmatched = [...all.matchAll(/^(?:No match for argument:|No package) (.+?)(?: available\.?)?$/gm)];
  return {
    installed: found.installed,
    removed: found.removed,
    unmatched: [...new Set(unmatched.map(([, spec]) => spec!.trim()))],
    error: /^Error: *([\s\S]*)/m.exec(all)?.[1]?.trim() ?? '',
  };
};

/** `mu-a-1.0-1.noarch  mu-b-2-1.noarch`, or yum's `tree.x86_64 0:1.6.0-10.el7`. */
const listEntries = (line: string): string[] => {
  const old = [...line.matchAll(/(\S+)\.(\S+)\s+(\d+):(\S+)/g)];
  if (old.length > 0) {
    return old.map(([, name, arch, epoch, version]) =>
      epoch === '0' ? `${name}-${version}.${arch}` : `${name}-${epoch}:${version}.${arch}`,
    );
  }
  return line.trim().split(/\s+/);
};

/** ` mu-a   noarch   1.2-1   repository   5.4 k`. */
const tableEntry = (line: string): string[] => {
  const [name, arch, version, repository] = line.trim().split(/\s+/);
  return repository === undefined ? [] : [`${name}-${version}.${arch}`];
};

/** What results tell about a run. */
export const transactionResults = ({ installed, removed }: Transaction): string[] => [
  ...installed.map((name) => `Installed: ${name}`),
  ...removed.map((name) => `Removed: ${name}`),
];
