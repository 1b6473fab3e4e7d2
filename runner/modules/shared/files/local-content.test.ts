import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Controller } from '../../define.ts';
import { type LocalContent, readLocal } from './local-content.ts';

test('knows the checksums of large files, and sees when they have changed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'muster-content-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'large');
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
