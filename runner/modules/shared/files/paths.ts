import { quote, raw, type Script } from '../../../connection/index.ts';

/**
 * A path as a user wrote it, as shell that stands after `name=`: `~`, `~user` and environment variables are those of the
 * target, as they are for Ansible's arguments of type path; everything else is taken literally.
 */
export const pathWord = (path: string): Script => {
  const home = /^~[A-Za-z0-9._-]*(?=\/|$)/.exec(path)?.[0] ?? '';
  const rest = path.slice(home.length);
  const slash = home !== '' && rest !== '' ? '/' : '';
  return raw(home + slash + expandVariables(rest.slice(slash.length)));
};

const expandVariables = (text: string): string => {
  let word = '';
  let start = 0;
  for (const match of text.matchAll(/\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})/g)) {
    const name = match[1] ?? match[2]!;
    const literal = match[1] === undefined ? `\\\${${name}\\}` : `\\$${name}`;
    word += literalWord(text.slice(start, match.index)) + `"\${${name}-${literal}}"`;
    start = match.index + match[0].length;
  }
  return word + literalWord(text.slice(start));
};

const literalWord = (text: string): string => (text === '' ? '' : quote(text));

/** Python's os.path.join of two parts. */
export const joinPath = (folder: string, name: string): string => {
  if (name.startsWith('/') || folder === '') return name;
  return folder.endsWith('/') ? folder + name : `${folder}/${name}`;
};

/** Python's os.path.dirname: '' when there is no slash. */
export const folderOf = (path: string): string => {
  const end = path.lastIndexOf('/') + 1;
  const folder = path.slice(0, end);
  return /^\/+$/.test(folder) ? folder : folder.replace(/\/+$/, '');
};

/** Python's os.path.basename: '' after a trailing slash. */
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The path without slashes at its end, but for the root itself. */
export const withoutSlash = (path: string): string => (path.length > 1 ? path.replace(/(?<=[^/])\/+$/, '') : path);

/** Python's os.path.normpath. */
export const normalizePath = (path: string): string => {
  if (path === '') return '.';
  const root = path.startsWith('//') && !path.startsWith('///') ? '//' : path.startsWith('/') ? '/' : '';
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..' || (root === '' && parts.length === 0) || parts.at(-1) === '..') parts.push(part);
    else parts.pop();
  }
  return root + parts.join('/') || '.';
};
