import { type Dict, tuple, type Value } from '../../values/index.ts';
import { defineFilter, type Filter } from '../define.ts';
import { iterate, listOf, truth, typeError, valueError, wholeArgument } from '../python/index.ts';
import { flatten } from './flatten.ts';
import { text } from './support.ts';

// Picks `count` of `length` places in Python's order; `isAllowed` says which place may follow those picked.
const choose = (
  items: readonly Value[],
  count: number,
  isAllowed: (picked: readonly number[], place: number) => boolean,
): Value[] => {
  const chosen: Value[] = [];
  const pick = (picked: readonly number[]): void => {
    if (picked.length === count) {
      chosen.push(tuple(picked.map((place) => items[place]!)));
      return;
    }
    for (let place = 0; place < items.length; place++) if (isAllowed(picked, place)) pick([...picked, place]);
  };
  pick([]);
  return chosen;
};

const counted = (count: number): number => {
  if (count < 0) throw valueError('r must be non-negative');
  return count;
};

/** Every choice of one item of each list. */
export const product = (lists: readonly (readonly Value[])[]): Value[][] =>
  lists.reduce<Value[][]>((rows, list) => rows.flatMap((row) => list.map((item) => [...row, item])), [[]]);

const onlyOption = (options: Dict, name: string, filter: string): Value | undefined => {
  for (const key of options.keys())
    if (key !== name) throw typeError(`'${text(key)}' is an invalid keyword argument for ${filter}()`);
  return options.get(name);
};

const zipLongest = (lists: readonly Value[], filler: Value): Value[] => {
  const columns = lists.map(listOf);
  const length = Math.max(0, ...columns.map((column) => column.length));
  return Array.from({ length }, (_, row) =>
    tuple(columns.map((column) => (row < column.length ? column[row]! : filler))),
  );
};

const zip = (lists: readonly Value[], strict: boolean): Value[] => {
  const columns = lists.map(listOf);
  const lengths = columns.map((column) => column.length);
  const length = columns.length === 0 ? 0 : Math.min(...lengths);
  const other = lengths.findIndex((size) => size !== lengths[0]);
  if (strict && other !== -1)
    throw valueError(
      `zip() argument ${other + 1} is ${lengths[other]! < lengths[0]! ? 'shorter' : 'longer'} than argument${other === 1 ? ' 1' : `s 1-${other}`}`,
    );
  return Array.from({ length }, (_, row) => tuple(columns.map((column) => column[row]!)));
};

/** Filters that put lists together or take them apart. */
export const combinatorics: readonly Filter[] = [
  defineFilter('permutations', 'iterable, r=None', (_, value, size) => {
    const items = listOf(value);
    return choose(
      items,
      counted(size === null ? items.length : wholeArgument(size)),
      (picked, place) => !picked.includes(place),
    );
  }),
  defineFilter('combinations', 'iterable, r', (_, value, size) =>
    choose(listOf(value), counted(wholeArgument(size)), (picked, place) => place > (picked.at(-1) ?? -1)),
  ),
  defineFilter('product', '*iterables, **kwargs', (_, lists: Value[], options: Dict) => {
    const repeat = wholeArgument(onlyOption(options, 'repeat', 'product') ?? 1);
    const columns = lists.map(listOf);
    return product(Array.from({ length: repeat }, () => columns).flat()).map((row) => tuple(row));
  }),
  defineFilter('zip', '*iterables, **kwargs', (_, lists: Value[], options: Dict) =>
    zip(lists, truth(onlyOption(options, 'strict', 'zip') ?? false)),
  ),
  defineFilter('zip_longest', '*iterables, **kwargs', (_, lists: Value[], options: Dict) =>
    zipLongest(lists, onlyOption(options, 'fillvalue', 'zip_longest') ?? null),
  ),
  defineFilter('flatten', 'mylist, levels=None, skip_nulls=True', (_, value, levels, skipNulls) =>
    flatten(iterate(value), levels === null ? undefined : wholeArgument(levels), truth(skipNulls)),
  ),
];
