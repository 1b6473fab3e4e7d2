import { readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { formatOrigin, SourceError } from '../errors/index.ts';
import { type Decrypter, loadYamlFile, originOf } from '../playbook/yaml/index.ts';
import { type Dict, toText, typeName } from '../values/index.ts';
import { mergeDicts } from './model.ts';

export interface VarsFilesOptions {
  readonly extensions?: readonly string[];
  readonly mergesHashes?: boolean;
  readonly vault?: Decrypter | undefined;
  readonly duplicateKeys?: 'error' | 'warn' | 'ignore';
  readonly warn?: (message: string) => void;
  /** Told of the variables of each file that was encrypted as a whole. */
  readonly onDecrypted?: (variables: Dict) => void;
}

export type VarsKind = 'group_vars' | 'host_vars';

const nothing: Dict = new Map();

/** The variables in `group_vars` and `host_vars` directories. Directories and files are read when they matter, once. */
export class VarsFiles {
  readonly #options: VarsFilesOptions;
  // The names in a group_vars or host_vars directory, without extensions: most groups and hosts have no file.
  readonly #listings = new Map<string, ReadonlySet<string> | undefined>();
  readonly #loaded = new Map<string, Dict>();
  readonly #parts = new WeakMap<Dict, readonly Dict[]>();

  constructor(options: VarsFilesOptions = {}) {
    this.#options = options;
  }

  /** The variables that `folder/kind/name*` gives. */
  of(folder: string, kind: VarsKind, name: string): Dict {
    // A chroot's path as a host name must not lead out of the directory.
    if (name.startsWith('/')) return nothing;
    const directory = join(folder, kind);
    const listing = this.#list(directory, kind);
    if (!listing || !(listing.has(name) || name.includes('/'))) return nothing;
    const key = `${directory}\0${name}`;
    let variables = this.#loaded.get(key);
    if (!variables) {
      variables = this.#load(directory, name);
      this.#loaded.set(key, variables);
    }
    return variables;
  }

  /** The files that variables of `of` were put together from, the weakest first. */
  partsOf(variables: Dict): readonly Dict[] {
    return this.#parts.get(variables) ?? [variables];
  }

  /** Forgets what was read, for `meta: refresh_inventory`. */
  clear(): void {
    this.#listings.clear();
    this.#loaded.clear();
  }

  #list(directory: string, kind: VarsKind): ReadonlySet<string> | undefined {
    if (!this.#listings.has(directory)) this.#listings.set(directory, this.#readListing(directory, kind));
    return this.#listings.get(directory);
  }

  #readListing(directory: string, kind: VarsKind): ReadonlySet<string> | undefined {
    const stats = statSync(directory, { throwIfNoEntry: false });
    if (!stats) return undefined;
    if (!stats.isDirectory()) {
      this.#options.warn?.(`Found ${kind} that is not a directory, skipping: ${directory}`);
      return undefined;
    }
    const names = new Set<string>();
    for (const entry of readdirSync(directory)) {
      names.add(entry);
      for (const extension of this.#extensions) {
        if (entry.endsWith(extension)) names.add(entry.slice(0, -extension.length));
      }
    }
    return names;
  }

  get #extensions(): readonly string[] {
    return this.#options.extensions ?? ['.yml', '.yaml', '.json'];
  }

  #load(directory: string, name: string): Dict {
    let variables: Dict = nothing;
    const parts: Dict[] = [];
    for (const file of this.#find(realpathSync(directory), name)) {
      const found = this.#read(file);
      if (found.size === 0) continue;
      parts.push(found);
      if (variables.size === 0) variables = found;
      else variables = this.#options.mergesHashes ? mergeDicts(variables, found) : new Map([...variables, ...found]);
    }
    if (parts.length > 1) this.#parts.set(variables, parts);
    return variables;
  }

  // A directory or file of that very name, or the file with the first extension that there is.
  #find(directory: string, name: string): string[] {
    for (const extension of ['', ...this.#extensions]) {
      const path = join(directory, name + extension);
      const stats = statSync(path, { throwIfNoEntry: false });
      if (stats) return stats.isDirectory() ? this.#findInside(path) : [path];
    }
    return [];
  }

  #findInside(directory: string): string[] {
    const found: string[] = [];
    for (const entry of readdirSync(directory).sort()) {
      if (entry.startsWith('.') || entry.endsWith('~')) continue;
      const path = join(directory, entry);
      const stats = statSync(path, { throwIfNoEntry: false });
      const extension = extname(entry);
      if (stats?.isDirectory() && extension === '') found.push(...this.#findInside(path));
      else if (stats?.isFile() && (extension === '' || this.#extensions.includes(extension))) found.push(path);
    }
    return found;
  }

  #read(file: string): Dict {
    const { vault, duplicateKeys, warn, onDecrypted } = this.#options;
    let isEncrypted = false;
    const data = loadYamlFile(file, {
      vault: vault && {
        decryptText: (ciphertext, origin) => vault.decryptText(ciphertext, origin),
        decryptFile: (bytes, path) => {
          isEncrypted = true;
          return vault.decryptFile(bytes, path);
        },
        noteRead: (path, bytes) => vault.noteRead?.(path, bytes),
      },
      duplicateKeys,
      warn: (message, origin) => warn?.(`${formatOrigin(origin)}: ${message}`),
    });
    if (data === null || data === false || data === '' || data === 0) return nothing;
    if (!(data instanceof Map)) {
      if (Array.isArray(data) && data.length === 0) return nothing;
      throw new SourceError({
        message: `the variables in ${file} are no mapping, but ${typeName(data)}`,
        origin: originOf(data) ?? { file, line: 1, column: 1 },
        expected: 'name: value, a line each',
        hint: hintFor(file),
      });
    }
    for (const key of data.keys()) {
      if (typeof key !== 'string' && typeof key !== 'number') {
        throw new SourceError({ message: `${toText(key)} is no name of a variable`, origin: originOf(data, key) });
      }
    }
    if (isEncrypted) onDecrypted?.(data);
    return data;
  }
}

const hintFor = (file: string): string | undefined =>
  extname(file) === ''
    ? `${basename(dirname(file))}/${basename(file)} is read as YAML, as it has no extension`
    : undefined;
