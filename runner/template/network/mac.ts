import { integer, type Value } from '../../values/index.ts';
import { filterError, isText, text } from '../filters/support.ts';
import { intOf } from '../python/index.ts';

const layouts: readonly (readonly [RegExp, number])[] = [
  [/^(?:[0-9a-f]{1,2}:){5}[0-9a-f]{1,2}$/i, 2],
  [/^(?:[0-9a-f]{1,2}-){5}[0-9a-f]{1,2}$/i, 2],
  [/^(?:[0-9a-f]{1,4}:){2}[0-9a-f]{1,4}$/i, 4],
  [/^(?:[0-9a-f]{1,4}-){2}[0-9a-f]{1,4}$/i, 4],
  [/^(?:[0-9a-f]{1,4}\.){2}[0-9a-f]{1,4}$/i, 4],
  [/^[0-9a-f]{5,6}[:-][0-9a-f]{5,6}$/i, 6],
  [/^[0-9a-f]{11,12}$/i, 12],
];

/** The twelve digits of a hardware address in any of the usual layouts; undefined when it is none. */
export const parseMac = (value: Value): string | undefined => {
  const number = typeof value === 'boolean' ? undefined : intOf(value);
  if (number !== undefined) {
    const hex = number.toString(16).padStart(12, '0');
    return number >= 0 && hex.length === 12 ? hex : undefined;
  }
  if (!isText(value)) return undefined;
  const shown = text(value);
  const layout = layouts.find(([pattern]) => pattern.test(shown));
  if (!layout) return undefined;
  return shown
    .split(/[:.-]/)
    .map((word) => word.padStart(layout[1], '0'))
    .join('')
    .toLowerCase();
};

const words = (digits: string, size: number, separator: string): string =>
  digits.match(new RegExp(`.{${size}}`, 'g'))!.join(separator);

const queries: Readonly<Record<string, (digits: string) => Value>> = {
  bare: (digits) => digits.toUpperCase(),
  bool: () => true,
  int: (digits) => integer(BigInt(`0x${digits}`)),
  cisco: (digits) => words(digits, 4, '.'),
  eui48: (digits) => words(digits.toUpperCase(), 2, '-'),
  win: (digits) => words(digits.toUpperCase(), 2, '-'),
  linux: (digits) => words(digits, 2, ':'),
  pgsql: (digits) => words(digits, 6, ':'),
  postgresql: (digits) => words(digits, 6, ':'),
  psql: (digits) => words(digits, 6, ':'),
  unix: (digits) =>
    digits
      .match(/../g)!
      .map((word) => word.replace(/^0/, ''))
      .join(':'),
};

/** The `hwaddr` filter: a hardware address if it is one, in another layout where one is asked for. */
export const hwaddr = (value: Value, query: string, alias: string): Value => {
  const digits = parseMac(value);
  if (digits === undefined) {
    if (query !== '' && query !== 'bool') throw filterError(`${alias}: not a hardware address: ${text(value)}`);
    return null;
  }
  if (query === '') return value;
  const answer = Object.hasOwn(queries, query) ? queries[query] : undefined;
  if (!answer) throw filterError(`${alias}: unknown filter type: ${query}`);
  return answer(digits);
};

/** The last 64 bits of the address that a machine gives itself by its hardware address. */
export const interfaceId = (digits: string): bigint =>
  BigInt(`0x${digits.slice(0, 6)}fffe${digits.slice(6)}`) ^ 0x0200000000000000n;
