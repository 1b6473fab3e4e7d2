// OpenSVC's language of schedules: [!] times [days [weeks [months]]]
import { parseDuration } from './duration.ts';
import { secondsOfDay } from './local-time.ts';

/** A part of a day, in seconds from its beginning; one that ends before it begins goes on into the next day. */
export interface TimeRange {
  readonly begin: number;
  readonly end: number;
  /** It ends with the day, whose last moment is the next day's first. */
  readonly isWholeDay: boolean;
  /** Milliseconds from one run to the next; undefined: once in each range. */
  readonly interval: number | undefined;
  /** The run comes at a random moment. */
  readonly isRandom: boolean;
}

/** A day of the week, Monday is 1; with a day of the month, counted from its end when negative. */
export interface DayRule {
  readonly weekday: number;
  readonly monthDay: number | undefined;
}

/** One expression. */
export interface OpensvcRule {
  readonly isExclusion: boolean;
  readonly times: readonly TimeRange[];
  readonly days: readonly DayRule[];
  readonly weeks: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
}

/** Why an expression cannot be read. `expected` says what could stand there. */
export class ScheduleSyntaxError extends Error {
  readonly expected: string;

  constructor(message: string, expected: string) {
    super(message);
    this.expected = expected;
  }
}

const wrong = (message: string, expected: string): never => {
  throw new ScheduleSyntaxError(message, expected);
};

/** Reads one expression. Throws ScheduleSyntaxError. */
export const parseOpensvc = (text: string): OpensvcRule => {
  const trimmed = text.trim();
  const isExclusion = trimmed.startsWith('!');
  const parts = trimmed
    .slice(isExclusion ? 1 : 0)
    .split(/\s+/)
    .filter((part) => part !== '');
  if (parts.length > 4) wrong(`'${trimmed}' has ${parts.length} parts`, 'times, days, weeks and months at most');
  if (isExclusion && parts.length === 0)
    wrong("there is nothing behind '!'", 'the times to leave out, as in ! 12:00-14:00');
  const [times = '@0', days = '*', weeks = '*', months = '*'] = parts;
  return {
    isExclusion,
    times: times.split(',').flatMap(parseTimes),
    days: days.split(',').flatMap(parseDays),
    weeks: parseNumbers(weeks, weekKind),
    months: parseNumbers(months, monthKind),
  };
};

const timesExpected = '*, 09:00, 09:00-18:00, ~00:00-06:00, with @10 (minutes), @30s, @2h or @1d behind it';

/** `~09:00-18:00@10m`. An interval of 0 means never. */
const parseTimes = (text: string): TimeRange[] => {
  const isRandom = text.startsWith('~');
  const [span = '', every, ...more] = text.slice(isRandom ? 1 : 0).split('@');
  if (more.length > 0) wrong(`'${text}' has more than one @`, 'one interval');
  const { begin, end, isWholeDay } = parseSpan(span, text);
  const given = every === undefined ? undefined : parseDuration(every, 'm');
  if (every !== undefined && given === undefined)
    wrong(`'@${every}' is no interval`, '@10 (minutes), @30s, @2h or @1d');
  if (given === 0) return [];
  const interval = given ?? (isWholeDay ? secondsOfDay * 1000 : undefined);
  const length = (end > begin ? end - begin : end - begin + secondsOfDay) * 1000;
  // What comes several times in a range cannot wait for a random moment of it; nor can what has only that one second.
  const hasRoom = length > 1000 && (interval === undefined || interval >= length);
  return [{ begin, end, isWholeDay, interval, isRandom: isRandom && hasRoom }];
};

const parseSpan = (text: string, whole: string): Pick<TimeRange, 'begin' | 'end' | 'isWholeDay'> => {
  if (text === '' || text === '*') return { begin: 0, end: secondsOfDay, isWholeDay: true };
  const [first, last, ...more] = text.split('-');
  if (more.length > 0) wrong(`'${whole}' has more than one -`, timesExpected);
  const begin = parseTime(first!, whole);
  const end = last === undefined ? begin : parseTime(last, whole);
  return { begin, end: begin === end ? end + 1 : end, isWholeDay: false };
};

const parseTime = (text: string, whole: string): number => {
  const [, hours, minutes, seconds = '0'] = /^(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?$/.exec(text) ?? [];
  if (hours === undefined)
    wrong(text === whole ? `'${text}' is no time` : `'${text}' in '${whole}' is no time`, timesExpected);
  const time = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  if (Number(minutes) > 59 || Number(seconds) > 59 || time > secondsOfDay) {
    wrong(`there is no ${text} on a clock`, 'a time from 00:00 to 24:00');
  }
  return time;
};

const ordinals: Readonly<Record<string, number>> = {
  first: 1,
  '1st': 1,
  second: 2,
  '2nd': 2,
  third: 3,
  '3rd': 3,
  fourth: 4,
  '4th': 4,
  fifth: 5,
  '5th': 5,
  last: -1,
};

/** `fri`, `mon-fri`, `*:last`, `:-2`: days of the week, and of the month. */
const parseDays = (text: string): DayRule[] => {
  const [weekdays = '', place, ...more] = text.split(':');
  if (more.length > 0) wrong(`'${text}' has more than one :`, 'one day of the month, as in *:last');
  const monthDay = place === undefined ? undefined : (ordinals[place.toLowerCase()] ?? parseMonthDay(place, text));
  return [...parseNumbers(weekdays, weekdayKind)].map((weekday) => ({ weekday, monthDay }));
};

const parseMonthDay = (text: string, whole: string): number => {
  const number = /^[+-]?\d+$/.test(text) ? Number(text) : 0;
  if (number !== 0 && Math.abs(number) <= 31) return number;
  return wrong(`'${whole}' names no day of the month`, '1 to 31, -1 (the last) to -31, first to fifth, or last');
};

interface NumberKind {
  readonly what: string;
  readonly names: ReadonlyMap<string, number>;
  readonly last: number;
  readonly expected: string;
}

const namesOf = (words: string): Map<string, number> =>
  new Map(
    words.split(' ').flatMap((word, index) => [[word, index + 1] as const, [word.slice(0, 3), index + 1] as const]),
  );

const weekdayKind: NumberKind = {
  what: 'day of the week',
  // 0 is Sunday too, as in cron.
  names: namesOf('monday tuesday wednesday thursday friday saturday sunday').set('0', 7),
  last: 7,
  expected: 'mon to sun, monday to sunday, 1 (Monday) to 7, or a range like mon-fri',
};
const weekKind: NumberKind = { what: 'week', names: new Map(), last: 53, expected: '1 to 53, or a range like 1-26' };
const monthKind: NumberKind = {
  what: 'month',
  names: namesOf('january february march april may june july august september october november december'),
  last: 12,
  expected: 'jan to dec, january to december, 1 to 12, a range like jan-mar, or %2 for every other',
};

/** `*`, `5`, `jan-mar`, `%2+1`, and lists of them. */
const parseNumbers = (text: string, kind: NumberKind): Set<number> => {
  const found = new Set<number>();
  for (const part of text.split(',')) {
    const [range = '', modulo, ...more] = part.split('%');
    if (more.length > 0) wrong(`'${part}' has more than one %`, kind.expected);
    const passes = modulo === undefined ? () => true : parseModulo(modulo, part);
    for (const number of parseRange(range, kind)) if (passes(number)) found.add(number);
  }
  return found;
};

const parseRange = (text: string, kind: NumberKind): number[] => {
  if (text === '' || text === '*') return upTo(1, kind.last);
  const [first, last, ...more] = text.split('-');
  if (more.length > 0) wrong(`'${text}' has more than one -`, kind.expected);
  if (text === '0-6' && kind === weekdayKind) return upTo(1, 7);
  const begin = parseNumber(first!, kind);
  const end = last === undefined ? begin : parseNumber(last, kind);
  return begin <= end ? upTo(begin, end) : [...upTo(begin, kind.last), ...upTo(1, end)];
};

const parseNumber = (text: string, { what, names, last, expected }: NumberKind): number => {
  const number = names.get(text.toLowerCase()) ?? (/^\d{1,2}$/.test(text) ? Number(text) : 0);
  return number >= 1 && number <= last ? number : wrong(`'${text}' is no ${what}`, expected);
};

const upTo = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** `2+1`: whether a number and the shift can be divided. */
const parseModulo = (text: string, whole: string): ((number: number) => boolean) => {
  const [, modulo, shift = '0'] = /^(\d{1,2})(?:\+(\d{1,2}))?$/.exec(text) ?? [];
  const divisor = Number(modulo ?? 0);
  if (divisor === 0) wrong(`'${whole}' says nothing to divide by`, '%2 or, shifted, %2+1');
  return (number) => (number + Number(shift)) % divisor === 0;
};
