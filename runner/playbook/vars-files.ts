import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { MusterError } from '../errors/index.ts';
import { type Dict, Template, toText, type Value } from '../values/index.ts';
import { isFile, type Loading } from './loading.ts';
import type { PlayNode } from './tree.ts';

/** The file that an entry of `vars_files` names: in `vars` beside the playbook, or beside it. */
const findVarsFile = (play: Pick<PlayNode, 'file'>, name: string): string | undefined => {
  const path = name.startsWith('~/') ? homedir() + name.slice(1) : name;
  const folder = dirname(play.file);
  const tried = isAbsolute(path) ? [path] : [join(folder, 'vars', path), join(folder, path)];
  return tried.find(isFile);
};

const known = new WeakMap<PlayNode, readonly Dict[]>();

/** The variables of those `vars_files` that can be told before the run, for names of what is imported. */
export const knownVarsFiles = (loading: Loading, play: PlayNode): readonly Dict[] => {
  let files = known.get(play);
  if (files === undefined) {
    files = play.varsFiles.flatMap((entry) => readFirst(loading, play, Array.isArray(entry) ? entry : [entry]));
    known.set(play, files);
  }
  return files;
};

const readFirst = (loading: Loading, play: PlayNode, names: readonly Value[]): Dict[] => {
  for (const written of names) {
    const name = knownName(loading, play, written);
    const file = name === undefined ? undefined : findVarsFile(play, name);
    const value = file === undefined ? undefined : loading.read(file);
    if (value instanceof Map) return [value];
  }
  return [];
};

/** A name that can be worked out now; what hangs on hosts is left to the run. */
const knownName = (loading: Loading, play: PlayNode, written: Value): string | undefined => {
  if (!(written instanceof Template)) return toText(written);
  try {
    return toText(loading.context.render(written, play.vars));
  } catch (error) {
    if (error instanceof MusterError) return undefined;
    throw error;
  }
};
