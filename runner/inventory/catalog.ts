import { MusterError } from '../errors/index.ts';
import { type Dict, textOf, typeName, type Value } from '../values/index.ts';
import { groupNames } from './host-magic.ts';
import { type Inventory, localNames } from './inventory.ts';
import { hostLevels, hostVariables, type VariableSources } from './layers.ts';
import type { LoadedInventory } from './load-inventory.ts';
import type { Host } from './model.ts';
import { type PatternMismatch, readLimit, selectHosts, splitPattern } from './patterns.ts';
import { hostOrigins, type VariableOrigin } from './variable-origins.ts';

export interface CatalogOptions {
  /** The directories of the playbooks, where group_vars and host_vars are looked for too. */
  readonly playbookDirs?: readonly string[];
  /** --limit. */
  readonly limit?: string | readonly string[] | undefined;
  readonly precedence?: readonly string[];
  readonly mismatch?: PatternMismatch;
  readonly warn?: (message: string) => void;
  /** Reads the sources anew, for `meta: refresh_inventory`. */
  readonly reload?: () => Promise<LoadedInventory>;
}

/** A change that a play made, which outlives reading the sources anew. */
type Change = (inventory: Inventory) => unknown;

/** The inventory as plays see it: names, variables and patterns, within --limit, with what plays add to it. */
export class Catalog {
  #loaded: LoadedInventory;
  #from: VariableSources;
  readonly #options: CatalogOptions;
  readonly #changes: Change[] = [];
  #limit: readonly string[] | undefined;
  // Worked out once for each state of the inventory.
  #version = -1;
  readonly #selected = new Map<string, readonly string[]>();
  readonly #layers = new Map<string, readonly Dict[]>();
  #groups: ReadonlyMap<string, readonly string[]> | undefined;

  constructor(loaded: LoadedInventory, options: CatalogOptions = {}) {
    this.#loaded = loaded;
    this.#options = options;
    this.#from = this.#sources();
  }

  get inventory(): Inventory {
    return this.#loaded.inventory;
  }

  /** The hosts that a pattern, or a list of them, selects within the limit, in inventory order. */
  select(pattern: Value): readonly string[] {
    const patterns = splitPattern(patternTexts(pattern));
    this.#forgetOutdated();
    const key = patterns.join('\0');
    let selected = this.#selected.get(key);
    if (!selected) {
      // An empty text selects nothing, though a list without patterns would be all.
      const hosts = patterns.length === 0 ? [] : selectHosts(this.inventory, patterns, this.#options);
      const limit = this.#limitedHosts();
      selected = hosts.filter((host) => limit?.has(host) ?? true).map(({ name }) => name);
      this.#selected.set(key, selected);
    }
    return selected;
  }

  has(name: string): boolean {
    return this.inventory.hosts.has(name) || localNames.has(name);
  }

  hosts(): Iterable<string> {
    return this.inventory.hosts.keys();
  }

  /** The names of a host's groups but `all`, sorted. */
  groupsOf(name: string): readonly string[] {
    const host = this.inventory.host(name);
    return host ? groupNames(host, this.inventory) : [];
  }

  /** The names of each group's hosts: the `groups` variable. */
  groups(): ReadonlyMap<string, readonly string[]> {
    this.#forgetOutdated();
    if (!this.#groups) {
      const { groups } = this.inventory;
      const entries = [...groups.values()].map((group) => {
        const names = this.inventory.hostsOf(group).map(({ name }) => name);
        return [group.name, names] as const;
      });
      this.#groups = new Map(entries);
    }
    return this.#groups;
  }

  /** A host's variables from the inventory and the files beside it and the playbooks, strongest first. */
  layersOf(name: string): readonly Dict[] {
    this.#forgetOutdated();
    let layers = this.#layers.get(name);
    if (!layers) {
      const host = this.inventory.host(name);
      layers = host ? this.#layersOf(host) : [];
      this.#layers.set(name, layers);
    }
    return layers;
  }

  /** Those variables one by one, with where each comes from. */
  originsOf(name: string): readonly VariableOrigin[] {
    const host = this.inventory.host(name);
    return host ? hostOrigins(this.#from, host) : [];
  }

  inventoryFile(name: string): string | undefined {
    return this.inventory.hosts.get(name)?.file;
  }

  inventoryDir(name: string): string | undefined {
    return this.inventory.hosts.get(name)?.directory;
  }

  /** Adds or changes a host. True when that changed anything. */
  addHost(name: string, groups: readonly string[], vars: Dict): boolean {
    return this.#change((inventory) => inventory.addDynamicHost(name, groups, vars));
  }

  /** Puts a host into a group, and that below others. True when that changed anything. */
  addToGroup(host: string, group: string, parents: readonly string[]): boolean {
    return this.#change((inventory) => inventory.addDynamicGroup(host, group, parents));
  }

  /** Reads the sources again, and makes the changes that plays have made once more. */
  async refresh(): Promise<void> {
    const { reload } = this.#options;
    if (!reload) return;
    this.#loaded = await reload();
    this.#from = this.#sources();
    this.#version = -1;
    for (const change of this.#changes) {
      // A host that was put into a group may be gone.
      try {
        change(this.inventory);
      } catch (error) {
        if (!(error instanceof MusterError)) throw error;
      }
    }
  }

  #sources(): VariableSources {
    const { playbookDirs, precedence } = this.#options;
    return { ...this.#loaded, ...(playbookDirs && { playbookDirs }), ...(precedence && { precedence }) };
  }

  #change(change: (inventory: Inventory) => boolean): boolean {
    this.#changes.push(change);
    return change(this.inventory);
  }

  #layersOf(host: Host): readonly Dict[] {
    const from = this.#from;
    // Where dicts are merged, one layer must not hide what a weaker one adds to it.
    return this.inventory.options.mergesHashes ? [hostVariables(from, host)] : hostLevels(from, host).reverse();
  }

  #limitedHosts(): ReadonlySet<Host> | undefined {
    const { limit } = this.#options;
    if (limit === undefined) return undefined;
    this.#limit ??= readLimit(limit);
    return new Set(selectHosts(this.inventory, this.#limit, this.#options));
  }

  #forgetOutdated(): void {
    if (this.#version === this.inventory.version) return;
    this.#version = this.inventory.version;
    this.#selected.clear();
    this.#layers.clear();
    this.#groups = undefined;
  }
}

const patternTexts = (pattern: Value): string[] => {
  if (Array.isArray(pattern)) return pattern.flatMap(patternTexts);
  const text = textOf(pattern);
  if (text !== undefined) return [text];
  if (typeof pattern === 'number' || typeof pattern === 'bigint') return [String(pattern)];
  throw new MusterError({ message: `${typeName(pattern)} is no host pattern`, expected: 'text, or a list of texts' });
};
