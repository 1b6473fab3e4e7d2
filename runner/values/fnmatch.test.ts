import { describe, expect, it } from 'vitest';
import { matchesGlob } from './fnmatch.ts';

describe('globs', () => {
  // [text, pattern, whether they fit], by Python's fnmatch.
  it.each<[string, string, boolean]>([
    ['ba[', '*[', true],
    ['[', '[', true],
    ['', '*', true],
    ['a\nc', 'a?c', true],
    ['Ab', 'ab', false],
    ['libfoo1', 'lib*[0-9]', true],
    ['libfoo', 'lib*[!o]', false],
    ['g++-12', 'g++*', true],
    ['gcc', 'g+c', false],
    ['b', '[c-a]', false],
    ['x', '[!c-a]', true],
    ['ba', 'ab', false],
    ['xay', 'a', false],
    ['^aa', '\\[!a-', false],
    ['^', '[]^', false],
    ['a!', '*?![', false],
    [']b', '[*\\[', false],
    ['b[^', '*^[\\', false],
    ['', '[]!', false],
    ['.-aa', '*[!.', false],
    ['^acb', '\\\\[', false],
  ])('%j is %j: %s', (text, pattern, expected) => {
    expect(matchesGlob(text, pattern)).toBe(expected);
  });
});
