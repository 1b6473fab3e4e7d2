import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { variablePrecedence } from '../config/settings/inventory.ts';
import type { Dict } from '../values/index.ts';
import { isDirectory } from './files.ts';
import type { Inventory } from './inventory.ts';
import { compareGroups, type Group, type Host, mergeDicts } from './model.ts';
import type { VarsFiles } from './vars-files.ts';

/** What a host's variables are put together from. */
export interface VariableSources {
  readonly inventory: Inventory;
  /** The inventory sources, beside which group_vars and host_vars are looked for. */
  readonly sources: readonly string[];
  readonly varsFiles: VarsFiles;
  /** The directory of the playbook, where they are looked for too. */
  readonly playbookDirs?: readonly string[];
  /** VARIABLE_PRECEDENCE: the order of the levels of group variables. */
  readonly precedence?: readonly string[];
}

/**
 * The variables of a host as the inventory and the files beside it and the playbook give them: one dict each, the
 * weakest first. Groups: `all` inline, others inline, group_vars/all beside the inventory and the playbook, group_vars
 * of others likewise; then the host itself: inline, host_vars beside the inventory, host_vars beside the playbook.
 */
export const hostLevels = (from: VariableSources, host: Host): Dict[] => {
  const levels = [...groupLevels(from, host), host.vars];
  for (const folder of folders(from)) levels.push(from.varsFiles.of(folder, 'host_vars', host.name));
  for (const folder of from.playbookDirs ?? []) levels.push(from.varsFiles.of(folder, 'host_vars', host.name));
  return levels.filter((level) => level.size > 0);
};

/** The same as one dict. With `hash_behaviour = merge` this is the only right form. */
export const hostVariables = (from: VariableSources, host: Host): Dict => combine(hostLevels(from, host), from);

/** All variables that a group itself is given, inline and in files. */
export const groupVariables = (from: VariableSources, group: Group): Dict => {
  const levels = [group.vars];
  for (const folder of [...folders(from), ...(from.playbookDirs ?? [])]) {
    levels.push(from.varsFiles.of(folder, 'group_vars', group.name));
  }
  const variables = new Map(combine(levels, from));
  if (group.priority !== 1) variables.set('ansible_group_priority', group.priority);
  return variables;
};

/** What the files beside inventory sources give a host's groups, and the host itself. */
export const adjacentGroupVars = (from: VariableSources, host: Host): Dict =>
  combine(groupFiles(from, folders(from), [...from.inventory.groupsOf(host)].sort(compareGroups)), from);
export const adjacentHostVars = (from: VariableSources, host: Host): Dict =>
  combine(
    folders(from).map((folder) => from.varsFiles.of(folder, 'host_vars', host.name)),
    from,
  );

interface KnownLevels {
  version: number;
  readonly levels: Map<string, readonly Dict[]>;
}
const knownLevels = new WeakMap<VariableSources, KnownLevels>();

// Hosts of the same groups have the same levels of group variables.
const groupLevels = (from: VariableSources, host: Host): readonly Dict[] => {
  const { version } = from.inventory;
  let known = knownLevels.get(from);
  if (known?.version !== version) {
    known = { version, levels: new Map() };
    knownLevels.set(from, known);
  }
  const key = host.groups.map(({ name }) => name).join('\0');
  let levels = known.levels.get(key);
  if (!levels) {
    levels = findGroupLevels(from, host).filter((level) => level.size > 0);
    known.levels.set(key, levels);
  }
  return levels;
};

const findGroupLevels = (from: VariableSources, host: Host): Dict[] => {
  const all = from.inventory.groups.get('all')!;
  const groups = [...from.inventory.groupsOf(host)].filter((group) => group !== all).sort(compareGroups);
  const beside = folders(from);
  const playbooks = from.playbookDirs ?? [];
  return (from.precedence ?? variablePrecedence).flatMap((level): Dict[] => {
    switch (level) {
      case 'all_inventory':
        return [all.vars];
      case 'groups_inventory':
        return groups.map(({ vars }) => vars);
      case 'all_plugins_inventory':
        return groupFiles(from, beside, [all]);
      case 'all_plugins_play':
        return groupFiles(from, playbooks, [all]);
      case 'groups_plugins_inventory':
        return groupFiles(from, beside, groups);
      case 'groups_plugins_play':
        return groupFiles(from, playbooks, groups);
      case 'plugins_by_groups':
        return groups.flatMap((group) => [
          ...groupFiles(from, beside, [group]),
          ...groupFiles(from, playbooks, [group]),
        ]);
      default:
        return [];
    }
  });
};

// A later source's files are stronger than an earlier one's, whatever the groups.
const groupFiles = ({ varsFiles }: VariableSources, directories: readonly string[], groups: readonly Group[]): Dict[] =>
  directories.flatMap((folder) => groups.map((group) => varsFiles.of(folder, 'group_vars', group.name)));

const knownFolders = new WeakMap<readonly string[], { count: number; folders: readonly string[] }>();

/** The directories of the sources; lists of hosts have none. */
export const folders = ({ sources }: Pick<VariableSources, 'sources'>): readonly string[] => {
  let known = knownFolders.get(sources);
  if (known?.count !== sources.length) {
    const found = sources
      .filter((source) => !source.includes(',') || existsSync(source))
      .map((source) => (isDirectory(source) ? source : dirname(source)));
    // Reading the same directory twice changes nothing but the time it takes, unless others come in between.
    known = { count: sources.length, folders: found.filter((folder, index) => folder !== found[index - 1]) };
    knownFolders.set(sources, known);
  }
  return known.folders;
};

const combine = (levels: readonly Dict[], { inventory }: VariableSources): Dict => {
  const filled = levels.filter((level) => level.size > 0);
  if (filled.length <= 1) return filled[0] ?? new Map();
  if (inventory.options.mergesHashes) return filled.reduce(mergeDicts);
  const combined: Dict = new Map();
  for (const level of filled) for (const [key, value] of level) combined.set(key, value);
  return combined;
};
