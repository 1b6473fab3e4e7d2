import { type CalendarFields, dayNumber, fieldsOf, weekday } from './calendar.ts';
import { PyDateTime } from './dates.ts';
import { dayNames, monthNames } from './strftime.ts';

const short = (names: readonly string[]): string[] => names.map((name) => name.slice(0, 3));
const anyOf = (names: readonly string[]): string => names.join('|');

// What each directive of Python's strptime accepts.
const patterns: Readonly<Record<string, string>> = {
  a: anyOf(short(dayNames)),
  A: anyOf(dayNames),
  b: anyOf(short(monthNames)),
  B: anyOf(monthNames),
  d: '3[0-1]|[1-2]\\d|0[1-9]|[1-9]| [1-9]',
  f: '[0-9]{1,6}',
  G: '\\d{4}',
  H: '2[0-3]|[0-1]\\d|\\d',
  I: '1[0-2]|0[1-9]|[1-9]',
  j: '36[0-6]|3[0-5]\\d|[1-2]\\d\\d|0[1-9]\\d|00[1-9]|[1-9]\\d|0[1-9]|[1-9]',
  m: '1[0-2]|0[1-9]|[1-9]',
  M: '[0-5]\\d|\\d',
  p: 'am|pm',
  S: '6[0-1]|[0-5]\\d|\\d',
  u: '[1-7]',
  U: '5[0-3]|[0-4]\\d|\\d',
  V: '5[0-3]|0[1-9]|[1-4]\\d|\\d',
  w: '[0-6]',
  W: '5[0-3]|[0-4]\\d|\\d',
  y: '\\d\\d',
  Y: '\\d{4}',
  z: '[+-]\\d\\d:?[0-5]\\d(?::?[0-5]\\d(?:\\.\\d{1,6})?)?|Z',
  Z: 'utc|gmt',
};
const composed: Readonly<Record<string, string>> = { c: '%a %b %d %H:%M:%S %Y', x: '%m/%d/%y', X: '%H:%M:%S' };

const patternOf = (format: string, letters: string[]): string =>
  format
    .replace(/%[cxX]/g, (directive) => composed[directive[1]!]!)
    .replace(/%([\s\S]?)|\s+|[.^$*+?()[\]{}\\|]/g, (token, letter: string | undefined) => {
      if (letter === undefined) return /^\s/.test(token) ? '\\s+' : `\\${token}`;
      if (letter === '%') return '%';
      const pattern = patterns[letter];
      if (pattern === undefined) throw new RangeError(`'${letter}' is a bad directive in format '${format}'`);
      letters.push(letter);
      return `(${pattern})`;
    });

/** Python's datetime.strptime. Throws a RangeError with Python's words for text or a format that does not fit. */
export const strptime = (text: string, format: string): PyDateTime => {
  const letters: string[] = [];
  const match = new RegExp(`^${patternOf(format, letters)}`, 'i').exec(text);
  if (!match) throw new RangeError(`time data '${text}' does not match format '${format}'`);
  if (match[0].length !== text.length) throw new RangeError(`unconverted data remains: ${text.slice(match[0].length)}`);
  const found = new Map(letters.map((letter, index) => [letter, match[index + 1]!.trim().toLowerCase()]));
  const number = (letter: string): number | undefined => (found.has(letter) ? Number(found.get(letter)) : undefined);

  const fields = {
    ...dateOf(found, number),
    hour: hourOf(found, number),
    minute: number('M') ?? 0,
    second: number('S') ?? 0,
    microsecond: Number((found.get('f') ?? '').padEnd(6, '0')),
    ...zoneOf(found.get('z')),
  };
  if (fields.second > 59) throw new RangeError('second must be in 0..59');
  return new PyDateTime(fields);
};

type NumberOf = (letter: string) => number | undefined;

const hourOf = (found: ReadonlyMap<string, string>, number: NumberOf): number => {
  const twelve = number('I');
  if (twelve === undefined) return number('H') ?? 0;
  return (twelve % 12) + (found.get('p') === 'pm' ? 12 : 0);
};

const dateOf = (
  found: ReadonlyMap<string, string>,
  number: NumberOf,
): Pick<CalendarFields, 'year' | 'month' | 'day'> => {
  const twoDigits = number('y');
  const year = number('Y') ?? (twoDigits === undefined ? 1900 : twoDigits + (twoDigits <= 68 ? 2000 : 1900));
  const names = (letter: string, list: readonly string[]): number =>
    list.findIndex((name) => name.toLowerCase() === found.get(letter));
  const month = number('m') ?? (names('B', monthNames) + 1 || names('b', short(monthNames)) + 1);
  const day = number('d');
  if (month === 0 && day === undefined) {
    const inWeek = dayOfWeek(found, number, names);
    const ordinal = number('j');
    if (ordinal !== undefined) return fieldsOf((dayNumber(year, 1, 1) + ordinal - 1) * 86_400);
    if (inWeek !== undefined) {
      const week = weekDate(year, inWeek, number);
      if (week !== undefined) return week;
    }
  }
  const date = { year, month: month || 1, day: day ?? 1 };
  if (fieldsOf(dayNumber(date.year, date.month, date.day) * 86_400).day !== date.day)
    throw new RangeError('day is out of range for month');
  return date;
};

// Monday is 0.
const dayOfWeek = (
  found: ReadonlyMap<string, string>,
  number: NumberOf,
  names: (letter: string, list: readonly string[]) => number,
): number | undefined => {
  if (found.has('w')) return (number('w')! + 6) % 7;
  if (found.has('u')) return number('u')! - 1;
  if (found.has('A')) return names('A', dayNames);
  return found.has('a') ? names('a', short(dayNames)) : undefined;
};

const weekDate = (year: number, day: number, number: NumberOf): CalendarFields | undefined => {
  const isoYear = number('G');
  const isoWeek = number('V');
  if (isoYear !== undefined && isoWeek !== undefined) {
    const fourth = dayNumber(isoYear, 1, 4);
    const monday = fourth - weekday(fieldsOf(fourth * 86_400));
    return fieldsOf((monday + (isoWeek - 1) * 7 + day) * 86_400);
  }
  const sunday = number('U');
  const week = sunday ?? number('W');
  if (week === undefined) return undefined;
  const firstDay = sunday === undefined ? 0 : 6;
  const first = fieldsOf(dayNumber(year, 1, 1) * 86_400);
  const lead = (7 - ((weekday(first) - firstDay + 7) % 7)) % 7;
  const inWeek = (day - firstDay + 7) % 7;
  const ordinal = week === 0 ? inWeek - ((7 - lead) % 7) : lead + (week - 1) * 7 + inWeek;
  return fieldsOf((dayNumber(year, 1, 1) + ordinal) * 86_400);
};

const zoneOf = (offset: string | undefined): Pick<CalendarFields, 'offset' | 'zone'> => {
  if (offset === undefined) return {};
  if (offset === 'z') return { offset: 0, zone: 'UTC' };
  const digits = offset.slice(1).replaceAll(':', '').slice(0, 6).padEnd(6, '0');
  const size = Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2, 4)) * 60 + Number(digits.slice(4, 6));
  return { offset: offset[0] === '-' ? -size : size };
};
