import { basename, dirname, join } from 'node:path';
import { TemplateError } from '../../errors/index.ts';
import type { Dict, Value } from '../../values/index.ts';
import { defineLookup, type Lookup } from '../define.ts';
import { isText, text } from '../filters/support.ts';
import { glob } from '../glob.ts';
import type { CallContext } from '../types.ts';
import { findFile, readText, searchPath } from './search.ts';
import { lookupError, Options } from './support.ts';

/** The path of a file that has to be there. */
export const requireFile = (context: CallContext, folder: string, term: Value, message: string): string => {
  const path = findFile(context, folder, term);
  if (path !== undefined) return path;
  throw new TemplateError('lookup', {
    message: `${message}: ${text(term)}`,
    hint: `searched in: ${searchPath(context)
      .flatMap((directory) => [join(directory, folder), directory])
      .join(', ')}`,
  });
};

const file = (context: CallContext, term: Value, options: Options): string => {
  let content = readText(context, requireFile(context, 'files', term, 'could not locate file in lookup'));
  if (options.flag('lstrip', false)) content = content.replace(/^[\s\x1c-\x1f\x85]+/, '');
  return options.flag('rstrip', true) ? content.replace(/[\s\x1c-\x1f\x85]+$/, '') : content;
};

const fileGlob = (context: CallContext, term: string): string[] => {
  const name = basename(term);
  const folders =
    name === term
      ? searchPath(context).flatMap((path) => [join(path, 'files'), path])
      : [findFile(context, 'files', dirname(term))];
  for (const folder of folders) {
    const found = folder === undefined ? [] : glob(join(folder, name));
    if (found.length > 0) return found;
  }
  return [];
};

const splitOn = (value: Value, separators: RegExp): string[] => {
  if (value === null) return [];
  return isText(value)
    ? text(value).split(separators)
    : (value as Value[]).flatMap((part) => splitOn(part, separators));
};

interface Search {
  names: Value[];
  skip: boolean;
}

// What the terms of first_found ask for; the rules by which files and paths go together are Ansible's.
const readSearch = (terms: readonly Value[], options: Dict): Search => {
  const search: Search = { names: [], skip: false };
  for (const term of terms) {
    if (!isText(term) && !(term instanceof Map)) {
      if (!Array.isArray(term))
        throw lookupError(
          `Invalid term supplied, can handle string, mapping or list of strings but got: ${text(term)}`,
        );
      const inner = readSearch(term, options);
      search.names.push(...inner.names);
      search.skip = inner.skip;
      continue;
    }
    const given = new Options(term instanceof Map ? term : options);
    search.skip = given.flag('skip', false);
    const files = splitOn(given.value('files'), /[,;]/);
    const paths = splitOn(given.value('paths'), /[,:;]/);
    if (paths.length > 0) for (const path of paths) search.names.push(...files.map((name) => join(path, name)));
    else if (files.length > 0) search.names = files;
    else search.names.push(term);
  }
  return search;
};

const firstFound = (context: CallContext, terms: readonly Value[], options: Dict): Value[] => {
  const { names, skip } = readSearch(terms, options);
  // The engine says by this option that the task renders templates, includes tasks or loads variables.
  const folder = text(options.get('_subdir') ?? 'files');
  for (const name of names) {
    const path = findFile(context, folder, name);
    if (path !== undefined) return [path];
  }
  if (skip) return [];
  throw new TemplateError('lookup', {
    message: 'No file was found when using first_found.',
    hint: `searched for ${names.map((name) => text(name)).join(', ')} in ${searchPath(context).join(', ')}`,
  });
};

/** Lookups that find and read the controller's files. */
export const fileLookups: readonly Lookup[] = [
  defineLookup('file', (context, terms, options) => terms.map((term) => file(context, term, new Options(options)))),
  defineLookup('unvault', (context, terms) =>
    terms.map((term) => readText(context, requireFile(context, 'files', term, 'Unable to find file matching'))),
  ),
  defineLookup('fileglob', (context, terms) => terms.flatMap((term) => fileGlob(context, text(term)))),
  defineLookup('first_found', firstFound),
];
