import { MusterError } from '../errors/index.ts';
import { type Dict, toText, type Value } from '../values/index.ts';
import { groupNames } from './host-magic.ts';
import type { Inventory } from './inventory.ts';
import { hostLevels } from './layers.ts';
import type { LoadedInventory } from './load-inventory.ts';
import { type PatternMismatch, readLimit, selectHosts, splitPattern } from './patterns.ts';

export interface CatalogOptions {
  readonly playbookDirs: readonly string[];
  readonly limit: string | undefined;
  readonly precedence: readonly string[] | undefined;
  readonly mismatch: PatternMismatch;
  readonly warn: (message: string) => void;
  /** Reads the inventory sources again. */
  readonly reload: () => Promise<LoadedInventory>;
}

/** The inventory as a run uses it: selects hosts within the limit, and keeps what it worked out until something changes. */
export class Catalog {
  #loaded: LoadedInventory;
  readonly #options: CatalogOptions;
  #version = -1;
  #groups = new Map<string, readonly string[]>();
  #layers = new Map<string, readonly Dict[]>();
  readonly #limited: ReadonlySet<string> | undefined;

  constructor(loaded: LoadedInventory, options: CatalogOptions) {
    this.#loaded = loaded;
    this.#options = options;
    if (options.limit === undefined) return;
    const limited = selectHosts(this.inventory, readLimit(options.limit), { mismatch: 'ignore', warn: options.warn });
    if (limited.length === 0) {
      throw new MusterError({
        message: 'Specified hosts and/or --limit does not match any hosts',
        expected: `hosts or groups of the inventory; --limit is '${options.limit}'`,
      });
    }
    this.#limited = new Set(limited.map(({ name }) => name));
  }

  get inventory(): Inventory {
    return this.#loaded.inventory;
  }

  select(pattern: Value): readonly string[] {
    const patterns = (Array.isArray(pattern) ? pattern : [pattern]).map(toText);
    const hosts = selectHosts(this.inventory, splitPattern(patterns), {
      mismatch: this.#options.mismatch,
      warn: this.#options.warn,
    });
    const names = hosts.map(({ name }) => name);
    return this.#limited ? names.filter((name) => this.#limited!.has(name)) : names;
  }

  has(host: string): boolean {
    return this.inventory.hosts.has(host);
  }

  hosts(): Iterable<string> {
    return this.inventory.hosts.keys();
  }

  groupsOf(host: string): readonly string[] {
    const found = this.inventory.host(host);
    return found ? groupNames(found, this.inventory) : [];
  }

  groups(): ReadonlyMap<string, readonly string[]> {
    this.#refreshWhenChanged();
    if (this.#groups.size === 0) {
      for (const group of this.inventory.groups.values()) {
        this.#groups.set(
          group.name,
          this.inventory.hostsOf(group).map(({ name }) => name),
        );
      }
    }
    return this.#groups;
  }

  layersOf(host: string): readonly Dict[] {
    this.#refreshWhenChanged();
    let layers = this.#layers.get(host);
    if (!layers) {
      layers = this.#findLayers(host);
      this.#layers.set(host, layers);
    }
    return layers;
  }

  inventoryFile(host: string): string | undefined {
    return this.inventory.hosts.get(host)?.file;
  }

  inventoryDir(host: string): string | undefined {
    return this.inventory.hosts.get(host)?.directory;
  }

  addHost(name: string, groups: readonly string[], vars: Dict): boolean {
    return this.inventory.addDynamicHost(name, groups, vars);
  }

  addToGroup(host: string, group: string, parents: readonly string[]): boolean {
    return this.inventory.addDynamicGroup(host, group, parents);
  }

  async refresh(): Promise<void> {
    this.#loaded = await this.#options.reload();
    this.#version = -1;
  }

  #findLayers(name: string): readonly Dict[] {
    const host = this.inventory.host(name);
    if (!host) return [];
    const { sources, varsFiles } = this.#loaded;
    const { playbookDirs, precedence } = this.#options;
    return hostLevels(
      { inventory: this.inventory, sources, varsFiles, playbookDirs, ...(precedence && { precedence }) },
      host,
    ).reverse();
  }

  /** Hosts that joined a group have other variables than before, and so may those whose own were set. */
  #refreshWhenChanged(): void {
    if (this.#version === this.inventory.version) return;
    this.#version = this.inventory.version;
    this.#groups = new Map();
    this.#layers = new Map();
  }
}
