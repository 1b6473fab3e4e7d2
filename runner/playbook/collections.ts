import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, sep } from 'node:path';
import type { Dict } from '../values/index.ts';
import { exists, isDirectory, type Loading } from './loading.ts';

/** `namespace.collection.name`, with folders in between for roles and playbooks. */
export const isFullName = (name: string): boolean => /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*){2,}$/.test(name);

/** The collections that a run can see. */
export class Collections {
  readonly #loading: Loading;
  readonly #folders: readonly string[];
  readonly #found = new Map<string, string | undefined>();
  readonly #routing = new Map<string, Dict | undefined>();

  /** `playbookDirs`: the folders of playbooks, whose `collections` come first. */
  constructor(loading: Loading, playbookDirs: readonly string[]) {
    this.#loading = loading;
    const named = [
      ...playbookDirs.map((folder) => join(folder, 'collections')),
      ...loading.context.config.collectionsPath,
    ];
    this.#folders = [...new Set(named)].map(withCollections);
  }

  /** The folder of a collection, `namespace.name`. */
  find(name: string): string | undefined {
    if (!this.#found.has(name)) this.#found.set(name, this.#search(name));
    return this.#found.get(name);
  }

  #search(name: string): string | undefined {
    const [namespace, collection] = name.split('.');
    if (!namespace || !collection || name === 'ansible.builtin' || name === 'ansible.legacy') return undefined;
    for (const folder of this.#folders) {
      const path = join(folder, namespace, collection);
      if (isDirectory(path)) return path;
    }
    for (const folder of pythonFolders()) {
      const path = join(folder, namespace, collection);
      if (isDirectory(path)) return path;
    }
    return undefined;
  }

  /** `meta/runtime.yml` of a collection: what was renamed or removed. */
  routing(name: string): Dict | undefined {
    if (!this.#routing.has(name)) {
      const folder = this.find(name);
      const file = folder && join(folder, 'meta/runtime.yml');
      const value = file && exists(file) ? this.#loading.read(file) : undefined;
      this.#routing.set(name, value instanceof Map ? value : undefined);
    }
    return this.#routing.get(name);
  }

  /** The folder of a role by its full name. */
  findRole(name: string): { name: string; path: string; collection: string } | undefined {
    const parts = name.split('.');
    const collection = parts.slice(0, 2).join('.');
    const folder = this.find(collection);
    if (folder === undefined) return undefined;
    const path = join(folder, 'roles', ...parts.slice(2));
    return isDirectory(path) ? { name: parts.at(-1)!, path, collection } : undefined;
  }

  /** The file of a playbook by its full name. */
  findPlaybook(name: string): string | undefined {
    const parts = name.split('.');
    // The name may be given with or without the file's ending.
    const ending = ['yml', 'yaml'].includes(parts.at(-1)!) ? parts.pop() : undefined;
    const folder = this.find(parts.slice(0, 2).join('.'));
    if (folder === undefined || parts.length < 3) return undefined;
    const path = join(folder, 'playbooks', ...parts.slice(2));
    return (ending ? [ending] : ['yml', 'yaml']).map((end) => `${path}.${end}`).find(exists);
  }
}

const withCollections = (folder: string): string => {
  const path = folder.startsWith('~') ? homedir() + folder.slice(1) : folder;
  return basename(path) === 'ansible_collections' ? path : join(path, 'ansible_collections');
};

/** The collection that a file belongs to, when it stands in one. */
export const collectionOfFile = (file: string): string | undefined => {
  const parts = dirname(file).split(sep);
  const index = parts.lastIndexOf('ansible_collections');
  const name = index === -1 ? [] : parts.slice(index + 1, index + 3);
  return name.length === 2 ? name.join('.') : undefined;
};

let found: string[] | undefined;

/** Where Python packages bring collections along. Looked for once, and only when a collection stands nowhere else. */
const pythonFolders = (): readonly string[] => {
  found ??= [
    '/usr/lib',
    '/usr/local/lib',
    join(homedir(), '.local/lib'),
    join(process.env.VIRTUAL_ENV ?? '/nowhere', 'lib'),
  ]
    .flatMap((library) => list(library).map((name) => join(library, name)))
    .filter((path) => /^python3/.test(basename(path)))
    .flatMap((path) => ['dist-packages', 'site-packages'].map((name) => join(path, name, 'ansible_collections')))
    .filter(isDirectory);
  return found;
};

const list = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};
