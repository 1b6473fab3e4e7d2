import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderForEachTest } from '../../test/support/folders.ts';
import { hashSource } from './hash.ts';

const folder = folderForEachTest('muster-hash-');

test('a file has the hash of its bytes', () => {
  expect(hashSource(folder.write('hosts', 'abc')).sha256).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
});

test('a folder has another hash when a file of it has another name or content', () => {
  folder.write('a', 'one');
  folder.write('sub/b', 'two');
  const first = hashSource(folder.path);
  expect(first).toEqual({ path: folder.path, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(hashSource(folder.path)).toEqual(first);
  folder.write('sub/b', 'owt');
  const second = hashSource(folder.path);
  expect(second.sha256).not.toBe(first.sha256);
  rmSync(folder.at('sub/b'));
  folder.write('sub/c', 'owt');
  expect(hashSource(folder.path).sha256).not.toBe(second.sha256);
});

test('what is too large, too much or not there has none', () => {
  const large = folder.write('large', '');
  truncateSync(large, (8 << 20) + 1);
  expect(hashSource(large)).toEqual({ path: large });
  truncateSync(large, 8 << 20);
  expect(hashSource(large).sha256).toBeDefined();
  const many = folder.at('many');
  mkdirSync(many);
  for (let count = 0; count < 500; count++) writeFileSync(join(many, String(count)), '');
  expect(hashSource(many).sha256).toBeDefined();
  writeFileSync(join(many, 'one more'), '');
  expect(hashSource(many)).toEqual({ path: many });
  expect(hashSource(folder.at('none'))).toEqual({ path: folder.at('none') });
});
