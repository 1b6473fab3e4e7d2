import { contains, toRepr, type Value } from '../../../values/index.ts';
import { findKey, hashable, setOf } from '../comparison.ts';
import { templateError } from '../errors.ts';
import { iterate, listOf } from '../sequences.ts';
import { defineMethods, nothing } from './method.ts';

type Members = Set<Value>;

const has = (members: Value, item: Value): boolean => contains(listOf(members), item) === true;

const union = (self: Members, others: Value[]): Members => setOf([...self, ...others.flatMap(listOf)]);

const intersection = (self: Members, others: Value[]): Members =>
  setOf([...self].filter((item) => others.every((other) => has(other, item))));

const difference = (self: Members, others: Value[]): Members =>
  setOf([...self].filter((item) => !others.some((other) => has(other, item))));

const symmetric = (self: Members, other: Value): Members =>
  setOf([...difference(self, [other]), ...listOf(other).filter((item) => !has(self, item))]);

const replace = (self: Members, members: Members): null => {
  self.clear();
  for (const item of members) self.add(item);
  return null;
};

const discard = (self: Members, item: Value): boolean => {
  const found = findKey(self, hashable(item));
  return found !== undefined && self.delete(found);
};

/** Methods of set. */
export const setMethods = defineMethods<Members>([
  ['add', 'item', (self, item: Value) => nothing(findKey(self, hashable(item)) === undefined && self.add(item))],
  ['clear', '', (self) => nothing(self.clear())],
  ['copy', '', (self) => new Set(self)],
  ['difference', '*others', difference],
  ['difference_update', '*others', (self, others: Value[]) => replace(self, difference(self, others))],
  ['discard', 'item', (self, item: Value) => nothing(discard(self, item))],
  ['intersection', '*others', intersection],
  ['intersection_update', '*others', (self, others: Value[]) => replace(self, intersection(self, others))],
  ['isdisjoint', 'other', (self, other: Value) => ![...iterate(other)].some((item) => has(self, item))],
  ['issubset', 'other', (self, other: Value) => [...self].every((item) => has(other, item))],
  ['issuperset', 'other', (self, other: Value) => [...iterate(other)].every((item) => has(self, item))],
  [
    'pop',
    '',
    (self) => {
      for (const item of self) {
        self.delete(item);
        return item;
      }
      throw templateError('key', "'pop from an empty set'");
    },
  ],
  [
    'remove',
    'item',
    (self, item: Value) => {
      if (!discard(self, item)) throw templateError('key', toRepr(item));
      return null;
    },
  ],
  ['symmetric_difference', 'other', symmetric],
  ['symmetric_difference_update', 'other', (self, other: Value) => replace(self, symmetric(self, other))],
  ['union', '*others', union],
  ['update', '*others', (self, others: Value[]) => replace(self, union(self, others))],
]);
