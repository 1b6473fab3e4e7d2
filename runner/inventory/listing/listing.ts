import { type Dict, Template, type Value, VaultText } from '../../values/index.ts';
import type { Inventory } from '../inventory.ts';
import { groupVariables, hostVariables, type VariableSources } from '../layers.ts';
import { type Group, type Host, mergeDicts } from '../model.ts';

export interface ListingOptions {
  /** Every group and host with its own variables only, as a source to be read again. */
  readonly isExport: boolean;
  readonly extraVars: Dict;
  /** The hosts to list; all when absent. */
  readonly limit?: ReadonlySet<Host> | undefined;
}

// What every host has, or what only muster itself means by it.
const internal = new Set(
  [
    'ansible_diff_mode ansible_config_file ansible_facts ansible_forks ansible_inventory_sources ansible_limit',
    'ansible_playbook_python ansible_run_tags ansible_skip_tags ansible_verbosity ansible_version inventory_dir',
    'inventory_file inventory_hostname inventory_hostname_short groups group_names omit playbook_dir',
  ]
    .join(' ')
    .split(' '),
);

/** Writes an inventory down, in the shapes that ansible-inventory gives it. */
export class Listing {
  readonly #from: VariableSources;
  readonly #inventory: Inventory;
  readonly #options: ListingOptions;

  constructor(from: VariableSources, options: ListingOptions) {
    this.#from = from;
    this.#inventory = from.inventory;
    this.#options = options;
  }

  /** All of it, as an inventory script prints it. */
  scriptForm(): Dict {
    const listing: Dict = new Map();
    const seen = new Set<Group>();
    const add = (group: Group): void => {
      const entry: Dict = new Map();
      if (group.name !== 'all')
        addFilled(
          entry,
          'hosts',
          this.#hosts(group).map(({ name }) => name),
        );
      addFilled(
        entry,
        'children',
        [...group.children].map(({ name }) => name),
      );
      if (this.#options.isExport) addFilled(entry, 'vars', this.groupVars(group));
      if (entry.size > 0) listing.set(group.name, entry);
      for (const child of group.children) {
        if (seen.has(child)) continue;
        seen.add(child);
        add(child);
      }
    };
    const all = this.#inventory.groups.get('all')!;
    add(all);
    const hostVars: Dict = new Map();
    for (const host of this.#inventory.hostsOf(all)) {
      if (!this.#isListed(host)) continue;
      const vars = this.hostVars(host);
      if (vars.size > 0) hostVars.set(host.name, vars);
    }
    listing.set('_meta', new Map([['hostvars', hostVars]]));
    return listing;
  }

  /** All of it as a YAML inventory: groups inside of groups, each host's variables where it comes first. */
  yamlForm(): Dict {
    const seen = new Set<Host>();
    const format = (group: Group): Dict => {
      const entry: Dict = new Map();
      const children: Dict = new Map();
      for (const child of group.children) children.set(child.name, format(child));
      addFilled(entry, 'children', children);
      const hosts: Dict = new Map();
      if (group.name !== 'all') for (const host of this.#hosts(group)) hosts.set(host.name, this.#once(host, seen));
      addFilled(entry, 'hosts', hosts);
      if (this.#options.isExport) addFilled(entry, 'vars', this.groupVars(group));
      return entry;
    };
    return new Map([['all', format(this.#inventory.groups.get('all')!)]]);
  }

  /** All of it as a TOML inventory. */
  tomlForm(): Dict {
    const seen = new Set<Host>();
    const listing: Dict = new Map();
    const ungrouped = this.#inventory.groups.get('ungrouped')!;
    const format = (group: Group): Dict => {
      const formatted: Dict = new Map();
      const entry: Dict = new Map();
      formatted.set(group.name, entry);
      const children: Value[] = [];
      for (const child of group.children) {
        if (child === ungrouped && child.hosts.size === 0) continue;
        if (group.name !== 'all') children.push(child.name);
        for (const [name, inner] of format(child)) formatted.set(name, inner);
      }
      addFilled(entry, 'children', children);
      const hosts: Dict = new Map();
      if (group.name !== 'all') for (const host of this.#hosts(group)) hosts.set(host.name, this.#once(host, seen));
      addFilled(entry, 'hosts', hosts);
      if (this.#options.isExport) addFilled(entry, 'vars', this.groupVars(group));
      if (entry.size === 0) formatted.delete(group.name);
      return formatted;
    };
    for (const [name, entry] of format(this.#inventory.groups.get('all')!)) listing.set(name, entry);
    return listing;
  }

  /** The variables of a host: all that it sees or, for an export, its own. */
  hostVars(host: Host): Dict {
    const { isExport, extraVars } = this.#options;
    if (isExport) return withoutInternal(this.#ownVars(host));
    const vars = hostVariables(this.#from, host);
    if (extraVars.size === 0) return withoutInternal(vars);
    return withoutInternal(
      this.#inventory.options.mergesHashes ? mergeDicts(vars, extraVars) : new Map([...vars, ...extraVars]),
    );
  }

  groupVars(group: Group): Dict {
    return withoutInternal(groupVariables(this.#from, group));
  }

  #ownVars(host: Host): Dict {
    const { varsFiles, sources, inventory, playbookDirs } = this.#from;
    const groupless: VariableSources = {
      varsFiles,
      sources,
      inventory,
      precedence: [],
      ...(playbookDirs && { playbookDirs }),
    };
    return hostVariables(groupless, host);
  }

  #hosts(group: Group): Host[] {
    return [...group.hosts].filter((host) => this.#isListed(host));
  }

  #isListed(host: Host): boolean {
    return this.#options.limit?.has(host) ?? true;
  }

  #once(host: Host, seen: Set<Host>): Dict {
    if (seen.has(host)) return new Map();
    seen.add(host);
    // A dict of its own for everyone, since YAML shows what is shared as an alias.
    return new Map(this.hostVars(host));
  }
}

const addFilled = (entry: Dict, key: string, value: Value[] | Dict): void => {
  if (value instanceof Map ? value.size > 0 : value.length > 0) entry.set(key, value);
};

const withoutInternal = (vars: Dict): Dict => {
  for (const name of internal) {
    if (vars.has(name)) return new Map([...vars].filter(([key]) => !internal.has(String(key))));
  }
  return vars;
};

/**
 * A value for JSON output: encrypted text as `{"__ansible_vault": …}`, and text that would be taken for a template but is
 * none as `{"__ansible_unsafe": …}`, so that reading it again gives the same.
 */
export const withMarks = (value: Value): Value => {
  if (value instanceof VaultText) return new Map([['__ansible_vault', value.ciphertext]]);
  if (value instanceof Template) return value.source;
  if (typeof value === 'string') return Template.needed(value) ? new Map([['__ansible_unsafe', value]]) : value;
  if (Array.isArray(value)) return value.map(withMarks);
  // JSON has no sets.
  if (value instanceof Set) return [...value].map(withMarks);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, withMarks(item)]));
  return value;
};
