import { Float, float, integer, typeName, type Value } from '../../values/index.ts';
import { defineFilter, type Filter } from '../define.ts';
import {
  defined,
  intOf,
  powerFloat,
  realOf,
  templateError,
  truth,
  typeError,
  valueError,
  wholeArgument,
} from '../python/index.ts';
import { readFloat, readInt } from './read-number.ts';
import { roundFloat, roundInt } from './round.ts';
import { argumentError, filterError, isText, text } from './support.ts';

const toInt = (value: Value, fallback: Value, base: Value): Value => {
  const number = isText(value) ? readInt(text(value), Number(intOf(base) ?? 10)) : (intOf(value) ?? truncated(value));
  if (number !== undefined) return number;
  // Jinja2 then reads '42.9' as the float that it is.
  const real = isText(value) ? readFloat(text(value)) : undefined;
  if (real === undefined || Number.isNaN(real)) return fallback;
  if (!Number.isFinite(real)) throw valueError('cannot convert float infinity to integer');
  return integer(BigInt(Math.trunc(real)));
};

const truncated = (value: Value): Value | undefined => {
  const real = realOf(value);
  if (real === undefined || Number.isNaN(real)) return undefined;
  if (!Number.isFinite(real)) throw templateError('other', 'cannot convert float infinity to integer');
  return integer(BigInt(Math.trunc(real)));
};

const toFloat = (value: Value, fallback: Value): Value => {
  const real = isText(value) ? readFloat(text(value)) : realOf(value);
  return real === undefined ? fallback : float(real);
};

const round = (value: Value, precision: number, method: string): Value => {
  if (!['common', 'ceil', 'floor'].includes(method)) throw argumentError('method must be common, ceil or floor');
  const real = realOf(value);
  if (method !== 'common') {
    if (real === undefined) throw typeError(`can't multiply sequence by non-int of type 'float'`);
    const factor = 10 ** precision;
    const moved = real * factor;
    return float((method === 'ceil' ? Math.ceil(moved) : Math.floor(moved)) / factor);
  }
  const whole = intOf(value);
  if (whole !== undefined) return roundInt(whole, precision);
  if (real === undefined) throw typeError(`type ${typeName(value)} doesn't define __round__ method`);
  return float(roundFloat(real, precision));
};

const absolute = (value: Value): Value => {
  const whole = intOf(value);
  if (whole !== undefined) return whole < 0 ? integer(-BigInt(whole)) : whole;
  const real = realOf(value);
  if (real === undefined) throw typeError(`bad operand type for abs(): '${typeName(value)}'`);
  return float(Math.abs(real));
};

// Reads the number that a function of Python's math module needs.
const real = (name: string, value: Value): number => {
  const number = realOf(value);
  if (number === undefined)
    throw typeError(`${name}() can only be used on numbers: must be real number, not ${typeName(value)}`);
  return number;
};

const finite = (result: number, ...inputs: readonly number[]): Value => {
  if (Number.isNaN(result) && !inputs.some(Number.isNaN)) throw valueError('math domain error');
  if (!Number.isFinite(result) && inputs.every(Number.isFinite)) throw templateError('other', 'math range error');
  return float(result);
};

const logarithm = (value: number, base: Value): Value => {
  if (value <= 0) throw valueError('math domain error');
  if (base === null) return float(Math.log(value));
  const by = real('log', base);
  if (by === 10) return float(Math.log10(value));
  if (by <= 0) throw valueError('math domain error');
  if (by === 1) throw templateError('zerodivision', 'float division by zero');
  return float(Math.log(value) / Math.log(by));
};

const root = (value: number, degree: number): Value => {
  if (degree === 0) throw templateError('zerodivision', 'float division by zero');
  const result = degree === 2 ? Math.sqrt(value) : powerFloat(value, 1 / degree);
  if (Number.isNaN(result)) throw typeError('root() can only be used on numbers: math domain error');
  return float(result);
};

const sizes = ['kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB'];

const fileSize = (value: Value, binary: boolean): string => {
  const bytes = isText(value) ? readFloat(text(value)) : realOf(value);
  if (bytes === undefined && !isText(defined(value)))
    throw typeError(`float() argument must be a string or a real number, not '${typeName(value)}'`);
  if (bytes === undefined) throw valueError(`could not convert to float: '${text(value)}'`);
  const base = binary ? 1024 : 1000;
  if (bytes === 1) return '1 Byte';
  if (bytes < base) return `${Math.trunc(bytes)} Bytes`;
  const index = sizes.findIndex((_, power) => bytes < base ** (power + 2));
  const power = index === -1 ? sizes.length - 1 : index;
  const unit = binary ? `${sizes[power]![0]!.toUpperCase()}iB` : sizes[power];
  return `${roundFloat((base * bytes) / base ** (power + 2), 1).toFixed(1)} ${unit}`;
};

const limits: readonly (readonly [string, number])[] = [...'YZEPTGMK'].map((letter, index) => [
  letter,
  2 ** (10 * (8 - index)),
]);

const humanReadable = (size: Value, isBits: boolean, unit: Value): string => {
  const number = realOf(size);
  if (number === undefined)
    throw typeError(
      `human_readable() failed on bad input: '>=' not supported between instances of '${typeName(size)}' and 'int'`,
    );
  const wanted = unit === null ? undefined : text(unit).toUpperCase();
  const base = isBits ? 'bits' : 'Bytes';
  const found = limits.find(([letter, limit]) => (wanted === undefined ? number >= limit : wanted === letter));
  const [letter, limit] = found ?? ['', 1];
  const rounded = roundFloat(number / limit, 2);
  const sign = Object.is(rounded, -0) ? '-' : '';
  return `${sign}${rounded.toFixed(2)} ${letter === '' ? base : letter + base[0]}`;
};

/** Ansible's reading of sizes such as `10M`, `1.5 GB` and, with `isBits`, `8Kb`. */
export const humanToBytes = (size: Value, defaultUnit: Value, isBits: boolean): Value => {
  const shown = text(size);
  const refuse = (): never => {
    throw filterError(`human_to_bytes() can't interpret following string: ${shown}`);
  };
  const [, digits = '', written] = /^\s*(\d*\.?\d*)\s*([A-Za-z]+)?/.exec(shown)!;
  const number = readFloat(digits);
  if (number === undefined) return refuse();
  const unit = written ?? (defaultUnit === null ? undefined : text(defaultUnit));
  if (unit === undefined) return roundInt(integer(BigInt(roundFloat(number, 0))), 0);
  const limit = unit[0]!.toUpperCase() === 'B' ? 1 : limits.find(([letter]) => letter === unit[0]!.toUpperCase())?.[1];
  if (limit === undefined) return refuse();
  const isNamed = unit.toLowerCase().includes(isBits ? 'bit' : 'byte');
  if (unit.length > 1 && !isNamed && unit[1] !== (isBits ? 'b' : 'B')) return refuse();
  return integer(BigInt(roundFloat(number * limit, 0)));
};

/** Jinja2's and Ansible's filters of numbers. */
export const numbers: readonly Filter[] = [
  defineFilter('int', 'value, default=0, base=10', (_, value, fallback, base) => toInt(value, fallback, base)),
  defineFilter('float', 'value, default=0.0', (_, value, fallback) =>
    toFloat(value, fallback === 0 ? new Float(0) : fallback),
  ),
  defineFilter('abs', 'x', (_, value) => absolute(value)),
  defineFilter('round', 'value, precision=0, method="common"', (_, value, precision, method) =>
    round(value, wholeArgument(precision), text(method)),
  ),
  defineFilter('filesizeformat', 'value, binary=False', (_, value, binary) => fileSize(value, truth(binary))),
  defineFilter('log', 'x, base=None', (_, value, base) => logarithm(real('log', value), base)),
  defineFilter('pow', 'x, y', (_, value, exponent) => {
    const [x, y] = [real('pow', value), real('pow', exponent)];
    if (x === 0 && y < 0) throw valueError('math domain error');
    return finite(powerFloat(x, y), x, y);
  }),
  defineFilter('root', 'x, base=2', (_, value, degree) => root(real('root', value), real('root', degree))),
  defineFilter('human_readable', 'size, isbits=False, unit=None', (_, size, isBits, unit) =>
    humanReadable(size, truth(isBits), unit),
  ),
  defineFilter('human_to_bytes', 'size, default_unit=None, isbits=False', (_, size, unit, isBits) =>
    humanToBytes(size, unit, truth(isBits)),
  ),
];
