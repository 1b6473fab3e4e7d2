import { expect, test } from 'vitest';
import { joinAtStars, literalSource, starRegex } from './stars.ts';

const matches = (glob: string, text: string): boolean =>
  new RegExp(`^${joinAtStars(glob.split('*'))}$`, 's').test(text);

test('stars stand for any text', () => {
  for (const [glob, text, expected] of [
    ['', '', true],
    ['*', '', true],
    ['a', 'ab', false],
    ['a*', 'ab\nc', true],
    ['*a', 'bab', false],
    ['a*b*c', 'abbc', true],
    ['a*b*c', 'acb', false],
    ['**a**b**', 'xaxb', true],
    ['*ab*ab*ab', 'abababab', true],
    ['*ab*ab*ab', 'abxab', false],
    ['*1*1*1*1*1*1*1*1*1*1*1*', '11111111111', true],
  ] as const) {
    expect([glob, text, matches(glob, text)]).toEqual([glob, text, expected]);
  }
});

test('many stars take no time', () => {
  const start = performance.now();
  expect(matches(`${'*a'.repeat(40)}*b`, 'a'.repeat(5000))).toBe(false);
  expect(performance.now() - start).toBeLessThan(5000);
});

test('only stars and question marks stand for something else', () => {
  for (const [pattern, text, expected] of [
    ['web?', 'web1', true],
    ['web?', 'web', false],
    ['w*.example.com', 'web1.example.com', true],
    ['w*.example.com', 'web1-example.com', false],
    ['[a](b)+^$|{1}/\\', '[a](b)+^$|{1}/\\', true],
    ['[a]', 'a', false],
    ['A', 'a', false],
  ] as const) {
    expect([pattern, text, starRegex(pattern).test(text)]).toEqual([pattern, text, expected]);
  }
  expect(starRegex('A?', 'i').test('ab')).toBe(true);
  expect(new RegExp(`^${literalSource('a.b*c')}$`, 'u').test('a.b*c')).toBe(true);
});
