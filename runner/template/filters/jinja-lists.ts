import { namedTuple, tuple, typeName, Undefined, type Value } from '../../values/index.ts';
import { defineFilter, type Filter } from '../define.ts';
import {
  add,
  defined,
  equals,
  intOf,
  isOrdered,
  iterate,
  lengthOf,
  listOf,
  missingMember,
  ownAttribute,
  templateError,
  truth,
  typeError,
  wholeArgument,
} from '../python/index.ts';
import type { Engine } from '../types.ts';
import { attributeGetter, attributesGetter, ignoreCase } from './attribute-path.ts';
import { argumentError, isText, noItems, text } from './support.ts';

const same = (value: Value): Value => value;

/** Items in Python's stable order of their keys. */
export const sortBy = (items: readonly Value[], keyFor: (item: Value) => Value, reverse = false): Value[] => {
  const keyed = items.map((item) => ({ item, key: keyFor(item) }));
  const sign = reverse ? -1 : 1;
  keyed.sort((left, right) => {
    if (isOrdered('<', left.key, right.key)) return -sign;
    return isOrdered('<', right.key, left.key) ? sign : 0;
  });
  return keyed.map(({ item }) => item);
};

const extreme = (engine: Engine, value: Value, caseSensitive: Value, attribute: Value, operator: '<' | '>'): Value => {
  const items = listOf(value);
  if (items.length === 0) return new Undefined('No aggregated item, sequence was empty.');
  const keyFor = attributeGetter(engine, attribute, { finish: truth(caseSensitive) ? same : ignoreCase });
  let best: Value = items[0]!;
  let bestKey = keyFor(best);
  for (const item of items.slice(1)) {
    const key = keyFor(item);
    if (!isOrdered(operator, key, bestKey)) continue;
    best = item;
    bestKey = key;
  }
  return best;
};

const group = (engine: Engine, value: Value, attribute: Value, fallback: Value, caseSensitive: Value): Value => {
  const keyFor = attributeGetter(engine, attribute, { fallback, finish: truth(caseSensitive) ? same : ignoreCase });
  const shownKey = attributeGetter(engine, attribute, { fallback });
  const groups: Value[] = [];
  let members: Value[] = [];
  let current: Value = null;
  for (const item of sortBy(listOf(value), keyFor)) {
    const key = keyFor(item);
    if (members.length === 0 || !equals(key, current)) {
      members = [];
      current = key;
      groups.push(namedTuple('_GroupTuple', { grouper: defined(shownKey(item)), list: members }));
    }
    members.push(item);
  }
  return groups;
};

// A size that no number of items is equal to gives all of them together, as Jinja2 has it.
const batch = (value: Value, size: Value, filler: Value): Value[] => {
  const wanted = intOf(size);
  const batches: Value[][] = [];
  let current: Value[] = [];
  for (const item of iterate(value)) {
    if (BigInt(current.length) === BigInt(wanted ?? -1)) {
      batches.push(current);
      current = [];
    }
    current.push(item);
  }
  if (current.length === 0) return batches;
  if (filler !== null) {
    const full = wholeArgument(size);
    while (current.length < full) current.push(filler);
  }
  return [...batches, current];
};

const slice = (value: Value, count: number, filler: Value): Value[] => {
  const items = listOf(value);
  if (count === 0) throw templateError('zerodivision', 'integer division or modulo by zero');
  const size = Math.floor(items.length / count);
  const longer = items.length % count;
  return Array.from({ length: count }, (_, index) => {
    const start = index * size + Math.min(index, longer);
    const part = items.slice(start, start + size + (index < longer ? 1 : 0));
    if (filler !== null && index >= longer) part.push(filler);
    return part;
  });
};

const reverse = (value: Value): Value => {
  if (isText(value)) return [...text(value)].reverse().join('');
  defined(value);
  try {
    return [...iterate(value)].reverse();
  } catch {
    throw typeError('argument must be iterable');
  }
};

const sortDict = (value: Value, caseSensitive: Value, by: Value, descending: Value): Value => {
  const position = ['key', 'value'].indexOf(text(by));
  if (position === -1) throw argumentError('You can only sort by either "key" or "value"');
  if (!(value instanceof Map)) throw noItems(defined(value));
  const finish = truth(caseSensitive) ? same : ignoreCase;
  return sortBy(pairs(value), (pair) => finish((pair as Value[])[position]!), truth(descending));
};

const pairs = (value: Value): Value[] => {
  if (!(value instanceof Map)) throw typeError('Can only get item pairs from a mapping.');
  return [...value].map((pair) => tuple(pair));
};

// An attribute, and never an item.
const attributeOf = (engine: Engine, value: Value, name: Value): Value => {
  if (value instanceof Undefined) return engine.getAttribute(value, text(name));
  if (!isText(defined(name))) throw typeError(`attribute name must be string, not '${typeName(name)}'`);
  const found = value instanceof Map ? ownAttribute(value, text(name)) : engine.getAttribute(value, text(name));
  return found ?? missingMember(value, text(name));
};

/** Jinja2's filters of lists and mappings. */
export const jinjaLists: readonly Filter[] = [
  defineFilter('attr', 'obj, name', ({ engine }, value, name) => attributeOf(engine, value, name)),
  defineFilter('first', 'seq', (_, value) => {
    for (const item of iterate(value)) return item;
    return new Undefined('No first item, sequence was empty.');
  }),
  defineFilter('last', 'seq', (_, value) => {
    const items = listOf(value);
    return items.length === 0 ? new Undefined('No last item, sequence was empty.') : items.at(-1)!;
  }),
  defineFilter('length count', 'obj', (_, value) => lengthOf(value)),
  defineFilter('list', 'value', (_, value) => listOf(value)),
  defineFilter('join', 'value, d="", attribute=None', ({ engine }, value, separator, attribute) => {
    const get = attributeGetter(engine, attribute);
    return Array.from(iterate(value), (item) => text(get(item))).join(text(separator));
  }),
  defineFilter('reverse', 'value', (_, value) => reverse(value)),
  defineFilter(
    'sort',
    'value, reverse=False, case_sensitive=False, attribute=None',
    ({ engine }, value, descending, caseSensitive, attribute) => {
      const keysFor = attributesGetter(engine, attribute, truth(caseSensitive) ? same : ignoreCase);
      return sortBy(listOf(value), (item) => keysFor(item).map(defined), truth(descending));
    },
  ),
  defineFilter('min', 'value, case_sensitive=False, attribute=None', ({ engine }, value, caseSensitive, attribute) =>
    extreme(engine, value, caseSensitive, attribute, '<'),
  ),
  defineFilter('max', 'value, case_sensitive=False, attribute=None', ({ engine }, value, caseSensitive, attribute) =>
    extreme(engine, value, caseSensitive, attribute, '>'),
  ),
  defineFilter('sum', 'iterable, attribute=None, start=0', ({ engine }, value, attribute, start) => {
    const get = attributeGetter(engine, attribute);
    if (isText(start)) throw typeError("sum() can't sum strings [use ''.join(seq) instead]");
    let sum: Value = start;
    for (const item of iterate(value)) sum = add(sum, get(item));
    return sum;
  }),
  defineFilter('batch', 'value, linecount, fill_with=None', (_, value, size, filler) => batch(value, size, filler)),
  defineFilter('slice', 'value, slices, fill_with=None', (_, value, count, filler) =>
    slice(value, wholeArgument(count), filler),
  ),
  defineFilter(
    'groupby',
    'value, attribute, default=None, case_sensitive=False',
    ({ engine }, value, attribute, fallback, caseSensitive) => group(engine, value, attribute, fallback, caseSensitive),
  ),
  defineFilter('items', 'value', (_, value: Value) => (value instanceof Undefined ? [] : pairs(value)), {
    takesUndefined: true,
  }),
  defineFilter(
    'dictsort',
    'value, case_sensitive=False, by="key", reverse=False',
    (_, value, caseSensitive, by, descending) => sortDict(value, caseSensitive, by, descending),
  ),
];
