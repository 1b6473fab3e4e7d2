import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { PythonRegex, PythonRegexError } from './index.ts';

type Answer = 'error' | null | string | (string | null)[] | (string | number | null)[][];

// Pattern, flags, text and replacement, and what re.sub, finditer, match and split answered.
const recorded = JSON.parse(
  readFileSync(new URL('../../test/templating/recorded/regexes.json', import.meta.url), 'utf8'),
) as [string, number, string, string, Answer[]][];

const orError = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    expect(error).toBeInstanceOf(PythonRegexError);
    return 'error';
  }
};

describe('patterns mean what they mean to Python', () => {
  test.each(recorded)('%s (%i) in %j', (pattern, flags, text, replacement, answers) => {
    const compile = (): PythonRegex =>
      new PythonRegex(pattern, {
        ignoreCase: (flags & 2) !== 0,
        multiline: (flags & 8) !== 0,
        dotAll: (flags & 16) !== 0,
        verbose: (flags & 64) !== 0,
      });
    const found = [
      orError(() => compile().replace(text, replacement)),
      orError(() =>
        compile()
          .findAll(text)
          .map(({ groups, start, end }) => [...groups.slice(1).map((group) => group ?? null), start, end, groups[0]]),
      ),
      orError(() => compile().match(text)?.groups[0] ?? null),
      orError(() =>
        compile()
          .split(text)
          .map((part) => part ?? null),
      ),
    ];
    expect(found).toEqual(answers);
  });

  test('errors have the words of Python', () => {
    expect(() => new PythonRegex('(b')).toThrow('missing ), unterminated subpattern at position 0');
    expect(() => new PythonRegex('a**')).toThrow('multiple repeat at position 2');
    expect(() => new PythonRegex('[z-a]')).toThrow('bad character range z-a at position 1');
    expect(() => new PythonRegex('b').replace('b', '\\1')).toThrow('invalid group reference 1 at position 1');
  });
});
