import {
  contains,
  Float,
  float,
  integer,
  PyObject,
  Tuple,
  textOf,
  toText,
  tuple,
  typeName,
  type Value,
  View,
} from '../../values/index.ts';
import { checkOperands, defined, templateError, typeError, valueError } from './errors.ts';
import {
  addInt,
  divideInt,
  floorDivideInt,
  type Int,
  intOf,
  moduloInt,
  multiplyInt,
  powerInt,
  realOf,
} from './integers.ts';
import { percentFormat } from './percent-format.ts';
import { powerFloat } from './powers.ts';

const unsupported = (operator: string, left: Value, right: Value): never => {
  checkOperands(left, right);
  throw typeError(`unsupported operand type(s) for ${operator}: '${typeName(left)}' and '${typeName(right)}'`);
};

// What an object (a date, a duration) makes of an operator, when one stands on either side.
const operateObjects = (operator: string, left: Value, right: Value): Value | undefined =>
  (left instanceof PyObject ? left.operate?.(operator, right, true) : undefined) ??
  (right instanceof PyObject ? right.operate?.(operator, left, false) : undefined);

const compute = (
  operator: string,
  left: Value,
  right: Value,
  onInts: (left: Int, right: Int) => Value,
  onFloats: (left: number, right: number) => number,
): Value => {
  const leftInt = intOf(left);
  const rightInt = intOf(right);
  if (leftInt !== undefined && rightInt !== undefined) return onInts(leftInt, rightInt);
  const leftReal = realOf(left);
  const rightReal = realOf(right);
  if (leftReal !== undefined && rightReal !== undefined) return float(onFloats(leftReal, rightReal));
  return operateObjects(operator, left, right) ?? unsupported(operator, left, right);
};

const isPlainList = (value: Value): value is Value[] =>
  Array.isArray(value) && !(value instanceof Tuple) && !(value instanceof View);

/** `left + right` */
export const add = (left: Value, right: Value): Value => {
  if (typeof left === 'string') {
    if (typeof right === 'string') return left + right;
    checkOperands(right);
    const text = textOf(right);
    if (text !== undefined) return left + text;
    throw typeError(`can only concatenate str (not "${typeName(right)}") to str`);
  }
  if (Array.isArray(left) && !(left instanceof View)) {
    if (left instanceof Tuple && right instanceof Tuple) return tuple([...left, ...right]);
    if (isPlainList(left) && isPlainList(right)) return [...left, ...right];
    checkOperands(right);
    const name = typeName(left);
    throw typeError(`can only concatenate ${name} (not "${typeName(right)}") to ${name}`);
  }
  return compute('+', left, right, addInt, (a, b) => a + b);
};

/** `left - right` */
export const subtract = (left: Value, right: Value): Value => {
  if (left instanceof Set && right instanceof Set) {
    return new Set([...left].filter((item) => contains(right, item) !== true));
  }
  return compute(
    '-',
    left,
    right,
    (a, b) => addInt(a, -b),
    (a, b) => a - b,
  );
};

/** `left * right` */
export const multiply = (left: Value, right: Value): Value => {
  const repeated = repeat(left, right) ?? repeat(right, left);
  return repeated ?? compute('*', left, right, multiplyInt, (a, b) => a * b);
};

const mostItems = 50_000_000;

const repeat = (items: Value, times: Value): Value | undefined => {
  if (typeof items !== 'string' && !(Array.isArray(items) && !(items instanceof View))) return undefined;
  const count = intOf(times);
  if (count === undefined) {
    checkOperands(times);
    if (typeof times === 'string' || Array.isArray(times) || typeof items === 'string' || Array.isArray(items)) {
      throw typeError(`can't multiply sequence by non-int of type '${typeName(times)}'`);
    }
    return undefined;
  }
  const length = Math.max(0, Number(count));
  if (items.length * length > mostItems) throw valueError('the repeated value would be too large');
  if (typeof items === 'string') return items.repeat(length);
  const all = Array.from({ length }, () => [...items]).flat();
  return items instanceof Tuple ? tuple(all) : all;
};

const zeroDivision = (message: string): never => {
  throw templateError('zerodivision', message);
};

/** `left / right` */
export const divide = (left: Value, right: Value): Value =>
  compute(
    '/',
    left,
    right,
    (a, b) => (Number(b) === 0 ? zeroDivision('division by zero') : float(divideInt(a, b))),
    (a, b) => (b === 0 ? zeroDivision('float division by zero') : a / b),
  );

const moduloFloat = (left: number, right: number): number => {
  if (right === 0) return zeroDivision('float modulo');
  const rest = left % right;
  if (rest === 0) return right < 0 ? -0 : 0;
  return rest < 0 !== right < 0 ? rest + right : rest;
};

/** `left // right` */
export const floorDivide = (left: Value, right: Value): Value =>
  compute(
    '//',
    left,
    right,
    (a, b) => (Number(b) === 0 ? zeroDivision('integer division or modulo by zero') : floorDivideInt(a, b)),
    (a, b) => (b === 0 ? zeroDivision('float floor division by zero') : Math.round((a - moduloFloat(a, b)) / b)),
  );

/** `left % right`: the remainder, or a text filled in. */
export const modulo = (left: Value, right: Value): Value => {
  if (typeof left === 'string') return percentFormat(left, right);
  return compute(
    '%',
    left,
    right,
    (a, b) => (Number(b) === 0 ? zeroDivision('integer modulo by zero') : moduloInt(a, b)),
    moduloFloat,
  );
};

/** `left ** right` */
export const power = (left: Value, right: Value): Value =>
  compute(
    '** or pow()',
    left,
    right,
    (base, exponent) => {
      if (exponent >= 0) return powerInt(base, exponent) ?? tooLarge();
      if (Number(base) === 0) return zeroDivision('0.0 cannot be raised to a negative power');
      return float(powerFloat(Number(base), Number(exponent)));
    },
    (base, exponent) => {
      if (base === 0 && exponent < 0) return zeroDivision('0.0 cannot be raised to a negative power');
      const result = powerFloat(base, exponent);
      if (Number.isFinite(base) && Number.isFinite(exponent)) {
        if (Number.isNaN(result)) throw valueError('the power of a negative number to a fraction is not a real number');
        if (!Number.isFinite(result)) throw templateError('other', 'numerical result out of range');
      }
      return result;
    },
  );

const tooLarge = (): never => {
  throw valueError('the power would be too large');
};

/** `-value` */
export const negate = (value: Value): Value => {
  const int = intOf(value);
  if (int !== undefined) return typeof int === 'number' ? 0 - int : integer(-int);
  const real = realOf(value);
  if (real !== undefined) return float(-real);
  return operateObjects('*', value, -1) ?? badUnary('-', value);
};

/** `+value` */
export const positive = (value: Value): Value => {
  const int = intOf(value);
  if (int !== undefined) return int;
  return typeof value === 'number' || value instanceof Float ? value : badUnary('+', value);
};

const badUnary = (operator: string, value: Value): never => {
  checkOperands(value);
  throw typeError(`bad operand type for unary ${operator}: '${typeName(value)}'`);
};

/** `left ~ right` */
export const concatenate = (left: Value, right: Value): string => toText(defined(left)) + toText(defined(right));
