import { readFileSync, statSync } from 'node:fs';
import { MusterError } from '../errors/index.ts';
import { globRegex, pythonRegex } from '../values/index.ts';
import { parseAddress } from './address.ts';
import { type Inventory, localNames } from './inventory.ts';
import type { Host } from './model.ts';

/** What to do about a pattern that selects nothing. */
export type PatternMismatch = 'error' | 'warning' | 'ignore';

export interface SelectOptions {
  readonly mismatch?: PatternMismatch;
  readonly warn?: (message: string) => void;
}

/**
 * One pattern, or several, taken apart: at commas or, where the whole is no host name with a port or a range, at colons.
 */
export const splitPattern = (pattern: string | readonly string[]): string[] => {
  if (typeof pattern !== 'string') return pattern.flatMap(splitPattern);
  const parts = pattern.includes(',')
    ? pattern.split(',')
    : parseAddress(pattern)
      ? [pattern]
      : (withoutOpen(pattern).match(/(?:[^\s:[\]]|\[[^\]]*\])+/g) ?? []);
  return parts.map((part) => part.trim()).filter((part) => part !== '');
};

/** Behind the last ] no bracket closes: what opens there only parts words, and need not be looked at again and again. */
const withoutOpen = (pattern: string): string => {
  const end = pattern.lastIndexOf(']') + 1;
  return pattern.slice(0, end) + pattern.slice(end).replaceAll('[', ' ');
};

/** The patterns of `--limit`, with those in the files of `@file`. */
export const readLimit = (limit: string | readonly string[]): string[] => {
  const patterns: string[] = [];
  for (const part of splitPattern(limit)) {
    if (!part.startsWith('@')) {
      patterns.push(part);
      continue;
    }
    const file = part.slice(1);
    const stats = statSync(file, { throwIfNoEntry: false });
    if (!stats) throw new MusterError(`Unable to find limit file ${file}`);
    if (!stats.isFile()) throw new MusterError(`Limit starting with "@" must be a file, not a directory: ${file}`);
    patterns.push(
      ...readFileSync(file, 'utf8')
        .split('\n')
        .map((line) => line.trim()),
    );
  }
  return patterns.filter((part) => part !== '');
};

/** The hosts that patterns select: first those of plain ones, then only those of `&`, then none of those of `!`. */
export const selectHosts = (inventory: Inventory, patterns: readonly string[], options: SelectOptions = {}): Host[] => {
  const given = patterns.filter((pattern) => pattern !== '');
  const plain = given.filter((pattern) => pattern[0] !== '!' && pattern[0] !== '&');
  let selected = new Set<Host>();
  for (const pattern of plain.length > 0 ? plain : ['all']) {
    for (const host of matchPattern(inventory, pattern, options)) selected.add(host);
  }
  for (const sign of ['&', '!']) {
    for (const pattern of given) {
      if (pattern[0] !== sign) continue;
      // A host's name may itself begin with a sign.
      const exact = inventory.hosts.get(pattern);
      if (exact) {
        selected.add(exact);
        continue;
      }
      const others = new Set(matchPattern(inventory, pattern.slice(1), options));
      selected = new Set([...selected].filter((host) => others.has(host) === (sign === '&')));
    }
  }
  return [...selected];
};

const subscripted = /^(.+)\[(?:(-?\d+)|(\d+)([:-])(\d*))\]$/s;

const matchPattern = (inventory: Inventory, pattern: string, options: SelectOptions): readonly Host[] => {
  const exact = inventory.hosts.get(pattern);
  if (exact) return [exact];
  const match = pattern[0] === '~' ? null : subscripted.exec(pattern);
  if (!match) return enumerate(inventory, pattern, options);
  const [, base = '', index, first, sign, last] = match;
  const hosts = enumerate(inventory, base, options);
  if (sign === '-') options.warn?.('Use [x:y] inclusive subscripts instead of [x-y] which has been removed');
  if (hosts.length === 0) return hosts;
  const start = Number(index ?? first);
  const end = first === undefined ? 0 : last === '' ? hosts.length - 1 : Number(last);
  // As in Ansible, an end of 0 is none: one host is meant.
  if (end !== 0) return hosts.slice(start, end + 1);
  const host = hosts.at(start);
  if (!host) throw new MusterError(`No hosts matched the subscripted pattern '${pattern}'`);
  return [host];
};

// Hosts of all groups that match and, unless it is a plain group name, all hosts that match.
const enumerate = (inventory: Inventory, pattern: string, { mismatch, warn }: SelectOptions): readonly Host[] => {
  const matches = matcher(pattern);
  const groups =
    matches === undefined
      ? [inventory.groups.get(pattern)].filter((group) => group !== undefined)
      : [...inventory.groups.values()].filter(({ name }) => matches(name));
  const found = new Set<Host>();
  for (const group of groups) for (const host of inventory.hostsOf(group)) found.add(host);
  if (groups.length === 0 || /[.?*[]|^~/.test(pattern)) {
    if (matches === undefined) {
      const host = inventory.hosts.get(pattern);
      if (host) found.add(host);
    } else {
      for (const host of inventory.hosts.values()) if (matches(host.name)) found.add(host);
    }
  }
  if (found.size === 0 && localNames.has(pattern)) {
    const localhost = inventory.host(pattern);
    if (localhost) found.add(localhost);
  }
  if (found.size === 0 && groups.length === 0 && pattern !== 'all') {
    const message = `Could not match supplied host pattern, ignoring: ${pattern}`;
    if (mismatch === 'error') throw new MusterError(message);
    if (mismatch !== 'ignore') warn?.(message);
  }
  return [...found];
};

// Undefined for a plain name, which maps find faster.
const matcher = (pattern: string): ((name: string) => boolean) | undefined => {
  if (pattern[0] !== '~' && !/[*?[]/.test(pattern)) return undefined;
  if (pattern.length > longestPattern) {
    throw new MusterError(`Invalid host list pattern: it is ${pattern.length} characters long`);
  }
  try {
    if (pattern[0] === '~') {
      const regex = pythonRegex(pattern.slice(1));
      return (name) => regex.match(name) !== undefined;
    }
    const glob = globRegex(pattern);
    return (name) => glob.test(name);
  } catch (error) {
    throw new MusterError(`Invalid host list pattern: ${pattern} (${(error as Error).message})`);
  }
};

// JavaScript finds out that an expression is too large for it only when it is used.
const longestPattern = 2000;
