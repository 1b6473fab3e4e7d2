import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { MusterError, type Origin } from '../errors/index.ts';
import { type Dict, isEqual, textOf, typeName, type Value } from '../values/index.ts';
import { safeGroupName, type TransformGroupNames } from './group-names.ts';
import { ancestorsOf, Group, Host, setVariable, withDescendants } from './model.ts';

export interface InventoryOptions {
  /** `hash_behaviour = merge`. */
  readonly mergesHashes?: boolean;
  readonly transformGroupNames?: TransformGroupNames;
  /** Remembers where each variable stands, for those who show them. */
  readonly keepsPlaces?: boolean;
  readonly warn?: (message: string) => void;
}

/** Where a variable stands, or how to find out. */
export type Place = Origin | (() => Origin | undefined);

/** The names that mean this machine. */
export const localNames: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1']);

/** The hosts and groups of a run. Sources fill it; add_host and group_by change it while plays run. */
export class Inventory {
  readonly hosts = new Map<string, Host>();
  readonly groups = new Map<string, Group>();
  readonly options: Required<InventoryOptions>;
  /** The source that is being read, which hosts that come up now are said to come from. */
  #source: { file?: string | undefined; directory?: string | undefined } = {};
  #localhost: Host | undefined;
  // Which hosts are in a group and which groups a host is in, worked out once until something changes.
  readonly #members = new Map<Group, readonly Host[]>();
  readonly #ancestors = new Map<Group, ReadonlySet<Group>>();
  readonly #places = new WeakMap<Dict, Map<Value, Place>>();
  #version = 0;
  #structure = 0;

  constructor(options: InventoryOptions = {}) {
    this.options = {
      mergesHashes: false,
      transformGroupNames: 'never',
      keepsPlaces: false,
      warn: () => {},
      ...options,
    };
    this.addGroup('all');
    this.addGroup('ungrouped');
    this.addChildGroup('all', 'ungrouped');
  }

  /** Changes whenever hosts, groups, variables or who is in which do, so that others can keep what they worked out. */
  get version(): number {
    return this.#version;
  }

  /** Says which source the following hosts come from. */
  startSource(source: string | undefined): void {
    this.#source = source === undefined ? {} : { file: source, directory: directoryOf(source) };
  }

  /** Adds a group unless it is there. Gives the name that it got, in which characters may have been replaced. */
  addGroup(name: Value): string {
    if (typeof name !== 'string') {
      const shown = textOf(name);
      if (shown === undefined) {
        throw new MusterError(`Invalid group name supplied, expected a string but got ${typeName(name)}`);
      }
      return this.addGroup(shown);
    }
    if (name === '') throw new MusterError('Invalid empty/false group name provided');
    if (this.groups.has(name)) return name;
    const safe = safeGroupName(name, this.options.transformGroupNames, this.options.warn);
    if (!this.groups.has(safe)) {
      this.groups.set(safe, new Group(safe));
      this.#changed();
    }
    return safe;
  }

  /** Adds a host unless it is there, and to a group. */
  addHost(name: Value, groupName?: string, port?: number): Host {
    if (typeof name !== 'string') {
      throw new MusterError(`Invalid host name supplied, expected a string but got ${typeName(name)}`);
    }
    if (name === '') throw new MusterError('Invalid empty host name provided');
    const group = groupName === undefined ? undefined : this.#group(groupName);
    let host = this.hosts.get(name);
    if (!host) {
      host = new Host(name, this.#source);
      if (port !== undefined) host.vars.set('ansible_port', port);
      this.hosts.set(name, host);
      this.#changed();
      if (localNames.has(name)) this.#noteLocalhost(host);
    }
    if (group) this.addHostToGroup(host, group);
    return host;
  }

  /** Puts a host into a group. True when it was not there. */
  addHostToGroup(host: Host, group: Group): boolean {
    if (group.hosts.has(host)) return false;
    group.hosts.add(host);
    host.groups.push(group);
    this.#changed();
    return true;
  }

  /** Puts a group into another. True when it was not there. Throws when that would make a circle. */
  addChildGroup(parentName: string, childName: string): boolean {
    const parent = this.#group(parentName);
    const child = this.#group(childName);
    if (parent === child) throw new MusterError(`can't add group to itself: ${parentName}`);
    if (parent.children.has(child)) return false;
    if (this.ancestors(parent).has(child)) {
      throw new MusterError(
        `Adding group '${childName}' as child to '${parentName}' creates a recursive dependency loop.`,
      );
    }
    parent.children.add(child);
    child.parents.add(parent);
    sink(child, parent.depth + 1);
    this.#changed();
    return true;
  }

  /** Sets a variable of a group; `ansible_group_priority` is its priority instead. */
  setGroupVariable(groupName: string, name: Value, value: Value, place?: Place): void {
    const group = this.#group(groupName);
    if (name === 'ansible_group_priority') {
      const priority = Number(textOf(value) ?? value);
      if (!Number.isInteger(priority)) {
        throw new MusterError({
          message: `the ansible_group_priority of ${groupName} is no whole number`,
          expected: 'a whole number; 1 is that of all other groups',
        });
      }
      group.priority = priority;
    } else {
      setVariable(group.vars, name, value, this.options.mergesHashes);
      this.#keepPlace(group.vars, name, place);
    }
    this.#version++;
  }

  setHostVariable(host: Host, name: Value, value: Value, place?: Place): void {
    setVariable(host.vars, name, value, this.options.mergesHashes);
    this.#keepPlace(host.vars, name, place);
    this.#version++;
  }

  /** Where a variable of a host or group was set, as far as its source told and places are kept. */
  placeOf(vars: Dict, name: Value): Origin | undefined {
    const place = this.#places.get(vars)?.get(name);
    return typeof place === 'function' ? place() : place;
  }

  /** A host by name; localhost also when no source names it. */
  host(name: string): Host | undefined {
    return this.hosts.get(name) ?? (localNames.has(name) ? this.#implicitLocalhost(name) : undefined);
  }

  /** All groups that a host is in, directly or through others, `all` among them. The implicit localhost is in none. */
  groupsOf(host: Host): Set<Group> {
    const found = new Set<Group>();
    for (const group of host.groups) {
      for (const above of this.ancestors(group)) found.add(above);
      found.add(group);
    }
    return found;
  }

  /** All hosts of a group and of the groups below it, in inventory order. */
  hostsOf(group: Group): readonly Host[] {
    let members = this.#members.get(group);
    if (!members) {
      const found = new Set<Host>();
      for (const one of withDescendants(group)) for (const host of one.hosts) found.add(host);
      members = [...found].filter((host) => !host.isImplicit || group.name !== 'all');
      this.#members.set(group, members);
    }
    return members;
  }

  ancestors(group: Group): ReadonlySet<Group> {
    let ancestors = this.#ancestors.get(group);
    if (!ancestors) {
      ancestors = ancestorsOf(group);
      this.#ancestors.set(group, ancestors);
    }
    return ancestors;
  }

  /** Puts groups without a parent below `all`, and hosts without a group into `ungrouped`. Needed after changes. */
  reconcile(): void {
    this.#source = {};
    const all = this.#group('all');
    const ungrouped = this.#group('ungrouped');
    for (const group of this.groups.values()) {
      if (group !== all && group.parents.size === 0) this.addChildGroup('all', group.name);
    }
    for (const host of this.hosts.values()) {
      const hasOther = host.groups.some((group) => group !== all && group !== ungrouped);
      if (hasOther && ungrouped.hosts.has(host)) {
        ungrouped.hosts.delete(host);
        host.groups.splice(host.groups.indexOf(ungrouped), 1);
        this.#changed();
      } else if (!hasOther && !host.isImplicit) {
        this.addHostToGroup(host, ungrouped);
      }
      if (this.groups.has(host.name)) {
        this.options.warn(`Found both group and host with same name: ${host.name}`);
      }
    }
  }

  /** Adds or changes a host as `add_host` says. True when that changed anything. */
  addDynamicHost(name: string, groups: readonly string[], vars: Dict): boolean {
    const before = this.#structure;
    const host = this.addHost(name, 'all');
    let hasChanged = this.#structure !== before;
    for (const [key, value] of vars) {
      const old = host.vars.get(key);
      this.setHostVariable(host, key, value);
      if (old === undefined || !isEqual(old, host.vars.get(key)!)) hasChanged = true;
    }
    for (const group of groups) this.addHostToGroup(host, this.#group(this.addGroup(group)));
    if (this.#structure !== before) {
      hasChanged = true;
      this.reconcile();
    }
    return hasChanged;
  }

  /** Puts a host into a group below others, as `group_by` says. True when that changed anything. */
  addDynamicGroup(hostName: string, groupName: string, parents: readonly string[]): boolean {
    const host = this.host(hostName);
    if (!host) throw new MusterError(`${hostName} cannot be matched in inventory`);
    const before = this.#structure;
    const group = this.addGroup(groupName);
    for (const parent of parents) this.addChildGroup(this.addGroup(parent), group);
    this.addHostToGroup(host, this.#group(group));
    if (this.#structure === before) return false;
    this.reconcile();
    return true;
  }

  #keepPlace(vars: Dict, name: Value, place: Place | undefined): void {
    if (!this.options.keepsPlaces || place === undefined) return;
    let places = this.#places.get(vars);
    if (!places) {
      places = new Map();
      this.#places.set(vars, places);
    }
    places.set(name, place);
  }

  #group(name: string): Group {
    const group = this.groups.get(name);
    if (!group) throw new MusterError(`Could not find group ${name} in inventory`);
    return group;
  }

  #noteLocalhost(host: Host): void {
    if (!this.#localhost || this.#localhost.isImplicit) {
      this.#localhost = host;
      return;
    }
    this.options.warn(
      `A duplicate localhost-like entry was found (${host.name}). First found localhost was ${this.#localhost.name}`,
    );
  }

  #implicitLocalhost(name: string): Host {
    if (!this.#localhost) {
      this.#localhost = new Host(name, {}, true);
      this.#localhost.vars.set('ansible_python_interpreter', '/usr/bin/python3');
      this.#localhost.vars.set('ansible_connection', 'local');
    }
    return this.#localhost;
  }

  #changed(): void {
    this.#version++;
    this.#structure++;
    this.#members.clear();
    this.#ancestors.clear();
  }
}

// Makes a group at least that deep, and those below it accordingly deeper.
const sink = (group: Group, depth: number): void => {
  if (group.depth >= depth) return;
  group.depth = depth;
  for (const child of group.children) sink(child, depth + 1);
};

// A list of hosts ("a,b") has no directory.
const directoryOf = (source: string): string | undefined => {
  const stats = statSync(source, { throwIfNoEntry: false });
  if (!stats) return undefined;
  return resolve(stats.isDirectory() ? source : dirname(source));
};
