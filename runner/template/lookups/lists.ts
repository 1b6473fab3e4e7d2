import { type Dict, systemRandom, toRepr, tuple, type Value } from '../../values/index.ts';
import { defineLookup, type Lookup } from '../define.ts';
import { choice } from '../filters/chance.ts';
import { flatten } from '../filters/flatten.ts';
import { isList, isText, text } from '../filters/support.ts';
import { iterate, truth } from '../python/index.ts';
import { asList, flattenOnce, lookupError } from './support.ts';

const nested = (terms: readonly Value[]): Value[] => {
  if (terms.length === 0) throw lookupError('with_nested requires at least one element in the nested list');
  const lists = terms.map(asList);
  let rows: Value[] = lists[0]!;
  for (const list of lists.slice(1)) rows = rows.flatMap((row) => list.map((item) => flattenOnce([row, item])));
  return rows.map((row) => flattenOnce(iterate(row)));
};

const together = (terms: readonly Value[]): Value[] => {
  if (terms.length === 0) throw lookupError('with_together requires at least one element in each list');
  const lists = terms.map(asList);
  const length = Math.max(...lists.map((list) => list.length));
  return Array.from({ length }, (_, index) =>
    flattenOnce(lists.map((list) => (index < list.length ? list[index]! : null))),
  );
};

const isSkipped = (item: Dict): boolean => (item.get('skipped') ?? false) !== false;

const expectTerms = (detail: string): never => {
  throw lookupError(`subelements lookup expects a list of two or three items, ${detail}`);
};

const subElements = (terms: readonly Value[]): Value[] => {
  if (terms.length < 2 || terms.length > 3) expectTerms('');
  const [first, path, flags = new Map()] = terms as [Value, Value, Value?];
  // What is no list is one of a single item.
  const elements = first instanceof Map || isList(first) ? first : [first];
  if (!isText(path)) expectTerms('first a dict or a list, second a string pointing to the subkey');
  if (!(flags instanceof Map))
    return expectTerms("the optional third item must be a dict with flags ('skip_missing',)");
  if (elements instanceof Map && isSkipped(elements)) return [];
  const skipMissing = truth(flags.get('skip_missing') ?? false);
  const items = elements instanceof Map ? [...elements.values()] : elements;
  return items.flatMap((item) => {
    if (!(item instanceof Map)) throw lookupError(`subelements lookup expects a dictionary, got '${text(item)}'`);
    return isSkipped(item) ? [] : pairsOf(item, text(path).split('.'), skipMissing);
  });
};

// The element comes without the list that was taken out of it.
const pairsOf = (item: Dict, path: readonly string[], skipMissing: boolean): Value[] => {
  const [key, ...rest] = path as [string, ...string[]];
  const without = (value: Dict, remaining: readonly string[]): { list: Value[]; rest: Dict } | undefined => {
    const [step, ...deeper] = remaining as [string, ...string[]];
    if (!value.has(step)) {
      if (skipMissing) return undefined;
      throw lookupError(`could not find '${step}' key in iterated item '${toRepr(value)}'`);
    }
    const found = value.get(step)!;
    if (deeper.length === 0) {
      if (!isList(found)) throw lookupError(`the key ${step} should point to a list, got '${text(found)}'`);
      const copy = new Map(value);
      copy.delete(step);
      return { list: found, rest: copy };
    }
    if (!(found instanceof Map)) {
      if (skipMissing) return undefined;
      throw lookupError(`the key ${step} should point to a dictionary, got '${text(found)}'`);
    }
    const inner = without(found, deeper);
    return inner && { list: inner.list, rest: new Map(value).set(step, inner.rest) };
  };
  const found = without(item, [key, ...rest]);
  return found ? found.list.map((member) => tuple([found.rest, member])) : [];
};

const dictItems = (term: Value): Value[] => {
  if (!(term instanceof Map)) throw lookupError('with_dict expects a dict');
  return [...term].map(
    ([key, value]) =>
      new Map<Value, Value>([
        ['key', key],
        ['value', value],
      ]),
  );
};

const cartesian = (terms: readonly Value[]): Value[] => {
  if (terms.length === 0) throw lookupError('with_cartesian requires at least one element in each list');
  return terms
    .map(asList)
    .reduce<Value[][]>((rows, list) => rows.flatMap((row) => list.map((item) => [...row, item])), [[]])
    .map((row) => flattenOnce(row));
};

/** Lookups that make lists of their terms, for loops of old. */
export const listLookups: readonly Lookup[] = [
  defineLookup('items', (_, terms) => flattenOnce(terms)),
  defineLookup('list', (_, terms) => [...terms]),
  defineLookup('dict', (_, terms) => terms.flatMap(dictItems)),
  defineLookup('indexed_items', (_, terms) => flattenOnce(terms).map((item, index) => tuple([index, item]))),
  defineLookup('nested', (_, terms) => nested(terms)),
  defineLookup('together', (_, terms) => together(terms)),
  defineLookup('subelements', (_, terms) => subElements(terms)),
  defineLookup('random_choice', (_, terms) => (terms.length === 0 ? [] : [choice(terms, systemRandom)])),
];

/** The list lookups of community.general. */
export const communityListLookups: readonly Lookup[] = [
  defineLookup('community.general.flattened flattened', (_, terms) => flatten(terms)),
  defineLookup('community.general.cartesian cartesian', (_, terms) => cartesian(terms)),
];
