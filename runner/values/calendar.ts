/** A moment as a calendar shows it. `offset` is the distance from UTC in seconds; absent for a naive moment. */
export interface CalendarFields {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
  readonly offset?: number | undefined;
  /** The zone's abbreviation, e.g. CET. */
  readonly zone?: string | undefined;
}

const secondsPerDay = 86_400;

/** Days since 1970-01-01 of a date in the proleptic Gregorian calendar. */
export const dayNumber = (year: number, month: number, day: number): number => {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return Math.round(date.getTime() / (secondsPerDay * 1000));
};

/** Seconds since 1970 of the wall clock that the fields show, whatever their zone. */
export const wallSeconds = (fields: CalendarFields): number =>
  dayNumber(fields.year, fields.month, fields.day) * secondsPerDay +
  fields.hour * 3600 +
  fields.minute * 60 +
  fields.second;

/** The fields of so many seconds since 1970 in UTC, or shifted to `offset`. */
export const fieldsOf = (
  seconds: number,
  microsecond = 0,
  zone: { offset?: number | undefined; zone?: string | undefined } = {},
): CalendarFields => {
  const date = new Date(Math.floor(seconds) * 1000);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    microsecond,
    ...zone,
  };
};

/** The controller's local time at so many seconds since 1970. */
export const localFields = (seconds: number, microsecond = 0): CalendarFields => {
  const date = new Date(Math.floor(seconds) * 1000);
  const offset = -date.getTimezoneOffset() * 60;
  return fieldsOf(seconds + offset, microsecond, { offset, zone: zoneName(date, offset) });
};

/** The same without the zone, as Python's naive dates are. */
export const naiveFields = (seconds: number, microsecond = 0): CalendarFields =>
  fieldsOf(seconds - new Date(Math.floor(seconds) * 1000).getTimezoneOffset() * 60, microsecond);

/** UTC at so many seconds since 1970. */
export const utcFields = (seconds: number, microsecond = 0): CalendarFields =>
  fieldsOf(seconds, microsecond, { offset: 0, zone: 'UTC' });

// Each of these knows the abbreviations of its own part of the world only.
const locales = ['en-US', 'en-GB', 'en-AU', 'en-IN', 'en-ZA', 'en-NZ', 'en-CA'];

const formats = new Map<string, Intl.DateTimeFormat>();

/** The format of a locale that tells the zone; to make one takes a millisecond. */
const zoneFormat = (locale: string): Intl.DateTimeFormat => {
  const key = `${locale} ${process.env.TZ ?? ''}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(locale, { timeZoneName: 'short' });
    formats.set(key, format);
  }
  return format;
};

const zoneName = (date: Date, offset: number): string => {
  for (const locale of locales) {
    const parts = zoneFormat(locale).formatToParts(date);
    const name = parts.find(({ type }) => type === 'timeZoneName')?.value;
    if (name !== undefined && /^[A-Z]{3,5}$/.test(name)) return name;
  }
  const minutes = Math.abs(offset) / 60;
  const sign = offset < 0 ? '-' : '+';
  return sign + pad(Math.floor(minutes / 60), 2) + (minutes % 60 === 0 ? '' : pad(minutes % 60, 2));
};

/** Monday is 0. */
export const weekday = ({ year, month, day }: CalendarFields): number =>
  (((dayNumber(year, month, day) + 3) % 7) + 7) % 7;

/** 1 January is 1. */
export const dayOfYear = ({ year, month, day }: CalendarFields): number =>
  dayNumber(year, month, day) - dayNumber(year, 1, 1) + 1;

/** The ISO 8601 year and week. */
export const isoWeek = (fields: CalendarFields): { year: number; week: number } => {
  const thursday = fieldsOf((dayNumber(fields.year, fields.month, fields.day) - weekday(fields) + 3) * secondsPerDay);
  return { year: thursday.year, week: Math.floor((dayOfYear(thursday) - 1) / 7) + 1 };
};

/** `value` with zeros in front. */
export const pad = (value: number, width: number): string =>
  value < 0 ? `-${String(-value).padStart(width - 1, '0')}` : String(value).padStart(width, '0');

/** `+02:00`, with seconds when there are any. */
export const offsetText = (offset: number, separator: string): string => {
  const size = Math.abs(offset);
  const parts = [pad(Math.floor(size / 3600), 2), pad(Math.floor(size / 60) % 60, 2)];
  if (size % 60 !== 0) parts.push(pad(size % 60, 2));
  return (offset < 0 ? '-' : '+') + parts.join(separator);
};
