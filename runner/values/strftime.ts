import { type CalendarFields, dayOfYear, isoWeek, offsetText, pad, wallSeconds, weekday } from './calendar.ts';

export const dayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
export const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/**
 * C's strftime in the C locale, with glibc's flags (`%-d`, `%_H`, `%^a`) since Python hands formats to it. `%f` is
 * known to datetime objects only: `withMicroseconds`.
 */
export const strftime = (format: string, fields: CalendarFields, withMicroseconds = false): string =>
  format.replace(/%([-_0^#]*)(\d*)[EO]?([a-zA-Z%+])/g, (whole, flags: string, width: string, letter: string) => {
    if (letter === 'f') return withMicroseconds ? pad(fields.microsecond, 6) : whole;
    const item = items[letter];
    if (item === undefined) return whole;
    const shown = item(fields);
    return applyFlags(shown, flags, width);
  });

interface Shown {
  readonly text: string;
  /** How numbers are filled up to their usual width. */
  readonly width?: number;
  readonly fill?: string;
}

const applyFlags = ({ text, width, fill = '0' }: Shown, flags: string, wanted: string): string => {
  let shown = text;
  let filler = width === undefined ? ' ' : fill;
  let size = wanted === '' ? (width ?? 0) : Number(wanted);
  for (const flag of flags) {
    if (flag === '-') size = 0;
    else if (flag === '_') filler = ' ';
    else if (flag === '0') filler = '0';
    else if (flag === '^') shown = shown.toUpperCase();
    else if (flag === '#') shown = shown === shown.toUpperCase() ? shown.toLowerCase() : shown.toUpperCase();
  }
  return shown.padStart(size, filler);
};

const text = (value: string): Shown => ({ text: value });
const number = (value: number, width = 2, fill = '0'): Shown => ({ text: String(value), width, fill });
const twelve = (hour: number): number => ((hour + 11) % 12) + 1;
const composed =
  (format: string) =>
  (fields: CalendarFields): Shown =>
    text(strftime(format, fields));

const weekNumber = (fields: CalendarFields, firstDay: number): number =>
  Math.floor((dayOfYear(fields) + 6 - ((weekday(fields) - firstDay + 7) % 7)) / 7);

const items: Readonly<Record<string, ((fields: CalendarFields) => Shown) | undefined>> = {
  '%': () => text('%'),
  A: (fields) => text(dayNames[weekday(fields)]!),
  a: (fields) => text(dayNames[weekday(fields)]!.slice(0, 3)),
  B: ({ month }) => text(monthNames[month - 1]!),
  b: ({ month }) => text(monthNames[month - 1]!.slice(0, 3)),
  h: ({ month }) => text(monthNames[month - 1]!.slice(0, 3)),
  C: ({ year }) => number(Math.floor(year / 100)),
  c: composed('%a %b %e %H:%M:%S %Y'),
  D: composed('%m/%d/%y'),
  d: ({ day }) => number(day),
  e: ({ day }) => number(day, 2, ' '),
  F: composed('%Y-%m-%d'),
  G: (fields) => number(isoWeek(fields).year, 4),
  g: (fields) => number(isoWeek(fields).year % 100),
  H: ({ hour }) => number(hour),
  I: ({ hour }) => number(twelve(hour)),
  j: (fields) => number(dayOfYear(fields), 3),
  k: ({ hour }) => number(hour, 2, ' '),
  l: ({ hour }) => number(twelve(hour), 2, ' '),
  M: ({ minute }) => number(minute),
  m: ({ month }) => number(month),
  n: () => text('\n'),
  P: ({ hour }) => text(hour < 12 ? 'am' : 'pm'),
  p: ({ hour }) => text(hour < 12 ? 'AM' : 'PM'),
  R: composed('%H:%M'),
  r: composed('%I:%M:%S %p'),
  S: ({ second }) => number(second),
  s: (fields) => text(String(wallSeconds(fields) - (fields.offset ?? localOffset(fields)))),
  T: composed('%H:%M:%S'),
  t: () => text('\t'),
  U: (fields) => number(weekNumber(fields, 6)),
  u: (fields) => number(weekday(fields) + 1, 1),
  V: (fields) => number(isoWeek(fields).week),
  W: (fields) => number(weekNumber(fields, 0)),
  w: (fields) => number((weekday(fields) + 1) % 7, 1),
  X: composed('%H:%M:%S'),
  x: composed('%m/%d/%y'),
  Y: ({ year }) => number(year, 1),
  y: ({ year }) => number(year % 100),
  Z: ({ zone }) => text(zone ?? ''),
  z: ({ offset }) => text(offset === undefined ? '' : offsetText(offset, '')),
};

/** The controller's distance from UTC at a naive moment, in seconds. */
export const localOffset = ({ year, month, day, hour, minute, second }: CalendarFields): number =>
  -new Date(year, month - 1, day, hour, minute, second).getTimezoneOffset() * 60;
