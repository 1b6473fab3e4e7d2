import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderForAllTests, folderForEachTest } from './folders.ts';

const folder = folderForEachTest('muster-folders-');
let before: string;

test('makes a folder with files for a test', () => {
  before = folder.path;
  expect(readFileSync(folder.write('deep/below/file', 'text', 0o600), 'utf8')).toBe('text');
  expect(statSync(folder.at('deep', 'below', 'file')).mode & 0o777).toBe(0o600);
  folder.write('log', 'one\n');
  expect([folder.take('log'), folder.take('log')]).toEqual(['one\n', '']);
  for (const name of ['deep/below', 'deep']) chmodSync(folder.at(name), 0);
});

test('removes it after the test, whatever its permissions, and makes another one for the next', () => {
  expect(existsSync(before)).toBe(false);
  expect(folder.path).not.toBe(before);
  expect(dirname(folder.path)).toBe(dirname(before));
});

const kept: string[] = [];
describe('a folder for all tests of a describe', () => {
  const shared = folderForAllTests('muster-folders-');
  test.each(['one', 'two'])('is the same in each test (%s)', () => {
    kept.push(shared.write('file', ''));
    expect(kept.every((path) => path === shared.at('file') && existsSync(path))).toBe(true);
  });
});

test('is removed after them', () => {
  expect(kept).toHaveLength(2);
  expect(kept.some((path) => existsSync(path))).toBe(false);
});
