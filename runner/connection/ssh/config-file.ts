import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import picomatch from 'picomatch';
import type { Directive, Line, Section } from 'ssh-config';
import { SourceError } from '../../errors/index.ts';
import { starRegex } from '../../values/index.ts';
import type { SshOption } from './arguments.ts';

/** Who asks: what `Host` and `Match` look at. */
export interface ConfigQuery {
  /** The name as given, before any HostName. */
  readonly name: string;
  readonly hostName: string;
  readonly user: string;
  readonly localUser: string;
}

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

/** The options of a file that hold for a host, in order, with the files that it includes. Throws SourceError. */
export const configOptions = (
  file: ConfigFile,
  query: ConfigQuery,
  load: (path: string) => ConfigFile | undefined,
  depth = 0,
): SshOption[] => {
  if (depth > deepestInclude) throw new SourceError({ message: `${file.path}: too many nested Include lines` });
  const options: SshOption[] = [];
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
            if (included) options.push(...configOptions(included, query, load, depth + 1));
          }
        }
      } else {
        options.push([name, textOf(line)]);
      }
    }
  };
  visit(file.lines);
  return options;
};

const wordsOf = ({ value }: Directive): string[] =>
  typeof value === 'string' ? value.split(/\s+/) : value.map(({ val }) => val);

/** The value as one text, words with spaces in quotes. */
const textOf = ({ value }: Directive): string =>
  typeof value === 'string' ? value : value.map(({ val, quoted }) => (quoted ? `"${val}"` : val)).join(' ');

const applies = (file: ConfigFile, section: Section, query: ConfigQuery): boolean => {
  const words = wordsOf(section);
  return section.param.toLowerCase() === 'host' ? matchesAny(words, query.name) : matches(file, words, query);
};

/** `Match`: all its criteria must hold. */
const matches = (file: ConfigFile, words: readonly string[], query: ConfigQuery): boolean => {
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!.toLowerCase();
    const negated = word.startsWith('!');
    const criterion = negated ? word.slice(1) : word;
    if (criterion === 'all') continue;
    // There is one pass only, as for a host whose name needs no canonical form.
    if (criterion === 'canonical' || criterion === 'final') {
      if (!negated) return false;
      continue;
    }
    const subject = subjectOf(criterion, query);
    if (subject === undefined) {
      throw new SourceError({
        message: `'Match ${criterion}' in ${file.path} is not supported`,
        expected: 'Match with host, originalhost, user, localuser or all',
        hint: "name another file with ansible_ssh_common_args: '-F FILE', or use Host sections",
      });
    }
    const patterns = (words[++index] ?? '').split(',');
    if (matchesAny(patterns, subject) === negated) return false;
  }
  return true;
};

const subjectOf = (criterion: string, query: ConfigQuery): string | undefined => {
  switch (criterion) {
    case 'host':
      return query.hostName;
    case 'originalhost':
      return query.name;
    case 'user':
      return query.user;
    case 'localuser':
      return query.localUser;
  }
  return undefined;
};

/** Whether a name matches one of ssh's patterns and none of those with `!` in front. */
export const matchesAny = (patterns: readonly string[], name: string): boolean => {
  let isMatch = false;
  for (const pattern of patterns) {
    if (pattern.startsWith('!')) {
      if (matchesPattern(pattern.slice(1), name)) return false;
    } else if (!isMatch) {
      isMatch = matchesPattern(pattern, name);
    }
  }
  return isMatch;
};

// No name of a host is near that long, and an expression for more would be too large for JavaScript.
const longestPattern = 1000;

const matchesPattern = (pattern: string, name: string): boolean => {
  if (!/[*?]/.test(pattern)) return pattern.toLowerCase() === name.toLowerCase();
  if (pattern.length > longestPattern) return false;
  return starRegex(pattern, 'i').test(name);
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
