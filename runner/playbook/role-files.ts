import { readdirSync } from 'node:fs';
import { extname, join, relative, resolve } from 'node:path';
import type { Origin } from '../errors/index.ts';
import type { Dict, Value } from '../values/index.ts';
import { kindOf } from './check-value.ts';
import { exists, isDirectory, isFile, type Loading } from './loading.ts';
import { copyOrigins, originOf } from './yaml/index.ts';

const endings = ['.yml', '.yaml', '.json'];

/**
 * The files that a folder of a role has for an entry point: `main`, or the name that was asked for, with one of the usual
 * endings. For variables it may be a folder of files. Undefined when there is none.
 */
export const findRoleFiles = (
  role: string,
  folder: string,
  from: string | undefined,
  mayBeFolder = false,
): string[] | undefined => {
  const base = join(role, folder);
  if (!isDirectory(base)) return undefined;
  for (const ending of from === undefined ? [...endings, ''] : ['', ...endings]) {
    const path = resolve(base, (from ?? 'main') + ending);
    if (!exists(path) || leavesRole(base, path)) continue;
    if (!isDirectory(path)) return [path];
    if (mayBeFolder) return filesBelow(path);
  }
  return undefined;
};

/** Whether a path like `../x`, or an absolute one, leads out of a folder of a role. */
const leavesRole = (base: string, path: string): boolean => /^\.\.(\/|$)/.test(relative(base, path));

const filesBelow = (folder: string): string[] =>
  readdirSync(folder)
    .sort()
    .filter((name) => !name.startsWith('.') && !name.endsWith('~'))
    .flatMap((name) => {
      const path = join(folder, name);
      const ending = extname(name);
      if (isDirectory(path)) return ending === '' ? filesBelow(path) : [];
      return isFile(path) && (ending === '' || endings.includes(ending)) ? [path] : [];
    });

/** The variables in a role's `vars` or `defaults`. */
export const readRoleVars = (
  loading: Loading,
  path: string,
  folder: 'vars' | 'defaults',
  from: string | undefined,
  origin: Origin,
): Dict => {
  const files = findRoleFiles(path, folder, from, true);
  if (files === undefined) {
    if (from !== undefined) reportMissing(loading, path, folder, from, origin);
    return new Map();
  }
  const maps: Dict[] = [];
  for (const file of files) {
    const value: Value | undefined = loading.read(file);
    if (value === undefined || value === null) continue;
    if (value instanceof Map) maps.push(value);
    else {
      loading.report({
        message: `the file is ${kindOf(value)}`,
        origin: originOf(value) ?? { file, line: 1, column: 1 },
        expected: 'a mapping of variables',
      });
    }
  }
  if (maps.length === 1) return maps[0]!;
  const all: Dict = new Map(maps.flatMap((map) => [...map]));
  for (const map of maps) copyOrigins(map, all);
  return all;
};

/** Tells that `tasks_from` and its kind name nothing. */
export const reportMissing = (loading: Loading, path: string, folder: string, from: string, origin: Origin): void => {
  const base = join(path, folder);
  const target = resolve(base, from);
  if (leavesRole(base, target)) {
    loading.report({
      message: `cannot take '${target}' from the role, as it is not inside the expected role path: '${base}'`,
      origin,
      expected: `the name of a file below ${base}`,
    });
    return;
  }
  loading.report({
    message: `the role has no file '${folder}/${from}'`,
    origin,
    hint: `looked in ${base}`,
    isMissing: true,
  });
};
