import { tuple, typeName, type Value } from '../../../values/index.ts';
import { defined, typeError, valueError } from '../errors.ts';
import { wholeArgument } from '../integers.ts';
import { iterate } from '../sequences.ts';
import type { TextMethod } from './text-case.ts';
import { textArgument } from './text-search.ts';

const limitOf = (value: Value): number => {
  const limit = wholeArgument(value);
  return limit < 0 ? Number.POSITIVE_INFINITY : limit;
};

const separatorOf = (value: Value): string => {
  const separator = textArgument(value);
  if (separator === '') throw valueError('empty separator');
  return separator;
};

/** Python's str.split(). */
export const split = (text: string, separator: Value, maxsplit: Value): string[] => {
  const limit = limitOf(maxsplit);
  if (separator === null) {
    const parts: string[] = [];
    let rest = text.replace(/^[\s\x1c-\x1f\x85]+/, '');
    while (rest !== '' && parts.length < limit) {
      const gap = /[\s\x1c-\x1f\x85]+/.exec(rest);
      if (gap === null) break;
      parts.push(rest.slice(0, gap.index));
      rest = rest.slice(gap.index + gap[0].length);
    }
    return rest === '' ? parts : [...parts, rest];
  }
  const parts = text.split(separatorOf(separator));
  if (parts.length <= limit + 1) return parts;
  return [...parts.slice(0, limit), parts.slice(limit).join(separator as string)];
};

const rsplit = (text: string, separator: Value, maxsplit: Value): string[] => {
  const limit = limitOf(maxsplit);
  if (separator === null) {
    const reversed = split([...text].reverse().join(''), null, maxsplit);
    return reversed.reverse().map((part) => [...part].reverse().join(''));
  }
  const parts = text.split(separatorOf(separator));
  if (parts.length <= limit + 1) return parts;
  const kept = parts.length - limit;
  return [parts.slice(0, kept).join(separator as string), ...parts.slice(kept)];
};

const lineEnd = /\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]/g;

/** Python's str.splitlines(). */
export const splitLines = (text: string, keepEnds = false): string[] => {
  const lines: string[] = [];
  let start = 0;
  for (const match of text.matchAll(lineEnd)) {
    const end = match.index + match[0].length;
    lines.push(text.slice(start, keepEnds ? end : match.index));
    start = end;
  }
  if (start < text.length) lines.push(text.slice(start));
  return lines;
};

const partition = (self: string, separator: Value): Value => {
  const wanted = separatorOf(separator);
  const at = self.indexOf(wanted);
  return tuple(at === -1 ? [self, '', ''] : [self.slice(0, at), wanted, self.slice(at + wanted.length)]);
};

const rpartition = (self: string, separator: Value): Value => {
  const wanted = separatorOf(separator);
  const at = self.lastIndexOf(wanted);
  return tuple(at === -1 ? ['', '', self] : [self.slice(0, at), wanted, self.slice(at + wanted.length)]);
};

const join = (self: string, items: Value): string => {
  if (items === null || typeof items === 'number') throw typeError('can only join an iterable');
  const parts: string[] = [];
  for (const item of iterate(items)) {
    defined(item);
    if (typeof item !== 'string') {
      throw typeError(`sequence item ${parts.length}: expected str instance, ${typeName(item)} found`);
    }
    parts.push(item);
  }
  return parts.join(self);
};

/** Texts from one, and one from many. */
export const splitMethods: readonly TextMethod[] = [
  ['join', 'iterable', join],
  ['partition', 'sep', partition],
  ['rpartition', 'sep', rpartition],
  ['rsplit', 'sep=None, maxsplit=-1', rsplit],
  ['split', 'sep=None, maxsplit=-1', split],
  ['splitlines', 'keepends=False', (self, keepEnds: Value) => splitLines(self, wholeArgument(keepEnds) !== 0)],
];
