import type { TemplateError } from '../../errors/index.ts';
import { Float, floatText, PyObject, toText, typeName, type Value } from '../../values/index.ts';
import { typeError, valueError } from './errors.ts';
import { intOf, realOf } from './integers.ts';
import { realText } from './percent-format.ts';
import { characters } from './sequences.ts';

interface Spec {
  readonly fill: string;
  readonly align: string | undefined;
  readonly sign: string;
  readonly coercesZero: boolean;
  readonly alternate: boolean;
  readonly width: number;
  readonly grouping: string;
  readonly precision: number | undefined;
  readonly type: string;
}

const pattern = /^(?:(.)?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\d+)?([_,])?(?:\.(\d+))?([a-zA-Z%])?$/su;

const readSpec = (text: string): Spec => {
  const match = pattern.exec(text);
  if (match === null) throw valueError('Invalid format specifier');
  const [, fill, align, sign, zeroSign, alternate, zero, width, grouping, precision, type] = match;
  return {
    fill: fill ?? (zero ? '0' : ' '),
    align: align ?? (zero ? '=' : undefined),
    sign: sign ?? '',
    coercesZero: zeroSign !== undefined,
    alternate: alternate !== undefined,
    width: Number(width ?? 0),
    grouping: grouping ?? '',
    precision: precision === undefined ? undefined : Number(precision),
    type: type ?? '',
  };
};

/** Python's `format(value, spec)`. */
export const formatValue = (value: Value, spec: string): string => {
  if (spec === '') return toText(value);
  if (value instanceof PyObject && typeof value.attribute('strftime') === 'object') {
    const strftime = value.attribute('strftime');
    if (strftime instanceof PyObject && strftime.call) return toText(strftime.call([spec], new Map()));
  }
  if (typeof value === 'string') return formatText(value, readSpec(spec));
  const int = intOf(value);
  // A boolean is a number as soon as there is a format.
  if (int !== undefined) return formatInt(int, readSpec(spec));
  if (typeof value === 'number' || value instanceof Float) return formatFloat(realOf(value)!, readSpec(spec));
  throw typeError(`unsupported format string passed to ${typeName(value)}.__format__`);
};

const notAllowed = (what: string, kind: string): TemplateError =>
  valueError(`${what} not allowed in ${kind} format specifier`);

const formatText = (text: string, spec: Spec): string => {
  if (spec.type !== '' && spec.type !== 's') throw unknownCode(spec, 'str');
  if (spec.sign !== '') throw notAllowed(spec.sign === ' ' ? 'Space' : 'Sign', 'string');
  if (spec.coercesZero) throw notAllowed('Negative zero coercion (z)', 'string');
  if (spec.alternate) throw notAllowed('Alternate form (#)', 'string');
  if (spec.grouping !== '') throw valueError(`Cannot specify '${spec.grouping}' with 's'.`);
  if (spec.align === '=' && spec.fill !== '0') throw notAllowed("'=' alignment", 'string');
  const all = characters(text);
  const part = spec.precision === undefined ? all : all.slice(0, spec.precision);
  return pad('', typeof part === 'string' ? part : part.join(''), spec, spec.align === '=' ? '<' : (spec.align ?? '<'));
};

const formatInt = (int: number | bigint, spec: Spec): string => {
  if (spec.coercesZero && !/^[eEfFgG%]$/.test(spec.type)) throw notAllowed('Negative zero coercion (z)', 'integer');
  const size = int < 0 ? -int : int;
  const sign = signOf(int < 0, spec);
  const number = (prefix: string, digits: string, group: number): string =>
    pad(sign + (spec.alternate ? prefix : ''), grouped(digits, spec.grouping, group), spec, spec.align ?? '>');
  switch (spec.type) {
    case '':
    case 'd':
    case 'n':
      if (spec.precision !== undefined) throw valueError('Precision not allowed in integer format specifier');
      return number('', String(size), 3);
    case 'x':
      return number('0x', size.toString(16), 4);
    case 'X':
      return number('0X', size.toString(16).toUpperCase(), 4);
    case 'o':
      return number('0o', size.toString(8), 4);
    case 'b':
      return number('0b', size.toString(2), 4);
    case 'c':
      return pad('', String.fromCodePoint(Number(int)), spec, spec.align ?? '<');
    case 's':
      throw unknownCode(spec, 'int');
    default:
      return formatFloat(Number(int), spec);
  }
};

const formatFloat = (number: number, spec: Spec): string => {
  const size = Math.abs(number);
  const body = floatBody(size, spec);
  const isNegative = (number < 0 || Object.is(number, -0)) && !(spec.coercesZero && /^[0.]+(?:e|%|$)/i.test(body));
  const [, whole, rest] = /^(\d*)(.*)$/s.exec(body)!;
  return pad(signOf(isNegative, spec), grouped(whole!, spec.grouping, 3) + rest, spec, spec.align ?? '>');
};

const floatBody = (size: number, spec: Spec): string => {
  const { type, precision, alternate } = spec;
  switch (type) {
    case '':
      if (precision === undefined) return floatText(size);
      return withPoint(realText('g', size, precision || 1), size, precision);
    case 'e':
    case 'f':
    case 'g':
      return realText(type, size, precision ?? 6, alternate);
    case 'n':
      return realText('g', size, precision ?? 6, alternate);
    case 'E':
    case 'F':
    case 'G':
      return realText(type.toLowerCase(), size, precision ?? 6, alternate).toUpperCase();
    case '%':
      return `${realText('f', size * 100, precision ?? 6)}%`;
    default:
      throw unknownCode(spec, 'float');
  }
};

// Without a type a float always shows that it is one.
const withPoint = (text: string, size: number, precision: number): string => {
  if (!Number.isFinite(size) || /[.e]/.test(text)) return text;
  return text.length < precision || (precision === 1 && text.length === 1 && size === 0)
    ? `${text}.0`
    : scientific(text);
};

const scientific = (text: string): string => {
  const exponent = text.length - 1;
  return `${text[0]}${text.slice(1).replace(/0+$/, '') === '' ? '' : `.${text.slice(1).replace(/0+$/, '')}`}e+${String(exponent).padStart(2, '0')}`;
};

const unknownCode = (spec: Spec, name: string): Error =>
  valueError(`Unknown format code '${spec.type}' for object of type '${name}'`);

const signOf = (isNegative: boolean, spec: Spec): string => (isNegative ? '-' : spec.sign === '-' ? '' : spec.sign);

const grouped = (digits: string, separator: string, size: number): string =>
  separator === '' ? digits : digits.replace(new RegExp(`\\B(?=(?:[0-9a-fA-F]{${size}})+$)`, 'g'), separator);

const pad = (prefix: string, body: string, spec: Spec, align: string): string => {
  const missing = spec.width - [...prefix].length - [...body].length;
  if (missing <= 0) return prefix + body;
  const fill = (count: number): string => spec.fill.repeat(count);
  switch (align) {
    case '<':
      return prefix + body + fill(missing);
    case '^':
      return fill(missing >> 1) + prefix + body + fill(missing - (missing >> 1));
    case '=':
      return prefix + zeroGroups(fill(missing), body, spec);
    default:
      return fill(missing) + prefix + body;
  }
};

// Zeros that fill up a grouped number get separators too: 0,001,234.
const zeroGroups = (filling: string, body: string, spec: Spec): string => {
  if (spec.grouping === '' || spec.fill !== '0') return filling + body;
  const [, whole, rest] = /^([\da-f_,]*)(.*)$/is.exec(body)!;
  const room = filling.length + whole!.length;
  const digits = whole!.replaceAll(spec.grouping, '');
  let text = whole!;
  for (let count = digits.length + 1; text.length < room; count++) {
    text = grouped(digits.padStart(count, '0'), spec.grouping, 3);
  }
  return text + rest;
};
