import type { Dict, Value } from '../values/index.ts';

/** A host as inventory sources name it. Change it by the methods of `Inventory`. */
export class Host {
  readonly name: string;
  /** Variables set for it in the sources themselves. */
  readonly vars: Dict = new Map();
  /** The groups that name it, in the order in which they came to. */
  readonly groups: Group[] = [];
  /** localhost, when no source names it: it is in no group, and `all` does not select it. */
  readonly isImplicit: boolean;
  /** The source that named it first, and its directory. */
  readonly file: string | undefined;
  readonly directory: string | undefined;

  constructor(
    name: string,
    place: { file?: string | undefined; directory?: string | undefined } = {},
    isImplicit = false,
  ) {
    this.name = name;
    this.file = place.file;
    this.directory = place.directory;
    this.isImplicit = isImplicit;
  }
}

/** A group of hosts and other groups. */
export class Group {
  readonly name: string;
  readonly vars: Dict = new Map();
  /** The hosts that it names itself. */
  readonly hosts = new Set<Host>();
  readonly children = new Set<Group>();
  readonly parents = new Set<Group>();
  /** How far below `all` it is; deeper groups' variables are stronger. */
  depth = 0;
  /** `ansible_group_priority`: decides between groups of the same depth. */
  priority = 1;

  constructor(name: string) {
    this.name = name;
  }
}

/** Weakest first: by depth, then priority, then name. */
export const compareGroups = (left: Group, right: Group): number =>
  left.depth - right.depth || left.priority - right.priority || (left.name < right.name ? -1 : 1);

/** All groups above one. */
export const ancestorsOf = (group: Group): Set<Group> => {
  const found = new Set<Group>();
  // A set grows while it is walked, and walks what was added too.
  for (const parent of group.parents) found.add(parent);
  for (const one of found) for (const parent of one.parents) found.add(parent);
  return found;
};

/** A group and all groups below it, level by level. */
export const withDescendants = (group: Group): Set<Group> => {
  const found = new Set([group]);
  for (const one of found) for (const child of one.children) found.add(child);
  return found;
};

/** Sets a variable; with `merge`, dicts are laid into each other. */
export const setVariable = (vars: Dict, name: Value, value: Value, merge: boolean): void => {
  const before = vars.get(name);
  if (merge && before instanceof Map && value instanceof Map) vars.set(name, mergeDicts(before, value));
  else vars.set(name, value);
};

/** Both dicts in one, the right one's values stronger, dicts inside likewise merged: `hash_behaviour = merge`. */
export const mergeDicts = (left: Dict, right: Dict): Dict => {
  const merged: Dict = new Map(left);
  for (const [key, value] of right) setVariable(merged, key, value, true);
  return merged;
};
