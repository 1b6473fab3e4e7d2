import { type Dict, toRepr, tuple, type Value, view } from '../../../values/index.ts';
import { findKey, hashable, setEntry } from '../comparison.ts';
import { templateError } from '../errors.ts';
import { iterate, unpack } from '../sequences.ts';
import { defineMethods, nothing } from './method.ts';

const take = (self: Dict, key: Value): Value => {
  const value = self.get(key)!;
  self.delete(key);
  return value;
};

/** Adds what Python's dict() and dict.update() take: a dict, pairs, or keywords. */
export const addEntries = (target: Dict, entries: Value | undefined, kwargs: Dict): void => {
  if (entries instanceof Map) for (const [key, value] of entries) setEntry(target, key, value);
  else if (entries !== undefined) {
    for (const pair of iterate(entries)) {
      const [key, value] = unpack(pair, 2);
      setEntry(target, key!, value!);
    }
  }
  for (const [key, value] of kwargs) target.set(key, value);
};

/** Methods of dict. */
export const dictMethods = defineMethods<Dict>([
  ['clear', '', (self) => nothing(self.clear())],
  ['copy', '', (self) => new Map(self)],
  ['fromkeys', 'iterable, value=None', (_self, keys: Value, value: Value) => fromKeys(keys, value)],
  [
    'get',
    'key, default=None',
    (self, key: Value, fallback: Value) => {
      const found = findKey(self, hashable(key));
      return found === undefined ? fallback : self.get(found)!;
    },
  ],
  ['items', '', (self) => view('dict_items', [...self].map(tuple))],
  ['keys', '', (self) => view('dict_keys', self.keys())],
  [
    'pop',
    'key, *default',
    (self, key: Value, fallback: Value[]) => {
      const found = findKey(self, hashable(key));
      if (found !== undefined) return take(self, found);
      if (fallback.length > 0) return fallback[0]!;
      throw templateError('key', toRepr(key));
    },
  ],
  [
    'popitem',
    '',
    (self) => {
      if (self.size === 0) throw templateError('key', "'popitem(): dictionary is empty'");
      const key = [...self.keys()].at(-1)!;
      return tuple([key, take(self, key)]);
    },
  ],
  [
    'setdefault',
    'key, default=None',
    (self, key: Value, fallback: Value) => {
      const found = findKey(self, hashable(key));
      if (found !== undefined) return self.get(found)!;
      self.set(key, fallback);
      return fallback;
    },
  ],
  [
    'update',
    '*entries, **kwargs',
    (self, [entries]: Value[], kwargs: Dict) => nothing(addEntries(self, entries, kwargs)),
  ],
  ['values', '', (self) => view('dict_values', self.values())],
]);

const fromKeys = (keys: Value, value: Value): Dict => {
  const made: Dict = new Map();
  for (const key of iterate(keys)) setEntry(made, key, value);
  return made;
};
