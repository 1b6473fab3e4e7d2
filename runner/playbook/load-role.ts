import type { Origin } from '../errors/index.ts';
import { type Dict, toRepr, type Value } from '../values/index.ts';
import { argumentCheck, readArgumentSpec } from './argument-specs.ts';
import { type FoundRole, findRole } from './find-role.ts';
import { readTasks } from './import-tasks.ts';
import { loadRoleEntries } from './role-entries.ts';
import { findRoleFiles, readRoleVars, reportMissing } from './role-files.ts';
import { type RoleMeta, readRoleMeta } from './role-meta.ts';
import { type Building, collectionsAt, type LoadScope, makeBlock, noKeywords } from './scope.ts';
import type { BlockNode, Keywords, RoleNode } from './tree.ts';

/** How a role is used at one place. */
export interface RoleUse {
  readonly name: string;
  readonly origin: Origin;
  /** `vars` given with it. */
  readonly vars: Dict;
  readonly params: Dict;
  readonly keywords: Keywords;
  /** The entry points other than `main`. */
  readonly from: Readonly<Record<'tasks' | 'vars' | 'defaults' | 'handlers', string | undefined>>;
  /** Undefined: as its meta file says. */
  readonly allowDuplicates: boolean | undefined;
  readonly isPublic: boolean;
  /** Whether its arguments are checked. */
  readonly validates: boolean;
  readonly dependents: readonly RoleNode[];
  /** It is brought in by a task and not by `roles` or a dependency. */
  readonly isInclude: boolean;
}

const deepestDependency = 50;

/** Loads a role into the block that stands for it; undefined when there is none, which is reported. */
export const fillRole = (block: Building<BlockNode>, use: RoleUse, scope: LoadScope): RoleNode | undefined => {
  const { loading } = scope;
  const searched = use.isInclude ? collectionsAt(scope, use.keywords.get('collections')) : roleCollections(scope);
  const found = findRole(use.name, searched, scope, use.origin);
  if (found === undefined) return undefined;
  if (use.dependents.length > deepestDependency || isLoop(use, found)) {
    const chain = [...use.dependents.map(({ name }) => name), found.name].join(' -> ');
    loading.report({ message: `roles depend on each other in a circle: ${chain}`, origin: use.origin });
    return undefined;
  }
  const meta = readRoleMeta(loading, found);
  const role = makeRole(use, found, meta, loading);
  block.role = role;
  const inner: LoadScope = { ...scope, parent: block, role, includedFrom: [], isHandler: false };
  const dependencies = loadRoleEntries(meta.dependencies, { ...inner, file: meta.file ?? scope.file });
  role.dependencies = dependencies.flatMap((each) => (each.role ? [each.role] : []));
  role.argumentSpec = readArgumentSpec(loading, found.path, meta, use.from.tasks ?? 'main');
  const files = findRoleFiles(found.path, 'tasks', use.from.tasks);
  if (files === undefined && use.from.tasks !== undefined) {
    reportMissing(loading, found.path, 'tasks', use.from.tasks, use.origin);
  }
  block.file = files?.[0] ?? block.file;
  const tasks = files ? readTasks(files[0]!, { ...inner, file: files[0]! }) : [];
  const check = use.validates && role.argumentSpec ? [makeCheck(role, use.from.tasks ?? 'main', inner)] : [];
  block.block = [...dependencies, ...check, ...tasks];
  role.handlers = loadHandlers(use, found, inner);
  return role;
};

/** The same role below itself, used in the same way: it would go on for ever. */
const isLoop = (use: RoleUse, { path }: FoundRole): boolean =>
  !use.isInclude && use.dependents.some((role) => role.path === path);

const makeRole = (
  use: RoleUse,
  found: FoundRole,
  meta: RoleMeta,
  loading: LoadScope['loading'],
): Building<RoleNode> => {
  const vars = readRoleVars(loading, found.path, 'vars', use.from.vars, use.origin);
  return {
    name: found.name,
    identity: identityOf(use, found),
    collection: found.collection,
    path: found.path,
    defaults: readRoleVars(loading, found.path, 'defaults', use.from.defaults, use.origin),
    vars: use.vars.size === 0 ? vars : new Map([...use.vars, ...vars]),
    params: use.params,
    allowDuplicates: use.allowDuplicates ?? meta.allowDuplicates,
    isPublic: use.isPublic,
    handlers: [],
    dependencies: [],
    dependents: [...use.dependents],
    argumentSpec: undefined,
    collections: ownCollections(found, meta),
  };
};

/** Where the tasks of a role look for modules: its own collection, those of its meta file, and the builtin ones. */
const ownCollections = ({ collection }: FoundRole, meta: RoleMeta): string[] => {
  const names = [...new Set([...(collection ? [collection] : []), ...meta.collections])];
  if (names.length > 0 && !names.includes('ansible.builtin') && !names.includes('ansible.legacy')) {
    names.push(collection ? 'ansible.builtin' : 'ansible.legacy');
  }
  return names;
};

/** Where roles named in `roles` and in dependencies are searched: the collection of the role that needs them first. */
const roleCollections = (scope: LoadScope): readonly string[] => {
  const { role } = scope;
  return role ? role.collections : collectionsAt(scope, undefined);
};

const identityOf = (use: RoleUse, { name }: FoundRole): string => {
  const parts: Value[] = [
    use.params,
    use.vars,
    use.keywords.get('when') ?? null,
    use.keywords.get('tags') ?? null,
    Object.values(use.from).map((part) => part ?? null),
    use.isInclude,
  ];
  return `${name} ${toRepr(parts)}`;
};

const makeCheck = (role: RoleNode, entryPoint: string, scope: LoadScope): BlockNode => {
  const block = makeBlock(scope, noKeywords(), { file: scope.file, line: 1, column: 1 }, { isImplicit: true });
  block.block = [argumentCheck(role, entryPoint, block)];
  return block;
};

const loadHandlers = (use: RoleUse, found: FoundRole, scope: LoadScope): BlockNode[] => {
  const files = findRoleFiles(found.path, 'handlers', use.from.handlers);
  if (files === undefined) {
    if (use.from.handlers !== undefined) {
      reportMissing(scope.loading, found.path, 'handlers', use.from.handlers, use.origin);
    }
    return [];
  }
  const file = files[0]!;
  return readTasks(file, { ...scope, file, isHandler: true });
};
