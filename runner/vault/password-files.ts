import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { parse, resolve } from 'node:path';
import { MusterError } from '../errors/index.ts';
import type { VaultSecrets } from './vault-secrets.ts';

// By this exit code a client script says that it has no password for the vault id.
const unknownIdCode = 2;

/**
 * The password in a file, or what the file prints when it is executable. A script named `…-client` is told the vault id.
 * `earlier` decrypts a password file that is itself encrypted.
 */
export const readPasswordFile = (file: string, label: string | undefined, earlier: VaultSecrets): Buffer => {
  const path = resolve(file.replace(/^~(?=\/|$)/, homedir()));
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) throw new MusterError(`The vault password file ${path} was not found`);
  if (stats.isDirectory()) throw new MusterError(`The vault password file ${path} is a directory`);
  const isScript = (stats.mode & 0o111) !== 0;
  const password = isScript ? runScript(path, label) : readPlainFile(path, earlier);
  if (password.length > 0) return password;
  throw new MusterError({
    message: `Invalid vault password was provided from ${isScript ? 'script' : 'file'} (${path})`,
    hint: isScript ? 'the script printed nothing' : 'the file is empty',
  });
};

const readPlainFile = (path: string, earlier: VaultSecrets): Buffer => {
  try {
    const bytes = earlier.decryptFile(trim(readFileSync(path), /^[ \t\n\r\v\f]+|[ \t\n\r\v\f]+$/g), path);
    return trim(bytes, lineEnds);
  } catch (error) {
    if (error instanceof MusterError) throw error;
    throw new MusterError(`Could not read vault password file ${path}: ${(error as Error).message}`);
  }
};

const runScript = (path: string, label: string | undefined): Buffer => {
  const isClient = parse(path).name.endsWith('-client');
  const args = isClient && label ? ['--vault-id', label] : [];
  // A script may itself ask the user something, hence the inherited stdin and stderr.
  const { error, status, signal, stdout } = spawnSync(path, args, { stdio: ['inherit', 'pipe', 'inherit'] });
  if (error) {
    throw new MusterError({
      message: `Problem running vault password script ${path} (${error.message})`,
      hint: 'a password file that is no script must not be executable: chmod -x',
    });
  }
  if (isClient && status === unknownIdCode) {
    throw new MusterError(
      `Vault password client script ${path} did not find a secret for vault-id=${label ?? 'default'}`,
    );
  }
  if (status !== 0) throw new MusterError(`Vault password script ${path} returned non-zero (${status ?? signal})`);
  return trim(stdout, lineEnds);
};

const lineEnds = /^[\r\n]+|[\r\n]+$/g;

// Works on bytes of any encoding.
const trim = (bytes: Buffer, ends: RegExp): Buffer => Buffer.from(bytes.toString('latin1').replace(ends, ''), 'latin1');
