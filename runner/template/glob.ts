import { lstatSync, readdirSync, statSync } from 'node:fs';
import { globRegex } from '../values/index.ts';

const isMagic = (part: string): boolean => /[*?[]/.test(part);

const namesIn = (directory: string): string[] => {
  try {
    return readdirSync(directory === '' ? '.' : directory);
  } catch {
    return [];
  }
};

const exists = (path: string): boolean => {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
};

const isDirectory = (path: string): boolean => {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
};

/** Whether a path leads to a regular file. */
const isFile = (path: string): boolean => {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
};

/** What a pattern of the controller's files matches, in order of names; hidden names only where the pattern has the dot. */
const globPaths = (pattern: string): string[] => {
  const parts = pattern.split('/');
  let found = [pattern.startsWith('/') ? '/' : ''];
  parts.forEach((part, index) => {
    if (part === '') return;
    const isLast = parts.slice(index + 1).every((rest) => rest === '');
    const next: string[] = [];
    for (const base of found) {
      const names = isMagic(part) ? matchingNames(base, part) : [part];
      for (const name of names) {
        const path = base + name;
        if (isLast ? exists(path) : isDirectory(path)) next.push(isLast && !pattern.endsWith('/') ? path : `${path}/`);
      }
    }
    found = next;
  });
  return found;
};

const matchingNames = (directory: string, part: string): string[] => {
  const pattern = globRegex(part);
  return namesIn(directory).filter((name) => (part.startsWith('.') || !name.startsWith('.')) && pattern.test(name));
};

/** The regular files that a pattern matches. */
export const glob = (pattern: string): string[] => globPaths(pattern).filter(isFile);
