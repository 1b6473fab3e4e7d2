import type { Key } from 'ink';
import { expect, test } from 'vitest';
import { keysOf, moveBy } from './keys.ts';
import { type LineInput, newInput, typeKey } from './line-input.ts';

const key = (held: Partial<Key> = {}): Key => held as Key;

test('names keys, and takes what is pasted apart', () => {
  expect(keysOf('', key({ upArrow: true }))).toEqual(['up']);
  expect(keysOf('', key({ tab: true, shift: true }))).toEqual(['shift-tab']);
  expect(keysOf('c', key({ ctrl: true }))).toEqual(['ctrl-c']);
  expect(keysOf('héé\r', key())).toEqual(['h', 'é', 'é', 'enter']);
  expect(keysOf('\u0007', key())).toEqual([]);
});

test('moves in lists without leaving them', () => {
  expect(moveBy('j', 3, 5, 10)).toBe(4);
  expect(moveBy('j', 4, 5, 10)).toBe(4);
  expect(moveBy('pageup', 4, 5, 10)).toBe(0);
  expect(moveBy('G', 0, 5, 10)).toBe(4);
  expect(moveBy('x', 0, 5, 10)).toBeUndefined();
});

const type = (...keys: readonly string[]): LineInput =>
  keys.reduce<LineInput>((input, one) => typeKey(input, one) ?? input, newInput());

test('edits a line as shells do', () => {
  expect(type(...'hello', 'left', 'left', 'X')).toEqual({ text: 'helXlo', cursor: 4 });
  expect(type(...'one two', 'ctrl-w', '3')).toEqual({ text: 'one 3', cursor: 5 });
  expect(type(...'abc', 'home', 'ctrl-d', 'end', 'backspace')).toEqual({ text: 'b', cursor: 1 });
  expect(type(...'abc', 'left', 'ctrl-k', 'left', 'ctrl-u')).toEqual({ text: 'b', cursor: 0 });
  expect(type(...'😀é', 'left', 'backspace')).toEqual({ text: 'é', cursor: 0 });
  expect(typeKey(newInput('a'), 'enter')).toBeUndefined();
});
