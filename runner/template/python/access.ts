import {
  Float,
  float,
  NamedTuple,
  Nothing,
  PyObject,
  Template,
  Tuple,
  toRepr,
  typeName,
  Undefined,
  type Value,
  VaultText,
  View,
} from '../../values/index.ts';
import { findKey } from './comparison.ts';
import { templateError, typeError } from './errors.ts';
import { intOf } from './integers.ts';
import { BoundMethod, findMethod } from './methods/index.ts';
import { characters } from './sequences.ts';
import { PyType } from './type-object.ts';

/** Jinja2's `value.name`: an attribute or method, otherwise an item; an Undefined when there is neither. */
export const getAttribute = (value: Value, name: string): Value => {
  if (value instanceof Undefined) return undefinedMember(value);
  let found = ownAttribute(value, name);
  if (found === undefined) {
    if (value instanceof Map) found = value.get(name);
    else if (value instanceof PyObject) found = value.item(name);
  }
  return found === undefined ? missingMember(value, name) : found;
};

/** Jinja2's `value[key]`: an item, otherwise an attribute or method; an Undefined when there is neither. */
export const getItem = (value: Value, key: Value): Value => {
  if (value instanceof Undefined) return undefinedMember(value);
  if (key instanceof Undefined && !(key instanceof Nothing)) throw key.error();
  let found = ownItem(value, key);
  if (found === undefined && typeof key === 'string') found = ownAttribute(value, key);
  return found === undefined ? missingMember(value, key) : found;
};

/** Python's own `value.name`, which is no item and has to be there. */
export const strictAttribute = (value: Value, name: string): Value => {
  if (value instanceof Undefined) return undefinedMember(value);
  const found = ownAttribute(value, name);
  if (found === undefined) throw templateError('attribute', `'${typeName(value)}' object has no attribute '${name}'`);
  return found;
};

/** Python's own `value[key]`, which is no attribute and has to be there. */
export const strictItem = (value: Value, key: number | string): Value => {
  if (value instanceof Undefined) return undefinedMember(value);
  const found = ownItem(value, key);
  if (found !== undefined) return found;
  const type = value instanceof Tuple ? 'tuple' : typeName(value);
  if (value instanceof Map) throw templateError('key', toRepr(key));
  const isText = typeof value === 'string';
  if (!isText && !Array.isArray(value)) throw typeError(`'${type}' object is not subscriptable`);
  if (typeof key === 'number') throw templateError('key', `${isText ? 'string' : type} index out of range`);
  throw typeError(
    isText ? "string indices must be integers, not 'str'" : `${type} indices must be integers or slices, not str`,
  );
};

// Ansible's undefined values give themselves for all that is inside of them, so that the first one missing is named.
const undefinedMember = (value: Undefined): Value => {
  if (value instanceof Nothing) throw value.error();
  return value;
};

const ownItem = (value: Value, key: Value): Value | undefined => {
  if (value instanceof Map) {
    const found = value.get(key);
    if (found !== undefined || typeof key === 'string') return found;
    const equal = findKey(value, key);
    return equal === undefined ? undefined : value.get(equal);
  }
  if (value instanceof PyObject) return value.item(key);
  const index = intOf(key);
  if (index === undefined) return undefined;
  if (Array.isArray(value)) {
    if (value instanceof View && value.kind !== 'range') return undefined;
    return value.at(Number(index));
  }
  if (typeof value === 'string') {
    const all = characters(value);
    return all.at(Number(index));
  }
  return undefined;
};

/** An attribute or method of a value, where it has it. */
export const ownAttribute = (value: Value, name: string): Value | undefined => {
  if (name === '__class__') return new PyType(typeName(value));
  if (value instanceof PyObject) return value.attribute(name);
  if (value instanceof NamedTuple && value.named(name) !== undefined) return value.named(name);
  if (
    typeof value !== 'string' &&
    (intOf(value) !== undefined || value instanceof Float || typeof value === 'number')
  ) {
    const part = numberPart(value, name);
    if (part !== undefined) return part;
  }
  const method = findMethod(value, name);
  return method === undefined ? undefined : new BoundMethod(name, value, method);
};

const numberPart = (value: Value, name: string): Value | undefined => {
  const int = intOf(value);
  switch (name) {
    case 'real':
      return int ?? value;
    case 'imag':
      return int === undefined ? float(0) : 0;
    case 'numerator':
      return int;
    case 'denominator':
      return int === undefined ? undefined : 1;
  }
  return undefined;
};

/** What stands for a member that is not there. */
export const missingMember = (value: Value, key: Value): Undefined => {
  const name = describe(value);
  if (typeof key !== 'string') return new Undefined(`${name} has no element ${toRepr(key)}`);
  return new Undefined(`'${name}' has no attribute '${key}'`, key, value instanceof Map ? namesIn(value) : []);
};

const describe = (value: Value): string => {
  if (value === null) return 'None';
  if (value instanceof Template || value instanceof VaultText) return 'str object';
  return `${value instanceof Tuple ? 'tuple' : typeName(value)} object`;
};

const namesIn = (map: Map<Value, Value>): Iterable<string> => ({
  *[Symbol.iterator]() {
    for (const key of map.keys()) if (typeof key === 'string') yield key;
  },
});
