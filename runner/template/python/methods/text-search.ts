import { Tuple, typeName, type Value } from '../../../values/index.ts';
import { defined, typeError, valueError } from '../errors.ts';
import { intOf } from '../integers.ts';
import { characters } from '../sequences.ts';
import type { TextMethod } from './text-case.ts';

/** The text that an argument has to be. */
export const textArgument = (value: Value): string => {
  if (typeof defined(value) !== 'string') throw typeError(`must be str, not ${typeName(value)}`);
  return value as string;
};

// The part of a text between two indices, and how many characters stand in front of it.
const part = (text: string, start: Value, stop: Value): { inside: string; before: number; isEmpty: boolean } => {
  const all = characters(text);
  const from = position(start, 0, all.length);
  const to = position(stop, all.length, all.length);
  const inside = all.slice(from, Math.max(from, to));
  return {
    inside: typeof inside === 'string' ? inside : inside.join(''),
    before: from,
    isEmpty: from > to || from > all.length,
  };
};

const position = (value: Value, fallback: number, length: number): number => {
  if (value === null) return fallback;
  const index = intOf(value);
  if (index === undefined) throw typeError('slice indices must be integers or None or have an __index__ method');
  return index < 0 ? Math.max(0, Number(index) + length) : Number(index);
};

const find =
  (search: 'indexOf' | 'lastIndexOf') =>
  (self: string, sub: Value, start: Value, stop: Value): number => {
    const wanted = textArgument(sub);
    const { inside, before, isEmpty } = part(self, start, stop);
    const index = isEmpty ? -1 : inside[search](wanted);
    return index === -1 ? -1 : before + characters(inside.slice(0, index)).length;
  };

const index =
  (search: 'indexOf' | 'lastIndexOf') =>
  (self: string, sub: Value, start: Value, stop: Value): number => {
    const found = find(search)(self, sub, start, stop);
    if (found === -1) throw valueError('substring not found');
    return found;
  };

const affix =
  (test: 'startsWith' | 'endsWith') =>
  (self: string, wanted: Value, start: Value, stop: Value): boolean => {
    const { inside, isEmpty } = part(self, start, stop);
    const choices = wanted instanceof Tuple ? [...wanted] : [wanted];
    return choices.some((choice) => {
      if (typeof defined(choice) !== 'string') {
        const name = test.toLowerCase();
        throw typeError(`${name} first arg must be str or a tuple of str, not ${typeName(choice)}`);
      }
      return !isEmpty && inside[test](choice as string);
    });
  };

const count = (self: string, sub: Value, start: Value, stop: Value): number => {
  const { inside, isEmpty } = part(self, start, stop);
  const wanted = textArgument(sub);
  if (isEmpty) return 0;
  return wanted === '' ? characters(inside).length + 1 : inside.split(wanted).length - 1;
};

const range = 'sub, start=None, end=None';

/** Where in a text something stands. */
export const searchMethods: readonly TextMethod[] = [
  ['count', range, count],
  ['endswith', 'suffix, start=None, end=None', affix('endsWith')],
  ['find', range, find('indexOf')],
  ['index', range, index('indexOf')],
  ['rfind', range, find('lastIndexOf')],
  ['rindex', range, index('lastIndexOf')],
  ['startswith', 'prefix, start=None, end=None', affix('startsWith')],
];
