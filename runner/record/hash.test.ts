import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hashSource } from './hash.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-hash-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

test('a file has the hash of its bytes', () => {
  expect(hashSource(write('hosts', 'abc')).sha256).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
});

test('a folder has another hash when a file of it has another name or content', () => {
  mkdirSync(join(folder, 'sub'));
  write('a', 'one');
  write('sub/b', 'two');
  const first = hashSource(folder);
  expect(first).toEqual({ path: folder, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(hashSource(folder)).toEqual(first);
  write('sub/b', 'owt');
  const second = hashSource(folder);
  expect(second.sha256).not.toBe(first.sha256);
  rmSync(join(folder, 'sub/b'));
  write('sub/c', 'owt');
  expect(hashSource(folder).sha256).not.toBe(second.sha256);
});

test('what is too large, too much or not there has none', () => {
  const large = write('large', '');
  truncateSync(large, (8 << 20) + 1);
  expect(hashSource(large)).toEqual({ path: large });
  truncateSync(large, 8 << 20);
  expect(hashSource(large).sha256).toBeDefined();
  const many = join(folder, 'many');
  mkdirSync(many);
  for (let count = 0; count < 500; count++) writeFileSync(join(many, String(count)), '');
  expect(hashSource(many).sha256).toBeDefined();
  writeFileSync(join(many, 'one more'), '');
  expect(hashSource(many)).toEqual({ path: many });
  expect(hashSource(join(folder, 'none'))).toEqual({ path: join(folder, 'none') });
});
