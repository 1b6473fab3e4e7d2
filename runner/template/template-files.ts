import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { templateError } from './python/index.ts';

/** A template found by its name. */
export interface TemplateFile {
  readonly path: string;
  readonly text: string;
}

/** The first of the names that is a file in one of the folders. Throws a TemplateError of kind `notfound`. */
export const findTemplate = (names: readonly string[], folders: readonly string[]): TemplateFile => {
  for (const name of names) {
    const parts = name.split('/').filter((part) => part !== '' && part !== '.');
    // A template cannot reach outside of its folders.
    if (parts.length === 0 || parts.includes('..')) continue;
    for (const folder of folders) {
      const path = join(folder, ...parts);
      const text = read(path);
      if (text !== undefined) return { path, text };
    }
  }
  const wanted = names.map((name) => `'${name}'`).join(' nor ');
  const where = folders.length === 0 ? 'no folder is searched' : `searched in: ${folders.join(', ')}`;
  throw templateError('notfound', `there is no template ${wanted}`, where);
};

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};
