import { join } from 'node:path';
import { didYouMean, type Origin } from '../errors/index.ts';
import { type Dict, toText, type Value } from '../values/index.ts';
import { type Collections, isFullName } from './collections.ts';
import { keywordsOf } from './keywords.ts';
import { isLoaderAction } from './loader-actions.ts';
import { exists, type Loading } from './loading.ts';
import { insteadOf } from './refused-modules.ts';

/** What an action's name turned out to be. */
export type Resolved =
  | { readonly kind: 'module'; readonly module: string }
  | { readonly kind: 'python'; readonly path: string }
  | { readonly kind: 'removed'; readonly reason: string };

/** Where names of actions are looked up. */
export interface ActionSearch {
  readonly loading: Loading;
  readonly collections: Collections;
  /** The task's `collections`, in order. */
  readonly searched: readonly string[];
  /** Folders that may hold a `library` of modules: the playbook's and the roles'. */
  folders(): readonly string[];
}

const longestRedirect = 10;

/** The module that an action's name means: one of muster's, directly or by a collection's redirections; or a Python one. */
export const resolveAction = (name: string, search: ActionSearch): Resolved | undefined => {
  if (isLoaderAction(name)) return { kind: 'module', module: fullName(name) };
  if (isFullName(name)) return resolveFullName(name, search, 0);
  for (const collection of search.searched) {
    if (collection === 'ansible.builtin' || collection === 'ansible.legacy') continue;
    const found = resolveFullName(`${collection}.${name}`, search, 0);
    if (found !== undefined) return found;
  }
  const module = search.loading.context.resolveModule(name);
  if (module !== undefined) return { kind: 'module', module };
  return findPython(name, libraryFolders(search));
};

const fullName = (name: string): string => `ansible.builtin.${name.replace(/^ansible\.(?:builtin|legacy)\./, '')}`;

const resolveFullName = (name: string, search: ActionSearch, depth: number): Resolved | undefined => {
  const module = search.loading.context.resolveModule(name);
  if (module !== undefined) return { kind: 'module', module };
  const parts = name.split('.');
  const collection = parts.slice(0, 2).join('.');
  const short = parts.slice(2).join('.');
  if (collection === 'ansible.legacy') return findPython(short, libraryFolders(search));
  const routing = search.collections.routing(collection);
  for (const kind of ['action', 'modules']) {
    const entry = entryOf(routing, kind, short);
    if (entry === undefined) continue;
    const tombstone = entry.get('tombstone');
    if (tombstone instanceof Map) {
      return { kind: 'removed', reason: toText(tombstone.get('warning_text') ?? 'it was removed from its collection') };
    }
    const redirect = entry.get('redirect');
    if (typeof redirect !== 'string' || depth >= longestRedirect) continue;
    const found = resolveFullName(redirect, search, depth + 1);
    if (found !== undefined) return found;
  }
  const folder = search.collections.find(collection);
  if (folder === undefined) return undefined;
  return findPython(short.replaceAll('.', '/'), [join(folder, 'plugins/modules'), join(folder, 'plugins/action')]);
};

const entryOf = (routing: Dict | undefined, kind: string, name: string): Dict | undefined => {
  const section = routing?.get('plugin_routing');
  const entries = section instanceof Map ? section.get(kind) : undefined;
  const entry: Value | undefined = entries instanceof Map ? entries.get(name) : undefined;
  return entry instanceof Map ? entry : undefined;
};

const libraryFolders = ({ loading, folders }: ActionSearch): string[] => [
  ...folders().flatMap((folder) => [join(folder, 'library'), join(folder, 'action_plugins')]),
  ...(loading.context.config.modulePath ?? []),
];

const findPython = (name: string, folders: readonly string[]): Resolved | undefined => {
  if (!/^[\w/-]+$/.test(name)) return undefined;
  for (const folder of folders) {
    for (const ending of ['.py', '', '.ps1', '.sh', '.rb', '.pl']) {
      const path = join(folder, name + ending);
      if (exists(path)) return { kind: 'python', path };
    }
  }
  return undefined;
};

/** Tells what is wrong with a name that is no module. */
export const reportUnresolved = (
  loading: Loading,
  name: string,
  resolved: Resolved | undefined,
  origin: Origin,
  isHandler: boolean,
): void => {
  if (resolved?.kind === 'python') {
    loading.report({
      message: `the module '${name}' is a program of its own (${resolved.path})`,
      origin,
      hint: 'muster brings its own modules and runs none that are written for Ansible in Python; use the script or command module for it',
    });
    return;
  }
  if (resolved?.kind === 'removed') {
    loading.report({ message: `the module '${name}' is gone`, origin, hint: resolved.reason });
    return;
  }
  const rejecting = loading.context.rejecting?.(name);
  if (rejecting !== undefined) {
    loading.report({ message: `the module '${name}' must not be used`, origin, hint: `${rejecting} rejects it` });
    return;
  }
  const other = insteadOf(name);
  if (other !== undefined) {
    loading.report({ message: `the module '${name}' is not supported`, origin, hint: other });
    return;
  }
  const bare = name.split('.').at(-1)!;
  const names = new Set<string>(keywordsOf(isHandler ? 'handler' : 'task'));
  for (const module of loading.context.moduleNames()) {
    names.add(module);
    if (!name.includes('.')) names.add(module.split('.').at(-1)!);
  }
  loading.report({
    message: `'${name}' is neither a module that muster has nor a keyword of a task`,
    origin,
    hint: didYouMean(name, names) ?? sameElsewhere(bare, loading.context.moduleNames()),
  });
};

/** A module of the same short name in another collection. */
const sameElsewhere = (bare: string, names: Iterable<string>): string | undefined => {
  const same = [...names].find((name) => name.endsWith(`.${bare}`));
  return same === undefined ? undefined : `did you mean '${same}'?`;
};
