import type { TemplateError } from '../../errors/index.ts';
import { Float, Tuple, toRepr, toText, typeName, type Value } from '../../values/index.ts';
import { findKey } from './comparison.ts';
import { exponential, fixed, general } from './decimals.ts';
import { defined, templateError, typeError, valueError } from './errors.ts';
import { intOf, realOf } from './integers.ts';

const conversion = /%(?:\(([^)]*)\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+)?)?[hlL]?(.)?/gsu;

// All that may end a conversion.
const types = 'sracdiuxXoeEfFgG';

const unknownType = (type: string, text: string, at: number): TemplateError => {
  const index = [...text.slice(0, at)].length;
  const code = type.codePointAt(0)!;
  const shown = code > 31 && code < 127 ? type : '?';
  return valueError(`unsupported format character '${shown}' (0x${code.toString(16)}) at index ${index}`);
};

/** Python's `text % args`. */
export const percentFormat = (text: string, args: Value): string => {
  const items = args instanceof Tuple ? args : [args];
  let next = 0;
  const take = (): Value => {
    if (next >= items.length) throw typeError('not enough arguments for format string');
    return items[next++]!;
  };
  const takeNumber = (given: string | undefined): number | undefined => {
    if (given !== '*') return given === undefined ? undefined : Number(given);
    const value = intOf(take());
    if (value === undefined) throw typeError('* wants int');
    if (!Number.isSafeInteger(Number(value)))
      throw templateError('other', 'Python int too large to convert to C ssize_t');
    return Number(value);
  };
  const result = text.replace(conversion, (whole, key, flags: string, width, precision, type, at: number) => {
    if (whole === '%%') return '%';
    if (type === undefined) throw valueError('incomplete format');
    let columns = takeNumber(width);
    let isLeft = flags.includes('-');
    if (columns !== undefined && columns < 0) {
      isLeft = true;
      columns = -columns;
    }
    const digits = /\.(?!\d|\*)/.test(whole) ? 0 : takeNumber(precision);
    let value: Value;
    if (key !== undefined) {
      if (!(args instanceof Map)) throw typeError('format requires a mapping');
      if (findKey(args, key) === undefined) throw templateError('key', toRepr(key));
      value = args.get(key)!;
    } else value = take();
    if (!types.includes(type)) throw unknownType(type, text, at + whole.length - type.length);
    const shown = convert(type, type === 'r' ? value : defined(value), flags, digits);
    const body = 'sra'.includes(type) || type === 'c' ? shown : signed(shown, flags);
    if (columns === undefined) return body;
    if (isLeft) return body.padEnd(columns);
    return flags.includes('0') && !'srac'.includes(type) ? padZeros(body, columns) : body.padStart(columns);
  });
  // Python takes whatever can be asked for an item, but for texts and tuples, for a mapping, of which not all is used.
  const mayHaveMore = args instanceof Map || (Array.isArray(args) && !(args instanceof Tuple));
  if (next < items.length && !mayHaveMore) throw typeError('not all arguments converted during string formatting');
  return result;
};

const signed = (body: string, flags: string): string => {
  if (body.startsWith('-')) return body;
  return flags.includes('+') ? `+${body}` : flags.includes(' ') ? ` ${body}` : body;
};

const padZeros = (body: string, columns: number): string => {
  const prefix = /^[-+ ]?(?:0[xXo])?/.exec(body)![0];
  return prefix + body.slice(prefix.length).padStart(columns - prefix.length, '0');
};

const convert = (type: string, value: Value, flags: string, precision: number | undefined): string => {
  switch (type) {
    case 's':
      return cut(toText(value), precision);
    case 'r':
      return cut(toRepr(value), precision);
    case 'a':
      return cut(toRepr(value).replace(/[^\x00-\x7f]/gu, escapeCharacter), precision);
    case 'c':
      return character(value);
    case 'd':
    case 'i':
    case 'u':
      return zeroFilled(String(wholeNumber(type, value)), precision);
    case 'x':
    case 'X':
    case 'o':
      return radix(type, value, flags, precision);
    default:
      return real(type, value, flags, precision ?? 6);
  }
};

const cut = (text: string, precision: number | undefined): string =>
  precision === undefined ? text : [...text].slice(0, precision).join('');

const escapeCharacter = (text: string): string => {
  const code = text.codePointAt(0)!;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
};

const character = (value: Value): string => {
  if (typeof value === 'string' && [...value].length === 1) return value;
  const code = intOf(value);
  if (code === undefined) throw typeError('%c requires int or char');
  if (code < 0 || code > 0x10ffff) throw templateError('other', '%c arg not in range(0x110000)');
  return String.fromCodePoint(Number(code));
};

const wholeNumber = (type: string, value: Value): number | bigint => {
  const int = intOf(value);
  if (int !== undefined) return int;
  if (value instanceof Float || typeof value === 'number') {
    const number = Math.trunc(realOf(value)!);
    if (Number.isNaN(number)) throw valueError('cannot convert float NaN to integer');
    if (!Number.isFinite(number)) throw templateError('other', 'cannot convert float infinity to integer');
    return BigInt(number);
  }
  throw typeError(`%${type} format: a real number is required, not ${typeName(value)}`);
};

const zeroFilled = (digits: string, precision: number | undefined): string =>
  precision === undefined ? digits : digits.replace(/\d+/, (number) => number.padStart(precision, '0'));

const radix = (type: string, value: Value, flags: string, precision: number | undefined): string => {
  const int = intOf(value);
  if (int === undefined) throw typeError(`%${type} format: an integer is required, not ${typeName(value)}`);
  const digits = (int < 0 ? -int : int).toString(type === 'o' ? 8 : 16).padStart(precision ?? 0, '0');
  const text = `${int < 0 ? '-' : ''}${flags.includes('#') ? `0${type.toLowerCase()}` : ''}${digits}`;
  return type === 'X' ? text.toUpperCase() : text;
};

const real = (type: string, value: Value, flags: string, precision: number): string => {
  const number = realOf(value);
  if (number === undefined) throw typeError(`must be real number, not ${typeName(value)}`);
  const text = realText(type.toLowerCase(), Math.abs(number), precision, flags.includes('#'));
  const body = number < 0 || Object.is(number, -0) ? `-${text}` : text;
  return type === type.toUpperCase() ? body.toUpperCase() : body;
};

/** A number that is not negative by one of printf's conversions `e`, `f` and `g`. */
export const realText = (type: string, size: number, precision: number, keepsZeros = false): string => {
  if (Number.isNaN(size)) return 'nan';
  if (!Number.isFinite(size)) return 'inf';
  if (type === 'f') return keepsZeros && precision === 0 ? `${fixed(size, 0)}.` : fixed(size, precision);
  return type === 'e' ? exponential(size, precision) : general(size, precision, keepsZeros);
};
