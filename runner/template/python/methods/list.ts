import { compare, isEqual, isTrue, type Tuple, toRepr, typeName, type Value } from '../../../values/index.ts';
import { defined, templateError, typeError, valueError } from '../errors.ts';
import { wholeArgument } from '../integers.ts';
import { listOf } from '../sequences.ts';
import { defineMethods, nothing } from './method.ts';

const findIndex = (self: Value[], item: Value, start: Value, stop: Value): number => {
  const from = start === null ? 0 : wholeArgument(start);
  const to = stop === null ? self.length : wholeArgument(stop);
  const first = from < 0 ? Math.max(0, from + self.length) : from;
  const last = to < 0 ? to + self.length : Math.min(to, self.length);
  for (let index = first; index < last; index++) if (isEqual(self[index]!, item)) return index;
  throw valueError(`${toRepr(item)} is not in list`);
};

const count = (self: Value[], item: Value): number => self.filter((member) => isEqual(member, item)).length;

const call = (key: Value, item: Value): Value => {
  const callee = key as { call?: (args: Value[], kwargs: Map<Value, Value>) => Value };
  if (key === null || typeof key !== 'object' || typeof callee.call !== 'function') {
    throw typeError(`'${typeName(key)}' object is not callable`);
  }
  return callee.call([item], new Map());
};

/** Sorts as Python's list.sort() does: stable, with an error for what has no order. */
export const sortInPlace = (list: Value[], keyOf: (item: Value) => Value, isReverse: boolean): void => {
  const keyed = list.map((item) => ({ item, key: defined(keyOf(item)) }));
  const direction = isReverse ? -1 : 1;
  keyed.sort((left, right) => {
    const order = compare(left.key, right.key);
    if (order === undefined) {
      const [first, second] = [typeName(right.key), typeName(left.key)];
      throw typeError(`'<' not supported between instances of '${first}' and '${second}'`);
    }
    return direction * order;
  });
  keyed.forEach(({ item }, index) => {
    list[index] = item;
  });
};

/** Methods of list. */
export const listMethods = defineMethods<Value[]>([
  ['append', 'object', (self, item: Value) => nothing(self.push(item))],
  ['clear', '', (self) => nothing(self.splice(0))],
  ['copy', '', (self) => [...self]],
  ['count', 'value', count],
  ['extend', 'iterable', (self, items: Value) => nothing(self.push(...listOf(items)))],
  ['index', 'value, start=None, stop=None', findIndex],
  ['insert', 'index, object', (self, index: Value, item: Value) => nothing(self.splice(wholeArgument(index), 0, item))],
  [
    'pop',
    'index=-1',
    (self, index: Value) => {
      const at = wholeArgument(index);
      const position = at < 0 ? at + self.length : at;
      if (self.length === 0) throw templateError('other', 'pop from empty list');
      if (position < 0 || position >= self.length) throw templateError('key', 'pop index out of range');
      return self.splice(position, 1)[0]!;
    },
  ],
  [
    'remove',
    'value',
    (self, item: Value) => {
      const index = self.findIndex((member) => isEqual(member, item));
      if (index === -1) throw valueError('list.remove(x): x not in list');
      self.splice(index, 1);
      return null;
    },
  ],
  ['reverse', '', (self) => nothing(self.reverse())],
  [
    'sort',
    'key=None, reverse=False',
    (self, key: Value, reverse: Value) => {
      sortInPlace(self, key === null ? (item) => item : (item) => call(key, item), isTrue(reverse));
      return null;
    },
  ],
]);

/** Methods of tuple and range. */
export const tupleMethods = defineMethods<Tuple>([
  ['count', 'value', count],
  ['index', 'value, start=None, stop=None', findIndex],
]);
