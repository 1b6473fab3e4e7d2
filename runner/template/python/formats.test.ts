import { describe, expect, test } from 'vitest';
import { TemplateError } from '../../errors/index.ts';
import { float, toRepr, tuple, type Value } from '../../values/index.ts';
import { formatText, formatValue, percentFormat, readLiteral, split, titleCase } from './index.ts';

describe('%-formatting', () => {
  test.each<[string, Value, string]>([
    ['%05d|%-6s|%6s|%x', tuple([42, 'ab', 'cd', 255]), '00042|ab    |    cd|ff'],
    ['%.0f %.0f', tuple([2.5, 3.5]), '2 4'],
    ['%.2f%%', 12.345, '12.35%'],
    ['%g %g', tuple([100000, 1000000]), '100000 1e+06'],
    ['%(a)s', new Map([['a', 1]]), '1'],
    ['%*d', tuple([5, 42]), '   42'],
    ['%.2e', 0, '0.00e+00'],
    ['%.20f', 0.1, '0.10000000000000000555'],
    ['%d', 2n ** 70n, '1180591620717411303424'],
  ])('%s', (format, args, expected) => {
    expect(percentFormat(format, args)).toBe(expected);
  });
  test.each<[string, Value]>([
    ['%s %s', 'x'],
    ['x', 1],
    ['%d', 'x'],
    ['%', 1],
  ])('%s fails', (format, args) => {
    expect(() => percentFormat(format, args)).toThrow(TemplateError);
  });
});

describe('format()', () => {
  test.each<[string, Value[], string]>([
    ['{0}{1}{0}', ['a', 'b'], 'aba'],
    ['{:>5}|{:^5}|{:*<5}', ['a', 'b', 'c'], '    a|  b  |c****'],
    ['{:08.3f} {:+d} {:,}', [2.71951, 5, 1234567], '0002.720 +5 1,234,567'],
    ['{:#x} {:b} {:.1%}', [255, 5, 0.256], '0xff 101 25.6%'],
    ['{{}} {:{}}|', ['a', 3], '{} a  |'],
    ['{0[k]}', [new Map([['k', 'v']])], 'v'],
    ['{!r}', ['a'], "'a'"],
  ])('%s', (format, args, expected) => {
    expect(formatText(format, args, new Map())).toBe(expected);
  });
  test('reaches nothing of JavaScript', () => {
    for (const path of ['constructor', '__proto__', 'length']) {
      expect(() => formatText(`{0.${path}}`, [new Map()], new Map()), path).toThrow(/has no attribute/);
    }
  });
  test('floats show that they are', () => {
    expect(formatValue(float(3), '.10')).toBe('3.0');
    expect(formatValue(float(1e20), '')).toBe('1e+20');
  });
});

describe('literals', () => {
  test.each([
    ["[1, 'a', (2,), {'k': None}]", "[1, 'a', (2,), {'k': None}]"],
    ['{"a": [true, null]}', "{'a': [True, None]}"],
    ['[1.0, -2, 1e3, 0x10]', '[1.0, -2, 1000.0, 16]'],
    ['[\'a\' "b"]', "['ab']"],
    ['{1, 2}', '{1, 2}'],
    ['[1] # comment', '[1]'],
    ["[r'\\d', '\\x41']", "['\\\\d', 'A']"],
  ])('%s', (text, expected) => {
    expect(toRepr(readLiteral(text)!)).toBe(expected);
  });
  test.each([
    '[1',
    '[a]',
    '[1] + [2]',
    '[1][0]',
    '{a: 1}',
    ' [1]',
    '[01]',
    '[f"x"]',
    '[__import__("os")]',
    '['.repeat(500),
  ])('%s is none', (text) => {
    expect(readLiteral(text)).toBeUndefined();
  });
  test('a list as a key is an error', () => {
    expect(() => readLiteral('{[1]: 2}')).toThrow("unhashable type: 'list'");
    expect(() => readLiteral('{{1}}')).toThrow("unhashable type: 'set'");
    expect(readLiteral('{{1}}x')).toBeUndefined();
  });
});

test('text splits and gets titles as in Python', () => {
  expect(split(' a  b c ', null, 1)).toEqual(['a', 'b c ']);
  expect(split('a,b,c', ',', 1)).toEqual(['a', 'b,c']);
  expect(titleCase("it's o'clock")).toBe("It'S O'Clock");
});
