import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { tuple, typeName, type Value } from '../../values/index.ts';
import { defineFilter, type Filter } from '../define.ts';
import { glob } from '../glob.ts';
import { homeOf } from '../home.ts';
import { typeError } from '../python/index.ts';
import { isText, text } from './support.ts';

const pathText = (value: Value): string => {
  if (!isText(value)) throw typeError(`expected str, bytes or os.PathLike object, not ${typeName(value)}`);
  return text(value);
};

const baseName = (value: string): string => value.slice(value.lastIndexOf('/') + 1);

const dirName = (value: string): string => {
  const head = value.slice(0, value.lastIndexOf('/') + 1);
  return /^\/*$/.test(head) ? head : head.replace(/\/+$/, '');
};

const join = (parts: readonly string[]): string => {
  let joined = parts[0] ?? '';
  for (const part of parts.slice(1)) {
    if (part.startsWith('/')) joined = part;
    else joined += joined === '' || joined.endsWith('/') ? part : `/${part}`;
  }
  return joined;
};

// A dot that begins a name begins no extension.
const splitExtension = (value: string): Value => {
  const found = /^(.*?[^/])(\.[^./]*)$/s.exec(value);
  const isHidden =
    found === null || /(?:^|\/)\.*$/.test(found[1]!.replace(/[^/]*$/, (name) => (/^\.*$/.test(name) ? name : 'x')));
  return tuple(isHidden ? [value, ''] : [found[1]!, found[2]!]);
};

/** Python's os.path.expanduser: `~` and `~name` at the start. */
export const expandUser = (value: string): string =>
  value.replace(/^~([^/]*)/, (whole, name: string) => {
    const home = name === '' ? (process.env.HOME ?? homedir()) : homeOf(name);
    return home === undefined ? whole : home.replace(/\/+$/, '') || '/';
  });

const expandVariables = (value: string): string =>
  value.replace(/\$(?:(\w+)|\{([^}]*)\})/g, (whole, plain, braced) => process.env[plain ?? braced] ?? whole);

// As os.path.realpath: what does not exist stays as it is.
const realPath = (value: string): string => {
  const absolute = path.resolve(value);
  try {
    return realpathSync(absolute);
  } catch {
    const parent = path.dirname(absolute);
    return parent === absolute ? absolute : path.join(realPath(parent), path.basename(absolute));
  }
};

const relativePath = (value: string, start: string): string => path.relative(start, value) || '.';

const splitDrive = (value: string): [string, string] => {
  const isShare = /^[\\/]{2}/.test(value);
  const share = isShare ? /^[\\/]{2}[^\\/]*(?:[\\/][^\\/]*)?/.exec(value)![0] : '';
  const drive = isShare ? share : value[1] === ':' ? value.slice(0, 2) : '';
  return [drive, value.slice(drive.length)];
};

const windowsParts = (value: string): [string, string] => {
  const [drive, rest] = splitDrive(value);
  const cut = Math.max(rest.lastIndexOf('/'), rest.lastIndexOf('\\')) + 1;
  const head = rest.slice(0, cut);
  return [drive + (head.replace(/[\\/]+$/, '') || head), rest.slice(cut)];
};

const commonPath = (paths: readonly string[]): string => {
  const [first = [], ...others] = paths.map((one) => one.split('/').filter((part) => part !== '' && part !== '.'));
  const differs = first.findIndex((part, index) => others.some((other) => other[index] !== part));
  return (
    (paths[0]?.startsWith('/') ? '/' : '') +
    (differs === -1 ? first.slice(0, shortest(first, others)) : first.slice(0, differs)).join('/')
  );
};

const shortest = (first: readonly string[], others: readonly (readonly string[])[]): number =>
  Math.min(first.length, ...others.map(({ length }) => length));

const normalize = (value: string): string => {
  const normal = path.posix.normalize(value);
  const trimmed = normal.length > 1 ? normal.replace(/\/+$/, '') : normal;
  return /^\/\/(?!\/)/.test(value) ? `/${trimmed}` : trimmed || '.';
};

const definePath = (names: string, change: (value: string) => Value): Filter =>
  defineFilter(names, 'path', (_, value) => change(pathText(value)));

/** Filters of paths: the controller's, and Windows'. */
export const paths: readonly Filter[] = [
  definePath('basename', baseName),
  definePath('dirname', dirName),
  definePath('expanduser', expandUser),
  definePath('expandvars', expandVariables),
  definePath('realpath', realPath),
  definePath('splitext', splitExtension),
  definePath('normpath', normalize),
  definePath('win_basename', (value) => windowsParts(value)[1]),
  definePath('win_dirname', (value) => windowsParts(value)[0]),
  definePath('win_splitdrive', (value) => tuple(splitDrive(value))),
  definePath('fileglob', (value) => glob(value)),
  defineFilter('relpath', 'path, start=None', (_, value, start) =>
    relativePath(pathText(value), start === null ? '.' : pathText(start)),
  ),
  defineFilter('commonpath', 'paths', (_, value: Value) => {
    if (!Array.isArray(value)) throw typeError(`|commonpath expects sequence, got ${typeName(value)} instead.`);
    return commonPath(value.map(pathText));
  }),
  defineFilter('path_join', 'paths', (_, value: Value) => {
    if (isText(value)) return text(value);
    if (!Array.isArray(value))
      throw typeError(`|path_join expects string or sequence, got <class '${typeName(value)}'> instead.`);
    if (value.length === 0) throw typeError("join() missing 1 required positional argument: 'a'");
    return join(value.map(pathText));
  }),
];
