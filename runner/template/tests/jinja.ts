import {
  Float,
  isEqual,
  NamedTuple,
  PyObject,
  Tuple,
  typeName,
  Undefined,
  type Value,
  View,
} from '../../values/index.ts';
import { defineTest, type Test } from '../define.ts';
import { isText, text } from '../filters/support.ts';
import {
  defined,
  equals,
  intOf,
  isIn,
  isOrdered,
  iterate,
  modulo,
  realOf,
  templateError,
  valueError,
} from '../python/index.ts';

const takesUndefined = { takesUndefined: true } as const;

const isInteger = (value: Value): boolean => typeof value !== 'boolean' && intOf(value) !== undefined;
const isFloat = (value: Value): boolean =>
  value instanceof Float || (typeof value === 'number' && !Number.isInteger(value));

const isIterable = (value: Value): boolean => {
  if (value instanceof Undefined) throw value.error();
  try {
    iterate(value);
    return true;
  } catch {
    return false;
  }
};

// Small integers and texts are one object each in Python.
const isSame = (left: Value, right: Value): boolean => {
  if (left === right) return typeof left !== 'number' || (left >= -5 && left <= 256);
  return isText(left) && isText(right) && text(left) === text(right);
};

const hasCase = (value: string, pattern: RegExp, other: RegExp): boolean => pattern.test(value) && !other.test(value);

const known = (kind: string, name: string, isKnown: boolean): boolean => {
  if (!isKnown) throw templateError('syntax', `Could not load "${name}": no such ${kind}`);
  return true;
};

const nameOf = (value: Value): string => {
  if (isText(defined(value))) return text(value);
  throw valueError(`key must be a string, got ${typeName(value)} instead`);
};

const defineType = (names: string, check: (value: Value) => boolean): Test =>
  defineTest(names, 'value', (_, value: Value) => check(value), takesUndefined);

/** Jinja2's tests. */
export const jinjaTests: readonly Test[] = [
  defineType('defined', (value) => !(value instanceof Undefined)),
  defineType('undefined', (value) => value instanceof Undefined),
  defineType('none', (value) => value === null),
  defineType('boolean', (value) => typeof value === 'boolean'),
  defineType('true', (value) => value === true),
  defineType('false', (value) => value === false),
  defineType('integer', isInteger),
  defineType('float', isFloat),
  defineType('number', (value) => realOf(value) !== undefined),
  defineType('string', isText),
  defineType('mapping', (value) => value instanceof Map || (value instanceof PyObject && typeName(value) === 'dict')),
  defineType(
    'sequence',
    (value) =>
      isText(value) ||
      value instanceof Map ||
      value instanceof Tuple ||
      value instanceof NamedTuple ||
      (Array.isArray(value) && (!(value instanceof View) || value.kind === 'range')),
  ),
  defineType('iterable', isIterable),
  defineType(
    'callable',
    (value) => value instanceof Undefined || (value instanceof PyObject && value.call !== undefined),
  ),
  defineType('escaped', (value) => value instanceof Undefined),
  defineTest('sameas', 'value, other', (_, value, other) => isSame(value, other), takesUndefined),
  defineTest('odd', 'value', (_, value) => isEqual(modulo(value, 2), 1)),
  defineTest('even', 'value', (_, value) => isEqual(modulo(value, 2), 0)),
  defineTest('divisibleby', 'value, num', (_, value, number) => isEqual(modulo(value, number), 0)),
  defineTest('lower', 'value', (_, value) => hasCase(text(value), /\p{Ll}/u, /[\p{Lu}\p{Lt}]/u)),
  defineTest('upper', 'value', (_, value) => hasCase(text(value), /\p{Lu}/u, /[\p{Ll}\p{Lt}]/u)),
  defineTest('in', 'value, seq', (_, value, container) => isIn(value, container)),
  defineTest('== eq equalto', 'a, b', (_, left, right) => equals(left, right)),
  defineTest('!= ne', 'a, b', (_, left, right) => !equals(left, right)),
  defineTest('< lt lessthan', 'a, b', (_, left, right) => isOrdered('<', left, right)),
  defineTest('<= le', 'a, b', (_, left, right) => isOrdered('<=', left, right)),
  defineTest('> gt greaterthan', 'a, b', (_, left, right) => isOrdered('>', left, right)),
  defineTest('>= ge', 'a, b', (_, left, right) => isOrdered('>=', left, right)),
  defineTest('filter', 'value', ({ engine }, value) => known('filter', nameOf(value), engine.hasFilter(nameOf(value)))),
  defineTest('test', 'value', ({ engine }, value) => known('test', nameOf(value), engine.hasTest(nameOf(value)))),
];
