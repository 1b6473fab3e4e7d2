import { isTrue, Nothing, PyObject, Template, typeName, Undefined, type Value, VaultText } from '../../values/index.ts';
import { typeError, valueError } from './errors.ts';

/** Python's bool(), with the error of what is undefined. */
export const truth = (value: Value): boolean => {
  if (value === true || value === false) return value;
  if (value instanceof Undefined && !(value instanceof Nothing)) throw value.error();
  return isTrue(value);
};

/** The characters of a text as Python counts them: code points. */
export const characters = (text: string): string | string[] => (/[\ud800-\udfff]/.test(text) ? [...text] : text);

/** What `for` goes over: the items of a list as it grows, the keys of a dict, the characters of a text. */
export const iterate = (value: Value): Iterable<Value> => {
  if (Array.isArray(value)) return value;
  if (value instanceof Map) return value.keys();
  if (value instanceof Set) return value;
  if (typeof value === 'string') return value;
  if (value instanceof Undefined) {
    if (value instanceof Nothing) return [];
    throw value.error();
  }
  if (value instanceof PyObject && value.iterate) return value.iterate();
  if (value instanceof Template) return value.source;
  if (value instanceof VaultText) return value.decrypt();
  throw typeError(`'${typeName(value)}' object is not iterable`);
};

/** Python's list(). */
export const listOf = (value: Value): Value[] => (Array.isArray(value) ? [...value] : Array.from(iterate(value)));

/** Python's len(). */
export const lengthOf = (value: Value): number => {
  if (Array.isArray(value)) return value.length;
  if (value instanceof Map || value instanceof Set) return value.size;
  if (typeof value === 'string') return characters(value).length;
  if (value instanceof Undefined || (value instanceof PyObject && value.iterate)) return listOf(value).length;
  if (value instanceof Template || value instanceof VaultText) return characters([...iterate(value)].join('')).length;
  throw typeError(`object of type '${typeName(value)}' has no len()`);
};

/** The items of `value` for `count` targets, as in `a, b = value`. */
export const unpack = (value: Value, count: number): Value[] => {
  const name = typeName(value);
  if (value === null || typeof value === 'number' || typeof value === 'boolean') {
    throw typeError(`cannot unpack non-iterable ${name} object`);
  }
  const items = Array.isArray(value) ? value : listOf(value);
  if (items.length < count) throw valueError(`not enough values to unpack (expected ${count}, got ${items.length})`);
  if (items.length > count) throw valueError(`too many values to unpack (expected ${count})`);
  return items;
};
