import { expect, it } from 'vitest';
import { type OpensvcRule, parseOpensvc, ScheduleSyntaxError } from './opensvc.ts';

const hour = 3600;

it('reads times, intervals and random starts', () => {
  const times = (text: string) => parseOpensvc(text).times;
  expect(times('*')).toEqual([{ begin: 0, end: 24 * hour, isWholeDay: true, interval: 86_400_000, isRandom: false }]);
  expect(times('09:00-18:30')).toEqual([
    { begin: 9 * hour, end: 18.5 * hour, isWholeDay: false, interval: undefined, isRandom: false },
  ]);
  expect(times('09:00:05')).toMatchObject([{ begin: 9 * hour + 5, end: 9 * hour + 6 }]);
  expect(times('22:00-02:00')).toMatchObject([{ begin: 22 * hour, end: 2 * hour }]);
  for (const [text, interval] of [
    ['@10', 600_000],
    ['*@06s', 6000],
    ['@1m', 60_000],
    ['10:00-18:00@2h', 7_200_000],
    ['@1d', 86_400_000],
    ['@1h30m', 5_400_000],
  ] as const) {
    expect(times(text)).toMatchObject([{ interval }]);
  }
  expect(times('08:00-09:00@5,~12:00-13:00,*@2h')).toMatchObject([
    { interval: 300_000, isRandom: false },
    { interval: undefined, isRandom: true },
    { isWholeDay: true },
  ]);
  for (const never of ['@0', '*@0', '09:00-10:00@0s', '']) expect(times(never)).toEqual([]);
});

it('lets a run come at random only where one fits into the range', () => {
  const isRandom = (text: string) => parseOpensvc(text).times[0]!.isRandom;
  expect(isRandom('~00:00-06:00')).toBe(true);
  expect(isRandom('~22:00-02:00')).toBe(true);
  expect(isRandom('~00:00-06:00@2d')).toBe(true);
  expect(isRandom('~*')).toBe(true);
  expect(isRandom('~00:00-06:00@1h')).toBe(false);
  expect(isRandom('~09:00')).toBe(false);
});

it('reads days, weeks and months', () => {
  const sorted = (numbers: ReadonlySet<number>) => [...numbers].sort((left, right) => left - right);
  const weekdays = (text: string) => sorted(new Set(parseOpensvc(`* ${text}`).days.map(({ weekday }) => weekday)));
  expect(weekdays('mon')).toEqual([1]);
  expect(weekdays('Monday-wed')).toEqual([1, 2, 3]);
  expect(weekdays('sun-tue')).toEqual([1, 2, 7]);
  expect(weekdays('tuesday-tue,sat')).toEqual([2, 6]);
  expect(weekdays('0-6')).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(weekdays('0')).toEqual([7]);
  const monthDay = (text: string) => parseOpensvc(`* ${text}`).days[0]!.monthDay;
  expect(['*:first', '*:1st', ':fifth', ':5', ':+5', 'fri:last', '*:-1', ':-31', 'mon'].map(monthDay)).toEqual([
    1,
    1,
    5,
    5,
    5,
    -1,
    -1,
    -31,
    undefined,
  ]);
  expect(parseOpensvc('* sat:last,tue-wed:2').days).toEqual([
    { weekday: 6, monthDay: -1 },
    { weekday: 2, monthDay: 2 },
    { weekday: 3, monthDay: 2 },
  ]);
  expect(sorted(parseOpensvc('* * 1-3,50').weeks)).toEqual([1, 2, 3, 50]);
  const months = (text: string) => sorted(parseOpensvc(`* * * ${text}`).months);
  expect(months('dec-mar')).toEqual([1, 2, 3, 12]);
  expect(months('april-apr')).toEqual([4]);
  expect(months('may,7')).toEqual([5, 7]);
  expect(months('%2')).toEqual([2, 4, 6, 8, 10, 12]);
  expect(months('%2+1')).toEqual([1, 3, 5, 7, 9, 11]);
  expect(months('jan-feb%2')).toEqual([2]);
  expect(months('%6+1,feb-apr')).toEqual([2, 3, 4, 5, 11]);
});

it('reads exclusions', () => {
  const exclusion: OpensvcRule = parseOpensvc('! 00:00-11:00 sun');
  expect(exclusion.isExclusion).toBe(true);
  expect(exclusion.days).toEqual([{ weekday: 7, monthDay: undefined }]);
  expect(parseOpensvc('!12:00-14:00').times).toMatchObject([{ begin: 12 * hour, end: 14 * hour }]);
});

it.each([
  ['23:00-23:59@61 *:first:*', "'*:first:*' has more than one :"],
  ['* *:', "'*:' names no day of the month"],
  ['* *:*', "'*:*' names no day of the month"],
  ['* :0', "':0' names no day of the month"],
  ['* :32', "':32' names no day of the month"],
  ['* * * %2%3', "'%2%3' has more than one %"],
  ['* * * %2+1+2', "'%2+1+2' says nothing to divide by"],
  ['* * * %foo', "'%foo' says nothing to divide by"],
  ['* * * %0', "'%0' says nothing to divide by"],
  ['* freday', "'freday' is no day of the week"],
  ['* 8', "'8' is no day of the week"],
  ['* * 54', "'54' is no week"],
  ['* * * junuary', "'junuary' is no month"],
  ['* * * 13', "'13' is no month"],
  ['* mon-tue-wed', "'mon-tue-wed' has more than one -"],
  ['23:00-23:59-01:00@61', "'23:00-23:59-01:00@61' has more than one -"],
  ['23:00@61@10', "'23:00@61@10' has more than one @"],
  ['14-15', "'14' in '14-15' is no time"],
  ['hourly', "'hourly' is no time"],
  ['25:00', 'there is no 25:00 on a clock'],
  ['09:60', 'there is no 09:60 on a clock'],
  ['@1x', "'@1x' is no interval"],
  ['@', "'@' is no interval"],
  ['@9999999999999', "'@9999999999999' is no interval"],
  ['* mon 1 12 4', "'* mon 1 12 4' has 5 parts"],
  ['!', "there is nothing behind '!'"],
])('refuses %s', (text, message) => {
  expect(() => parseOpensvc(text)).toThrow(ScheduleSyntaxError);
  expect(() => parseOpensvc(text)).toThrow(message);
});
