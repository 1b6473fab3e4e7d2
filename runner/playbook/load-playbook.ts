import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { Problem } from '../errors/index.ts';
import { type Dict, textOf, type Value } from '../values/index.ts';
import { kindOf } from './check-value.ts';
import { Collections, isFullName } from './collections.ts';
import type { LoadContext } from './context.ts';
import { splitArguments } from './key-value.ts';
import { loadPlay } from './load-play.ts';
import { shortAction } from './loader-actions.ts';
import { isFile, Loading, placeOf } from './loading.ts';
import { findPluginUses } from './plugin-uses.ts';
import { readKeywords } from './read-keywords.ts';
import type { PlayNode } from './tree.ts';
import { originOf } from './yaml/index.ts';

/** A playbook as far as it could be loaded, and every mistake in all the files that belong to it. */
export interface ReadPlaybook {
  readonly plays: PlayNode[];
  readonly problems: readonly Problem[];
}

/**
 * The plays of a playbook, with those of the playbooks that it imports in their place. `file` may be a playbook of a
 * collection by its full name. What has mistakes is left out, so that the rest can be checked too.
 */
export const readPlaybook = (file: string, context: LoadContext): ReadPlaybook => {
  const loading = new Loading(context, dirname(resolve(file)));
  const path = findNamed(loading, file) ?? resolve(file);
  const plays = loadFile(loading, path, [], []);
  for (const problem of plays.flatMap((play) => findPluginUses(play, context))) loading.report(problem);
  return { plays, problems: loading.problems() };
};

const findNamed = (loading: Loading, name: string): string | undefined =>
  isFullName(name) && !isFile(resolve(name)) ? new Collections(loading, [process.cwd()]).findPlaybook(name) : undefined;

const loadFile = (
  loading: Loading,
  file: string,
  imports: PlayNode['imports'],
  around: readonly string[],
): PlayNode[] => {
  const value = loading.read(file);
  if (value === undefined) return [];
  const origin = originOf(value) ?? { file, line: 1, column: 1 };
  if (!Array.isArray(value) || value.length === 0) {
    const isEmpty = value === null || (Array.isArray(value) && value.length === 0);
    loading.report({
      message: isEmpty ? 'A playbook must contain at least one play' : `the playbook is ${kindOf(value)}`,
      origin,
      expected: 'a list of plays',
      hint: value instanceof Map && value.has('hosts') ? "put '- ' in front of the play" : undefined,
    });
    return [];
  }
  loading.checkSchema('playbook', value, file);
  return value.flatMap((entry, index) => {
    if (!(entry instanceof Map)) {
      loading.report({
        message: `an entry of the playbook is ${kindOf(entry)}`,
        origin: originOf(value, index) ?? origin,
        expected: 'a play, or import_playbook',
      });
      return [];
    }
    const key = [...entry.keys()].find((name) => typeof name === 'string' && shortAction(name) === 'import_playbook');
    if (key === undefined) return [loadPlay(loading, entry, file, imports)];
    return importPlaybook(loading, entry, key as string, file, imports, around);
  });
};

const importPlaybook = (
  loading: Loading,
  entry: Dict,
  key: string,
  file: string,
  imports: PlayNode['imports'],
  around: readonly string[],
): PlayNode[] => {
  const read = readKeywords(loading, entry, 'import_playbook', file, (name) => name === key);
  const place = originOf(entry, key) ?? placeOf(entry, file);
  const written = entry.get(key)!;
  const name = readName(loading, written, read.vars, place);
  if (name === undefined) return [];
  const named = isFullName(name)
    ? new Collections(loading, [dirname(file), loading.baseDir]).findPlaybook(name)
    : undefined;
  const path = named ?? (isAbsolute(name) ? name : join(dirname(file), name));
  if (!isFile(path)) {
    loading.report({
      message: `cannot find the playbook '${name}' to import`,
      origin: place,
      hint: `looked for ${path}`,
      isMissing: true,
    });
    return [];
  }
  if (path === file || around.includes(path)) {
    loading.report({ message: `'${path}' imports itself`, origin: place });
    return [];
  }
  const statement = {
    when: (read.keywords.get('when') ?? []) as Value[],
    tags: (read.keywords.get('tags') ?? []) as Value[],
    vars: read.vars,
  };
  return loadFile(loading, path, [...imports, statement], [file, ...around]);
};

const readName = (loading: Loading, written: Value, vars: Dict, place: PlayNode['origin']): string | undefined => {
  if (textOf(written) === undefined || textOf(written)!.trim() === '') {
    loading.report({
      message: `'import_playbook' is ${kindOf(written)}`,
      origin: place,
      expected: "a playbook's file",
    });
    return undefined;
  }
  const rendered = loading.render(written, () => vars, "the playbook's name", place);
  if (rendered === undefined) return undefined;
  try {
    return splitArguments(rendered)[0]?.trim();
  } catch (error) {
    loading.reportError(error, place);
    return undefined;
  }
};
