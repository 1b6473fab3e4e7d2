import type { BlockNode, PlayNode, RoleNode, TaskNode } from '../playbook/tree.ts';
import type { Dict } from '../values/index.ts';
import { type Layer, StackedLayer } from './layered-scope.ts';

/** Where a scope is looked from: a host, and as much of the play and task as there is. */
export interface Viewpoint {
  readonly host: string;
  readonly play?: PlayScope | undefined;
  readonly task?: TaskNode | undefined;
}

/** What a play that is running adds to its hosts' variables. */
export interface PlayScope {
  readonly node: PlayNode;
  /** The play's `vars`, with the answers to its prompts. */
  readonly vars: Dict;
  /** The files of `vars_files`, as they were found for a host; the last is the strongest. */
  varsFiles(host: string): readonly Dict[];
  /** The roles that the whole play sees: those of `roles:`, of static imports, and of public includes that have run. */
  readonly roles: readonly RoleNode[];
}

/** The layers that hang on the place of a task in the tree, and not on a host: the same for every host and run of it. */
export interface TaskLayers {
  /** Stronger than set_fact: parameters of roles and includes. */
  readonly params: readonly Layer[];
  /** `vars` of the task and of the blocks around it, the innermost first. */
  readonly vars: readonly Layer[];
  readonly roleVars: readonly Layer[];
  readonly roleDefaults: readonly Layer[];
}

const known = new WeakMap<TaskNode, TaskLayers>();

/** The layers of a task, worked out once. */
export const taskLayers = (task: TaskNode): TaskLayers => {
  let layers = known.get(task);
  if (!layers) {
    layers = findTaskLayers(task);
    known.set(task, layers);
  }
  return layers;
};

const findTaskLayers = (task: TaskNode): TaskLayers => {
  const vars: Dict[] = [];
  const includeParams: Dict[] = [];
  for (const node of withAncestors(task)) {
    if (node.vars.size === 0) continue;
    vars.push(node.vars);
    // The vars of a dynamic include are also its parameters, which are stronger than facts that were set.
    if (node.kind === 'block') includeParams.push(...(node.includeParams ? [node.includeParams] : []));
    else if (node !== task) includeParams.push(node.vars);
  }
  const role = task.role;
  return {
    params: [...includeParams, ...(role ? roleChain(role).map(({ params }) => params) : [])].filter(hasEntries),
    vars,
    roleVars: role ? roleVarsOf(role) : [],
    roleDefaults: role ? roleDefaultsOf(role) : [],
  };
};

/** A task and what is around it, up to the play: blocks, and the dynamic includes that brought them in. */
function* withAncestors(task: TaskNode): Iterable<TaskNode | BlockNode> {
  let node: TaskNode | BlockNode = task;
  for (;;) {
    yield node;
    const parent: TaskNode | BlockNode | PlayNode | undefined = node.parent;
    if (!parent || parent.kind === 'play') return;
    node = parent;
  }
}

const hasEntries = ({ size }: Dict): boolean => size > 0;

/** The role itself and those that it is a dependency of, nearest first. */
const roleChain = (role: RoleNode): readonly RoleNode[] => [role, ...[...role.dependents].reverse()];

/** A role's vars, strongest first: its own, its dependencies', then those of the roles that need it. */
const roleVarsOf = (role: RoleNode): Dict[] =>
  [
    role.vars,
    ...allDependencies(role).map(({ vars }) => vars),
    ...role.dependents.toReversed().map(({ vars }) => vars),
  ].filter(hasEntries);

/** A role's defaults, strongest first. */
const roleDefaultsOf = (role: RoleNode): Dict[] =>
  [
    role.defaults,
    ...role.dependents.toReversed().map(({ defaults }) => defaults),
    ...allDependencies(role).map(({ defaults }) => defaults),
  ].filter(hasEntries);

const allDependencies = (role: RoleNode): readonly RoleNode[] =>
  role.dependencies.toReversed().flatMap((dependency) => [dependency, ...allDependencies(dependency)]);

/** The roles that others of these depend on, at any depth. */
export const neededRoles = (roles: readonly RoleNode[]): ReadonlySet<RoleNode> =>
  new Set(roles.flatMap(allDependencies));

/** The roles that are named or imported, and not merely needed by others: those bring theirs with them. */
export const namedRoles = (roles: readonly RoleNode[]): readonly RoleNode[] => {
  const needed = neededRoles(roles);
  return roles.filter((role) => !needed.has(role));
};

/**
 * What is found for the roles of a play is kept until there are more of them, as one layer. Where mappings of several
 * layers are merged (`apart`) it stays as many.
 */
const remembered = (find: (roles: readonly RoleNode[]) => readonly Layer[]) => {
  const found = new WeakMap<readonly RoleNode[], { readonly count: number; readonly layers: readonly Layer[] }>();
  return (roles: readonly RoleNode[], apart: boolean): readonly Layer[] => {
    let entry = found.get(roles);
    if (entry?.count !== roles.length) {
      const layers = find(roles);
      entry = { count: roles.length, layers: apart || layers.length < 2 ? layers : [new StackedLayer(layers)] };
      found.set(roles, entry);
    }
    return entry.layers;
  };
};

/** The vars of all roles of a play, strongest first: the last role wins. */
export const playRoleVars = remembered((roles) =>
  namedRoles(roles)
    .toReversed()
    .flatMap((role) => [role.vars, ...allDependencies(role).map(({ vars }) => vars)].filter(hasEntries)),
);

/** The defaults of all roles of a play, strongest first. */
export const playRoleDefaults = remembered((roles) =>
  namedRoles(roles)
    .toReversed()
    .flatMap((role) => [role.defaults, ...allDependencies(role).map(({ defaults }) => defaults)].filter(hasEntries)),
);
