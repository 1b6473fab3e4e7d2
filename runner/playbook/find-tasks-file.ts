import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { isFile } from './loading.ts';
import type { LoadScope } from './scope.ts';

/**
 * The file that an include or import means: looked for beside the files that led here, in the role's folders and beside
 * the playbook. A dynamic include looks into the role's folder first, a static one into that of the including file.
 */
export const findTasksFile = (
  name: string,
  scope: Pick<LoadScope, 'role' | 'play' | 'isHandler' | 'includedFrom'>,
  how: 'import' | 'include',
): { file: string | undefined; tried: readonly string[] } => {
  const path = name.startsWith('~') ? homedir() + name.slice(1) : name;
  const tried = isAbsolute(path) ? [path] : [...new Set(foldersFor(scope, how).map((folder) => resolve(folder, path)))];
  return { file: tried.find(isFile), tried };
};

const foldersFor = (
  { role, play, isHandler, includedFrom }: Pick<LoadScope, 'role' | 'play' | 'isHandler' | 'includedFrom'>,
  how: 'import' | 'include',
): string[] => {
  const kind = isHandler ? 'handlers' : 'tasks';
  const playbook = dirname(play.file);
  const beside = includedFrom.map((file) => dirname(file));
  if (role === undefined) return [...beside, playbook];
  const inRole = [join(role.path, kind), join(role.path, 'tasks'), role.path];
  const near = beside.flatMap((folder) => [join(folder, kind), folder]);
  const nearFirst = how === 'import' ? [...near, ...inRole] : [join(role.path, kind), ...near, ...inRole];
  const others = role.dependents.toReversed().map(({ path }) => join(path, kind));
  return [...nearFirst, ...others, join(playbook, kind), playbook];
};
