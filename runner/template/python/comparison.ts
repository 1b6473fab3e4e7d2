import { compare, contains, isEqual, Nothing, typeName, Undefined, type Value } from '../../values/index.ts';
import { checkOperands, defined, typeError } from './errors.ts';

/** `left == right` */
export const equals = (left: Value, right: Value): boolean => {
  if (left instanceof Undefined || right instanceof Undefined) {
    defined(left);
    defined(right);
    return left instanceof Nothing && right instanceof Nothing;
  }
  return isEqual(left, right);
};

/** `item in container` */
export const isIn = (item: Value, container: Value): boolean => {
  if (container instanceof Undefined) {
    defined(container);
    return false;
  }
  if ((container instanceof Map || container instanceof Set) && !(item instanceof Undefined)) hashable(item);
  const found = contains(container, item);
  if (found !== undefined) return found;
  defined(item);
  throw typeof container === 'string'
    ? typeError(`'in <string>' requires string as left operand, not ${typeName(item)}`)
    : typeError(`argument of type '${typeName(container)}' is not iterable`);
};

type Order = '<' | '<=' | '>' | '>=';

const isSubset = (left: Set<Value>, right: Set<Value>): boolean => [...left].every((item) => contains(right, item));

/** `left < right` and its kin. */
export const isOrdered = (operator: Order, left: Value, right: Value): boolean => {
  if (left instanceof Set && right instanceof Set) {
    const [small, large] = operator[0] === '<' ? [left, right] : [right, left];
    return isSubset(small, large) && (operator.length === 2 || small.size < large.size);
  }
  const order = compare(left, right);
  if (order === undefined) {
    checkOperands(left, right);
    throw typeError(`'${operator}' not supported between instances of '${typeName(left)}' and '${typeName(right)}'`);
  }
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    default:
      return order >= 0;
  }
};

/** A value that can be the key of a dict or the member of a set. Throws for lists, dicts and sets. */
export const hashable = (value: Value): Value => {
  defined(value);
  if (value instanceof Map || value instanceof Set || (Array.isArray(value) && typeName(value) === 'list')) {
    throw typeError(`unhashable type: '${typeName(value)}'`);
  }
  return value;
};

/** The key of `map` that equals `key` in Python's sense (1, 1.0 and True are one), or undefined. */
export const findKey = (map: Map<Value, unknown> | Set<Value>, key: Value): Value | undefined => {
  if (map.has(key)) return key;
  if (typeof key === 'string' || key === null) return undefined;
  for (const candidate of map.keys()) if (typeof candidate !== 'string' && isEqual(candidate, key)) return candidate;
  return undefined;
};

/** Sets an entry as Python does: the first of equal keys stays. */
export const setEntry = (map: Map<Value, Value>, key: Value, value: Value): void => {
  hashable(key);
  map.set(findKey(map, key) ?? key, value);
};

/** A set of these items, without equal ones. */
export const setOf = (items: Iterable<Value>): Set<Value> => {
  const set = new Set<Value>();
  for (const item of items) {
    hashable(item);
    if (findKey(set, item) === undefined) set.add(item);
  }
  return set;
};
