import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';

// What stands below these is no playbook, or is not for people to start.
const leftOut = new Set(
  'roles group_vars host_vars collections library templates files tasks handlers vars defaults meta molecule node_modules venv runs'.split(
    ' ',
  ),
);
const deepest = 3;
const longest = 64 * 1024;

/** The playbooks below a directory, relative to it: those in `playbooks` and in the directory itself first. */
export const findPlaybooks = (directory: string): string[] =>
  below(directory, '', 0)
    .filter((path) => looksLikePlaybook(join(directory, path)))
    .sort((left, right) => rank(left) - rank(right) || (left < right ? -1 : 1));

const rank = (path: string): number => (path.includes('/') ? (path.startsWith('playbooks/') ? 0 : 2) : 1);

const below = (directory: string, folder: string, depth: number): string[] => {
  const found: string[] = [];
  for (const entry of entriesOf(join(directory, folder))) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.') || leftOut.has(entry.name)) continue;
    if (entry.isDirectory() && depth < deepest) found.push(...below(directory, path, depth + 1));
    else if (entry.isFile() && /\.ya?ml$/.test(entry.name)) found.push(path);
  }
  return found;
};

const entriesOf = (folder: string) => {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
};

/** A list whose entries are plays. Only the beginning is read: whether it is right shows when it is opened. */
const looksLikePlaybook = (file: string): boolean => {
  const text = readStart(file);
  return (
    /^-\s/m.test(text) && /^(?:- | {2})\s*["']?(?:hosts|(?:ansible\.builtin\.)?import_playbook)["']?\s*:/m.test(text)
  );
};

const readStart = (file: string): string => {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const bytes = Buffer.alloc(longest);
      return bytes.subarray(0, readSync(descriptor, bytes)).toString('utf8');
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return '';
  }
};

/** What the plays of a playbook are called, or the hosts that they are for, as written. */
export const playNames = (file: string): string[] => {
  const plays = readStart(file).split(/^- /m).slice(1);
  return plays.flatMap((play) => {
    const keyword = (name: string): string | undefined =>
      new RegExp(`^(?:  )?${name}:[ \\t]*(.+?)[ \\t]*$`, 'm').exec(play)?.[1]?.replace(/^(["'])(.*)\1$/, '$2');
    return keyword('name') ?? keyword('hosts') ?? keyword('(?:ansible\\.builtin\\.)?import_playbook') ?? [];
  });
};
