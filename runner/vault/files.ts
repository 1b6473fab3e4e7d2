import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { MusterError } from '../errors/index.ts';
import type { VaultIdentity, VaultSecrets } from './vault-secrets.ts';

/** Encrypts a file in place, or to `output`. '-' is stdin and stdout. */
export const encryptFile = (path: string, vault: VaultSecrets, id: string | undefined, output?: string): void => {
  const file = realPath(path);
  const plain = readBytes(file);
  const text = withPath(file, () => vault.encrypt(plain, id === undefined ? {} : { id }));
  writeBytes(Buffer.from(text, 'latin1'), output ?? file, { wasPlain: true });
};

/** Decrypts a file in place, or to `output`. */
export const decryptFile = (path: string, vault: VaultSecrets, output?: string): void => {
  const file = realPath(path);
  writeBytes(vault.decrypt(readBytes(file).toString('latin1'), { file }).plain, output ?? file);
};

/** The decrypted bytes of a file. */
export const viewFile = (path: string, vault: VaultSecrets): Buffer => {
  const file = realPath(path);
  return vault.decrypt(readBytes(file).toString('latin1'), { file }).plain;
};

/** Encrypts a file anew with another password; owner and mode stay. */
export const rekeyFile = (path: string, vault: VaultSecrets, renewed: VaultSecrets, id: string | undefined): void => {
  const file = realPath(path);
  const before = statSync(file, { throwIfNoEntry: false });
  const plain = viewFile(file, vault);
  const text = renewed.encrypt(plain, id === undefined ? {} : { id });
  writeBytes(Buffer.from(text, 'latin1'), file);
  restoreOwner(file, before);
};

/** Opens a new file in the editor and encrypts what was written. */
export const createFile = (path: string, vault: VaultSecrets, identity: VaultIdentity): void => {
  if (statSync(path, { throwIfNoEntry: false })?.isFile()) {
    throw new MusterError({ message: `${path} exists`, hint: `use 'edit' instead` });
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const written = editBytes(path, Buffer.alloc(0));
  writeBytes(Buffer.from(vault.encrypt(written, { id: identity.id }), 'latin1'), path);
};

/** Opens a vault file's plain text in the editor; encrypts it again with the same password when it was changed. */
export const editFile = (path: string, vault: VaultSecrets): void => {
  const file = realPath(path);
  const before = statSync(file, { throwIfNoEntry: false });
  const { plain, identity, label } = vault.decrypt(readBytes(file).toString('latin1'), { file });
  const written = editBytes(file, plain);
  if (written.equals(plain)) return;
  // The label in the file stays, even where another one's password fitted.
  const text = vault.encryptAs(written, identity, label ?? 'default');
  writeBytes(Buffer.from(text, 'latin1'), file);
  restoreOwner(file, before);
};

// Runs $EDITOR on a private copy, which is overwritten before it is removed.
const editBytes = (path: string, content: Buffer): Buffer => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-vault-'));
  const copy = join(folder, basename(path));
  try {
    writeFileSync(copy, content, { mode: 0o600 });
    const editor = process.env.EDITOR || 'vi';
    // As in git, EDITOR may hold arguments. 126 and 127 are the shell's "cannot run it" and "not found".
    const { error, status, signal } = spawnSync('/bin/sh', ['-c', `${editor} "$1"`, 'editor', copy], {
      stdio: 'inherit',
    });
    if (error || signal || status === 126 || status === 127) {
      throw new MusterError({
        message: `Unable to execute the editor "${editor}": ${error?.message ?? signal ?? `exit code ${status}`}`,
        hint: 'the EDITOR environment variable names the editor',
      });
    }
    return readBytes(copy);
  } finally {
    shred(copy);
    rmSync(folder, { recursive: true, force: true });
  }
};

const realPath = (path: string): string => {
  if (path === '-') return path;
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
};

const readBytes = (file: string): Buffer => {
  try {
    return readFileSync(file === '-' ? 0 : file);
  } catch (error) {
    throw new MusterError(`Unable to read source file (${file}): ${(error as Error).message}`);
  }
};

/** Writes a file that only its owner can read, by way of a new one beside it, so that no half of it is ever seen. */
export const writeBytes = (data: Buffer, file: string, options: { wasPlain?: boolean } = {}): void => {
  if (file === '-') {
    for (let done = 0; done < data.length; ) done += writeSync(1, data, done);
    return;
  }
  const temporary = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}`);
  try {
    const descriptor = openSync(temporary, 'wx', 0o600);
    try {
      writeFileSync(descriptor, data);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    if (options.wasPlain) shred(file);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new MusterError(`Unable to write ${file}: ${(error as Error).message}`);
  }
};

// Overwrites what a file held. File systems may keep old blocks all the same; it is the most that can be done here.
const shred = (file: string): void => {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (!stats?.isFile()) return;
  const descriptor = openSync(file, 'r+');
  try {
    const chunk = 1 << 20;
    for (let at = 0; at < stats.size; at += chunk) {
      writeSync(descriptor, randomBytes(Math.min(chunk, stats.size - at)), 0, undefined, at);
    }
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
};

const restoreOwner = (file: string, before: Stats | undefined): void => {
  if (!before) return;
  chmodSync(file, before.mode & 0o7777);
  chownSync(file, before.uid, before.gid);
};

const withPath = <T>(file: string, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof MusterError)) throw error;
    throw new MusterError(error.problems.map((problem) => ({ ...problem, message: `${problem.message} (${file})` })));
  }
};
