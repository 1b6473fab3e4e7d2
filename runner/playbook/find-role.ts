import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { didYouMean, type Origin } from '../errors/index.ts';
import { isFullName } from './collections.ts';
import { isDirectory } from './loading.ts';
import type { LoadScope } from './scope.ts';

export interface FoundRole {
  readonly name: string;
  readonly path: string;
  readonly collection: string | undefined;
}

/**
 * The folder of a role: by its full name or in `collections`, then in `roles` beside the playbook, in roles_path, beside
 * the role that needs it, beside the playbook, and as a path. What is not found is reported.
 */
export const findRole = (
  name: string,
  collections: readonly string[],
  scope: LoadScope,
  origin: Origin,
): FoundRole | undefined => {
  const { loading } = scope;
  if (isFullName(name)) {
    const found = scope.collections.findRole(name);
    if (found) return { ...found, name: `${found.collection}.${found.name}` };
  }
  for (const collection of collections) {
    const found = scope.collections.findRole(`${collection}.${name}`);
    if (found) return { ...found, name: `${found.collection}.${found.name}` };
  }
  const folders = roleFolders(scope);
  for (const folder of folders) {
    const path = resolve(folder, expandHome(name));
    if (isDirectory(path)) return { name, path, collection: undefined };
  }
  const path = resolve(expandHome(name));
  if (isDirectory(path)) return { name: basename(name), path, collection: undefined };
  loading.report({
    message: `cannot find the role '${name}'`,
    origin,
    hint:
      didYouMean(name, folders.slice(0, -1).flatMap(rolesIn)) ?? `looked in ${[...collections, ...folders].join(', ')}`,
    isMissing: true,
  });
  return undefined;
};

const roleFolders = ({ loading, play, role }: LoadScope): string[] => {
  const playbook = dirname(play.file);
  return [
    ...new Set([
      join(playbook, 'roles'),
      ...loading.context.config.rolesPath.map(expandHome),
      ...(role ? [dirname(role.path)] : []),
      playbook,
    ]),
  ];
};

const expandHome = (path: string): string => (path.startsWith('~/') ? homedir() + path.slice(1) : path);

const rolesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};
