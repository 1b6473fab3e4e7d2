import { createHash, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { folderForEachTest } from '../../../../test/support/folders.ts';
import type { Controller } from '../../define.ts';
import { type LocalContent, readLocal } from './local-content.ts';

const folder = folderForEachTest('muster-content-');

test('knows the checksums of large files, and sees when they have changed', async () => {
  const path = folder.at('large');
  // Large files are not read through the controller.
  const controller = { read: (file: string) => readFile(file) } as Controller;
  const write = async (): Promise<string> => {
    const bytes = randomBytes(17 * 1024 * 1024);
    await writeFile(path, bytes);
    return createHash('sha1').update(bytes).digest('hex');
  };
  const summed = async (decrypt: boolean): Promise<LocalContent> => {
    const content = await readLocal(controller, path, decrypt);
    await content.summed;
    return content;
  };
  const first = await write();
  const [one, two] = await Promise.all([summed(true), summed(true)]);
  expect(one).toMatchObject({ sha1: first, size: 17 * 1024 * 1024, bytes: undefined });
  expect(two.md5).toBe(one.md5);
  expect((await summed(false)).sha1).toBe(first);
  const second = await write();
  expect((await summed(true)).sha1).toBe(second);
});
