import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Kinds of plugins that users write for Ansible in Python and that name what templates and tasks use. */
export type PluginKind = 'filter' | 'test' | 'lookup' | 'action' | 'callback' | 'connection' | 'vars' | 'strategy';

/**
 * The Python file in one of these folders (playbooks', roles' or collections') that seems to define a plugin, so that what
 * uses it can be refused by name. Lookups and their kind are files; filters and tests are named inside of files.
 */
export const findPythonPlugin = (kind: PluginKind, name: string, folders: readonly string[]): string | undefined => {
  const short = name.split('.').at(-1)!;
  for (const folder of folders) {
    for (const place of [join(folder, `${kind}_plugins`), join(folder, 'plugins', kind)]) {
      const found = kind === 'filter' || kind === 'test' ? findNamedIn(place, short) : findFile(place, short);
      if (found !== undefined) return found;
    }
  }
  return undefined;
};

const pythonFiles = (folder: string): string[] => {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.py'));
  } catch {
    return [];
  }
};

const findFile = (folder: string, name: string): string | undefined =>
  pythonFiles(folder).includes(`${name}.py`) ? join(folder, `${name}.py`) : undefined;

/** Filters and tests stand in a dictionary of names: 'name': function. */
const findNamedIn = (folder: string, name: string): string | undefined =>
  pythonFiles(folder)
    .map((file) => join(folder, file))
    .find((file) => {
      const text = readFileSync(file, 'utf8');
      return text.includes(`'${name}'`) || text.includes(`"${name}"`);
    });
