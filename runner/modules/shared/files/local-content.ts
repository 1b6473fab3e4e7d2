import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { ModuleFailure } from '../../../errors/index.ts';
import type { Controller } from '../../define.ts';
import { checksumOf } from './checksum.ts';
import type { NewContent } from './write.ts';

/** Content on the controller that is to reach a file of the target. */
export interface LocalContent {
  readonly size: number;
  readonly sha1: string;
  readonly md5: string;
  readonly content: NewContent;
  /** The bytes, for a diff; undefined when they are too many. */
  readonly bytes: Buffer | undefined;
}

const streamLimit = 16 * 1024 * 1024;

export const contentOf = (bytes: Buffer): LocalContent => ({
  size: bytes.length,
  sha1: checksumOf(bytes),
  // Worked out only where a result needs it.
  get md5() {
    return checksumOf(bytes, 'md5');
  },
  content: bytes,
  bytes,
});

/** A file of the controller, decrypted where it is a vault file; large plain files are never held in memory. */
export const readLocal = async (controller: Controller, path: string, decrypt: boolean): Promise<LocalContent> => {
  try {
    const { size } = await stat(path);
    if (size <= streamLimit || (decrypt && (await isVaultFile(path)))) {
      return contentOf(await controller.read(path, { decrypt }));
    }
    const [sha1, md5] = await Promise.all([hashFile(path, 'sha1'), hashFile(path, 'md5')]);
    return { size, sha1, md5, content: { open: (): Readable => createReadStream(path) }, bytes: undefined };
  } catch (error) {
    throw isSystemError(error) ? new ModuleFailure(`could not find src=${path}, ${error.message}`) : error;
  }
};

const isSystemError = (error: unknown): error is NodeJS.ErrnoException => error instanceof Error && 'syscall' in error;

const isVaultFile = async (path: string): Promise<boolean> => {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(14), 0, 14, 0);
    return buffer.subarray(0, bytesRead).toString('latin1') === '$ANSIBLE_VAULT';
  } finally {
    await file.close();
  }
};

const hashFile = async (path: string, algorithm: string): Promise<string> => {
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
};
