import { Float, Nothing, PyObject, Template, Tuple, Undefined, VaultText, View } from './objects.ts';
import type { Value } from './types.ts';

/** Python's bool(). What is undefined raises its error. */
export const isTrue = (value: Value): boolean => {
  if (value === null || value === undefined) return false;
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'number':
      return value !== 0;
    case 'bigint':
      return value !== 0n;
    case 'string':
      return value !== '';
  }
  if (value instanceof Float) return value.value !== 0;
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Map || value instanceof Set) return value.size > 0;
  if (value instanceof Undefined) {
    if (value instanceof Nothing) return false;
    throw value.error();
  }
  if (value instanceof PyObject) return value.isTrue();
  return plainText(value) !== '';
};

/** The number behind ints, floats and booleans (True is 1), otherwise undefined. */
export const numberOf = (value: Value): number | bigint | undefined => {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Float) return value.value;
  return undefined;
};

/** The text behind strings and text that is still to be rendered or decrypted, otherwise undefined. */
export const textOf = (value: Value): string | undefined =>
  typeof value === 'string'
    ? value
    : value instanceof Template || value instanceof VaultText
      ? plainText(value)
      : undefined;

const plainText = (value: Template | VaultText): string => (value instanceof Template ? value.source : value.decrypt());

/** Python's ==. What is undefined raises its error. */
export const isEqual = (left: Value, right: Value): boolean => {
  if (right instanceof Undefined && !(left instanceof Undefined)) return isEqual(right, left);
  if (left === right && !(left instanceof Undefined)) return true;
  const leftNumber = numberOf(left);
  if (leftNumber !== undefined) {
    const rightNumber = numberOf(right);
    // A bigint and a number are ordered by value, but never identical.
    return rightNumber !== undefined && leftNumber <= rightNumber && leftNumber >= rightNumber;
  }
  const leftText = textOf(left);
  if (leftText !== undefined) return leftText === textOf(right);
  if (Array.isArray(left)) {
    return (
      Array.isArray(right) &&
      kindOf(left) === kindOf(right) &&
      left.length === right.length &&
      left.every((item, index) => isEqual(item, right[index]!))
    );
  }
  if (left instanceof Map) {
    if (!(right instanceof Map) || left.size !== right.size) return false;
    for (const [key, item] of left) if (!right.has(key) || !isEqual(item, right.get(key)!)) return false;
    return true;
  }
  if (left instanceof Set) {
    return right instanceof Set && left.size === right.size && [...left].every((item) => contains(right, item));
  }
  if (left instanceof Undefined || right instanceof Undefined) {
    for (const side of [left, right]) if (side instanceof Undefined && !(side instanceof Nothing)) throw side.error();
    return left instanceof Nothing && right instanceof Nothing;
  }
  if (left instanceof PyObject) return left.equals(right);
  if (right instanceof PyObject) return right.equals(left);
  return false;
};

// Lists, tuples and views are equal only among themselves.
const kindOf = (list: Value[]): string => (list instanceof Tuple ? 'tuple' : list instanceof View ? list.kind : 'list');

/**
 * Python's order of two values: negative, zero or positive; undefined where Python raises a TypeError
 * ("'<' not supported between instances of …").
 */
export const compare = (left: Value, right: Value): number | undefined => {
  const leftNumber = numberOf(left);
  const rightNumber = numberOf(right);
  if (leftNumber !== undefined && rightNumber !== undefined) {
    if (leftNumber < rightNumber) return -1;
    return leftNumber > rightNumber ? 1 : isEqual(left, right) ? 0 : Number.NaN;
  }
  const leftText = textOf(left);
  const rightText = textOf(right);
  if (leftText !== undefined && rightText !== undefined) return compareText(leftText, rightText);
  if (Array.isArray(left) && Array.isArray(right) && left instanceof Tuple === right instanceof Tuple) {
    for (let index = 0; index < left.length && index < right.length; index++) {
      if (isEqual(left[index]!, right[index]!)) continue;
      return compare(left[index]!, right[index]!);
    }
    return left.length - right.length;
  }
  if (left instanceof PyObject) return left.compare?.(right);
  if (right instanceof PyObject) {
    const order = right.compare?.(left);
    return order === undefined ? undefined : -order;
  }
  return undefined;
};

/** By code points, as Python orders text; JavaScript's own order is by UTF-16 units. */
export const compareText = (left: string, right: string): number => {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a === b) continue;
    const surrogateA = a >= 0xd800 && a <= 0xdfff;
    const surrogateB = b >= 0xd800 && b <= 0xdfff;
    return surrogateA === surrogateB ? a - b : surrogateA ? 1 : -1;
  }
  return left.length - right.length;
};

/** Python's `item in container` for lists, tuples, sets, mappings and text; undefined where Python raises a TypeError. */
export const contains = (container: Value, item: Value): boolean | undefined => {
  if (Array.isArray(container)) return container.some((member) => isEqual(member, item));
  if (container instanceof Map || container instanceof Set) {
    if (container.has(item)) return true;
    if (typeof item === 'string') return false;
    return [...container.keys()].some((member) => isEqual(member, item));
  }
  const text = textOf(container);
  if (text !== undefined) {
    const part = textOf(item);
    return part === undefined ? undefined : text.includes(part);
  }
  if (container instanceof PyObject && container.iterate) {
    for (const member of container.iterate()) if (isEqual(member, item)) return true;
    return false;
  }
  return undefined;
};
