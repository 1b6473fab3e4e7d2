import { expect, test } from 'vitest';
import { fieldsOf, PyDateTime, PyTimedelta, PythonRandom, shuffle, strftime, strptime } from './index.ts';

test('formats as strftime of the C library', () => {
  const fields = { ...fieldsOf(1_709_202_600), offset: 0, zone: 'UTC' };
  expect(strftime('%a %d %b %Y %j %U %W %V %G %u %e|%-d|%_H|%^a|%10Y|%s|%z %Z|%f', fields)).toBe(
    'Thu 29 Feb 2024 060 08 09 09 2024 4 29|29|10|THU|0000002024|1709202600|+0000 UTC|%f',
  );
});

test('reads what strptime of Python reads, and refuses in its words', () => {
  expect(strptime('29 Feb 2024 10:00:01 PM', '%d %b %Y %I:%M:%S %p').toText()).toBe('2024-02-29 22:00:01');
  expect(strptime('2024 10 0', '%Y %U %w').toText()).toBe('2024-03-10 00:00:00');
  expect(strptime('2024-01-01T00:00:00.123+02:30', '%Y-%m-%dT%H:%M:%S.%f%z').toText()).toBe(
    '2024-01-01 00:00:00.123000+02:30',
  );
  expect(() => strptime('x', '%Y')).toThrow("time data 'x' does not match format '%Y'");
  expect(() => strptime('2023-02-29', '%Y-%m-%d')).toThrow('day is out of range for month');
});

test('computes with dates', () => {
  const day = new PyDateTime(fieldsOf(1_709_202_600));
  const later = day.operate('+', new PyTimedelta(90_000, 5), true) as PyDateTime;
  expect(later.toText()).toBe('2024-03-01 11:30:00.000005');
  const difference = day.operate('-', later, true) as PyTimedelta;
  expect(difference.toText()).toBe('-2 days, 22:59:59.999995');
  expect(difference.days).toBe(-2);
  expect(day.compare(later)).toBeLessThan(0);
});

test('gives the random numbers of Python for a seed', () => {
  const source = new PythonRandom('x');
  expect(source.random()).toBe(0.6307877176639078);
  expect(source.below(10)).toBe(9);
  expect(source.below(2 ** 40)).toBe(1_063_435_023_614);
  expect(shuffle([1, 2, 3, 4, 5], source)).toEqual([5, 2, 3, 4, 1]);
});
