import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { ModuleFailure } from '../../../errors/index.ts';
import type { Controller } from '../../define.ts';
import { checksumOf } from './checksum.ts';
import { hashFile, type Sums } from './hash-file.ts';
import type { NewContent } from './write.ts';

/** Content on the controller that is to reach a file of the target. */
export interface LocalContent {
  readonly size: number;
  /** Its checksums; those of a large file are known when `summed` has resolved. */
  readonly sha1: string | undefined;
  readonly md5: string | undefined;
  readonly summed?: Promise<unknown>;
  readonly content: NewContent;
  /** The bytes, for a diff; undefined when they are too many. */
  readonly bytes: Buffer | undefined;
}

const streamLimit = 16 * 1024 * 1024;
const pieceSize = 512 * 1024;

/** Content that is in memory. */
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

/**
 * A file of the controller, decrypted where it is a vault file; large plain files are never held in memory, and their
 * checksums may be worked out while they are being sent.
 */
export const readLocal = async (controller: Controller, path: string, decrypt: boolean): Promise<LocalContent> => {
  try {
    const info = await stat(path, { bigint: true });
    const size = Number(info.size);
    if (size <= streamLimit || (decrypt && (await isVaultFile(path)))) {
      return contentOf(await controller.read(path, { decrypt }));
    }
    const open = (): Readable => createReadStream(path, { highWaterMark: pieceSize });
    const large = { size, sha1: undefined, md5: undefined, content: { open }, bytes: undefined };
    const sums = sumsOf(path, `${info.dev} ${info.ino} ${size} ${info.mtimeNs} ${info.ctimeNs}`);
    const summed = sums.then((known) => Object.assign(large, known));
    // Whoever needs them is told of the failure.
    summed.catch(() => {});
    return Object.assign(large, { summed });
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

const known = new Map<string, { readonly stamp: string; readonly sums: Promise<Sums> }>();

/** The checksums of a large file, worked out once for all hosts while `stamp` says that it is the same. */
const sumsOf = (path: string, stamp: string): Promise<Sums> => {
  let entry = known.get(path);
  if (entry?.stamp !== stamp) {
    entry = { stamp, sums: hashFile(path) };
    known.set(path, entry);
    entry.sums.catch(() => known.delete(path));
  }
  return entry.sums;
};
