import { formatOrigin } from '../errors/index.ts';
import { originOf } from '../playbook/yaml/index.ts';
import type { Dict, Value } from '../values/index.ts';
import { folders, hostLevels, type VariableSources } from './layers.ts';
import type { Group, Host } from './model.ts';

/** A variable on one level of precedence. */
export interface VariableOrigin {
  readonly name: string;
  readonly value: Value;
  /** `group web`, `group_vars/web`, `host_vars/web1`, `host`. */
  readonly level: string;
  /** `file:line:column`, as far as it is known. */
  readonly place: string | undefined;
  /** A stronger level sets it too. */
  readonly isHidden: boolean;
  /** The mapping that it stands in, as it was read. */
  readonly source: Dict;
}

/** Every variable of a host with each level that sets it, the strongest first below a name; names sorted. */
export const hostOrigins = (from: VariableSources, host: Host): VariableOrigin[] =>
  origins(from, hostLevels(from, host), [...from.inventory.groupsOf(host)], host);

/** The same for the variables that a group itself is given. */
export const groupOrigins = (from: VariableSources, group: Group): VariableOrigin[] => {
  const directories = [...folders(from), ...(from.playbookDirs ?? [])];
  const levels = [group.vars, ...directories.map((folder) => from.varsFiles.of(folder, 'group_vars', group.name))];
  return origins(
    from,
    levels.filter(({ size }) => size > 0),
    [group],
    undefined,
  );
};

const origins = (
  from: VariableSources,
  levels: readonly Dict[],
  groups: readonly Group[],
  host: Host | undefined,
): VariableOrigin[] => {
  const names = levelNames(from, groups, host);
  const seen = new Set<string>();
  const found: VariableOrigin[] = [];
  // Where the inventory lies beside the playbooks, the same files stand on two levels.
  for (const level of new Set(levels.toReversed())) {
    for (const source of from.varsFiles.partsOf(level).toReversed()) {
      for (const [key, value] of source) {
        const name = String(key);
        const origin = originOf(source, key) ?? from.inventory.placeOf(source, key);
        const place = origin ? formatOrigin(origin) : (host?.file ?? undefined);
        found.push({ name, value, level: names.get(level) ?? 'inventory', place, isHidden: seen.has(name), source });
        seen.add(name);
      }
    }
  }
  // Sorting keeps the order of those with the same name.
  return found.sort((left, right) => (left.name < right.name ? -1 : left.name > right.name ? 1 : 0));
};

/** What the levels are called: each is the very mapping that a group, a host or a file gives. */
const levelNames = (
  from: VariableSources,
  groups: readonly Group[],
  host: Host | undefined,
): ReadonlyMap<Dict, string> => {
  const names = new Map<Dict, string>();
  const directories = [...folders(from), ...(from.playbookDirs ?? [])];
  for (const group of groups) {
    names.set(group.vars, `group ${group.name}`);
    for (const folder of directories) {
      names.set(from.varsFiles.of(folder, 'group_vars', group.name), `group_vars/${group.name}`);
    }
  }
  if (!host) return names;
  names.set(host.vars, 'host');
  for (const folder of directories)
    names.set(from.varsFiles.of(folder, 'host_vars', host.name), `host_vars/${host.name}`);
  return names;
};
