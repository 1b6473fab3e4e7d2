import { expect, test } from 'vitest';
import { jsonMistake } from './json-mistake.ts';

// As Python's json tells them.
test.each([
  ['hello', 'Expecting value: line 1 column 1 (char 0)'],
  ['', 'Expecting value: line 1 column 1 (char 0)'],
  ['{"a": 1,}', 'Expecting property name enclosed in double quotes: line 1 column 9 (char 8)'],
  ['[1,\n 2', "Expecting ',' delimiter: line 2 column 3 (char 6)"],
  ['{"a" 1}', "Expecting ':' delimiter: line 1 column 6 (char 5)"],
  ['1 2', 'Extra data: line 1 column 3 (char 2)'],
  ['["é", "abc', 'Unterminated string starting at: line 1 column 7 (char 6)'],
  ['[1,]', 'Expecting value: line 1 column 4 (char 3)'],
  ['{"a":nul}', 'Expecting value: line 1 column 6 (char 5)'],
  ['[1 2]', "Expecting ',' delimiter: line 1 column 4 (char 3)"],
  ['"\n"', 'Invalid control character at: line 1 column 2 (char 1)'],
  ['01', 'Extra data: line 1 column 2 (char 1)'],
  ['"\\q"', 'Invalid \\escape: line 1 column 2 (char 1)'],
])('%j', (text, message) => {
  expect(jsonMistake(text)).toBe(message);
});
