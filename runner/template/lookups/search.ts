import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Value } from '../../values/index.ts';
import { isVault } from '../../vault/index.ts';
import { expandUser } from '../filters/paths.ts';
import { text } from '../filters/support.ts';
import type { CallContext } from '../types.ts';
import { baseDirectory, variable } from './support.ts';

/** The folders that a task's files are looked for in, in order. */
export const searchPath = (context: CallContext): string[] => {
  const given = variable(context, 'ansible_search_path');
  if (Array.isArray(given)) return given.map((path) => resolve(text(path)));
  const role = variable(context, 'role_path');
  return [role === undefined || role === null ? baseDirectory(context) : resolve(text(role))];
};

const candidates = (context: CallContext, folder: string, name: string): string[] => {
  const isInFolder = name.split('/')[0] === folder;
  const found: string[] = [];
  for (const path of [...searchPath(context), baseDirectory(context)]) {
    const parent = dirname(path);
    if (basename(parent) === 'tasks' && existsSync(join(path, 'main.yml'))) {
      found.push(join(dirname(parent), folder, name), join(parent, name));
      continue;
    }
    if (!isInFolder) found.push(join(path, folder, name));
    found.push(join(path, name));
  }
  return found;
};

/** Where a file of the controller is: by its absolute path, or in the search path and its folders `files`, `templates`. */
export const findFile = (context: CallContext, folder: string, name: Value): string | undefined => {
  if (name === null) return undefined;
  const wanted = text(name);
  if (wanted.startsWith('/') || wanted.startsWith('~')) {
    const path = resolve(expandUser(wanted));
    return existsSync(path) ? path : undefined;
  }
  return candidates(context, folder, wanted).find((path) => existsSync(path));
};

/** A file's text, decrypted when it is a vault file. */
export const readText = ({ engine }: CallContext, path: string): string => {
  const bytes = readFileSync(path);
  return (isVault(bytes) ? engine.decrypt(bytes) : bytes).toString('utf8');
};
