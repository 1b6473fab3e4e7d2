import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import picomatch from 'picomatch';
import type { Directive, Line, Section } from 'ssh-config';
import { SourceError } from '../../errors/index.ts';
import { type ConfigQuery, matches } from './match.ts';
import { matchesAny } from './patterns.ts';

/** A parsed ssh_config file. */
export interface ConfigFile {
  readonly path: string;
  readonly lines: readonly Line[];
}

export type ParseConfig = (text: string) => readonly Line[];

/** Reads an ssh_config file; undefined when there is none or it may not be read. */
export const readConfigFile = (path: string, parse: ParseConfig): ConfigFile | undefined => {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  try {
    return { path, lines: parse(text) };
  } catch (error) {
    throw new SourceError(
      { message: `${path} is no valid ssh configuration: ${(error as Error).message}` },
      { cause: error },
    );
  }
};

const deepestInclude = 16;

/** Adds to a query's options those of a file that hold for it, in order, with the files that it includes. Throws SourceError. */
export const readOptions = (
  file: ConfigFile,
  query: ConfigQuery,
  load: (path: string) => ConfigFile | undefined,
  depth = 0,
): void => {
  if (depth > deepestInclude) throw new SourceError({ message: `${file.path}: too many nested Include lines` });
  const visit = (lines: readonly Line[]): void => {
    for (const line of lines) {
      if (!('param' in line)) continue;
      const name = line.param.toLowerCase();
      if ('config' in line) {
        if (applies(file, line, query)) visit(line.config);
      } else if (name === 'include') {
        for (const pattern of wordsOf(line)) {
          for (const path of includedFiles(pattern, file.path)) {
            const included = load(path);
            if (included) readOptions(included, query, load, depth + 1);
          }
        }
      } else {
        query.options.add([[name, textOf(line)]]);
      }
    }
  };
  visit(file.lines);
};

const wordsOf = ({ value }: Directive): string[] =>
  typeof value === 'string' ? value.split(/\s+/) : value.map(({ val }) => val);

/** The value as one text, words with spaces in quotes. */
const textOf = ({ value }: Directive): string =>
  typeof value === 'string' ? value : value.map(({ val, quoted }) => (quoted ? `"${val}"` : val)).join(' ');

const applies = (file: ConfigFile, section: Section, query: ConfigQuery): boolean => {
  const words = wordsOf(section);
  return section.param.toLowerCase() === 'host' ? matchesAny(words, query.name) : matches(file.path, words, query);
};

const includedFiles = (pattern: string, from: string): string[] => {
  const home = homedir();
  const expanded = pattern.replace(/^~(?=\/|$)/, home);
  const base = from.startsWith('/etc/') ? '/etc/ssh' : join(home, '.ssh');
  const path = isAbsolute(expanded) ? expanded : join(base, expanded);
  return /[*?[]/.test(path) ? expandGlob(path) : [path];
};

/** The files that a pattern means, in order. */
const expandGlob = (pattern: string): string[] => {
  const directory = dirname(pattern);
  const directories = /[*?[]/.test(directory) ? expandGlob(directory) : [directory];
  const isMatch = picomatch(pattern.slice(directory.length + 1));
  return directories.flatMap((parent) => {
    try {
      return readdirSync(parent)
        .filter((name) => isMatch(name))
        .sort()
        .map((name) => join(parent, name));
    } catch {
      return [];
    }
  });
};
