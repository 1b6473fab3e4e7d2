import { createCipheriv, createDecipheriv, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';
import { MusterError } from '../errors/index.ts';

const keyLength = 32;
const blockLength = 16;
const rounds = 10_000;

/** What `decrypt` throws when the data is no AES256 vault data at all, whatever the password. */
export class VaultFormatError extends MusterError {}

/** Encrypts with a password; the result is the hexadecimal text under a vault header, in one line. */
export const encryptAes256 = (plain: Buffer, password: Buffer, salt: Buffer = randomBytes(32)): string => {
  const { cipherKey, signingKey, counter } = deriveKeys(password, salt);
  // Counter mode needs no padding, but the format has it.
  const missing = blockLength - (plain.length % blockLength);
  const cipher = createCipheriv('aes-256-ctr', cipherKey, counter);
  const body = Buffer.concat([cipher.update(plain), cipher.update(Buffer.alloc(missing, missing)), cipher.final()]);
  const signature = createHmac('sha256', signingKey).update(body).digest('hex');
  const text = [salt.toString('hex'), signature, body.toString('hex')].join('\n');
  return Buffer.from(text, 'latin1').toString('hex');
};

/** The salt, signature and encrypted bytes inside of vault data. Throws VaultFormatError. */
export const readAes256 = (hex: string): { salt: Buffer; signature: Buffer; body: Buffer } => {
  const [salt, signature, body] = unhex(hex).toString('latin1').split('\n');
  if (salt === undefined || signature === undefined || body === undefined) {
    throw new VaultFormatError('the vault data does not consist of a salt, a signature and a body');
  }
  return { salt: unhex(salt), signature: unhex(signature), body: unhex(body) };
};

/** Decrypts with a password; undefined when it is the wrong one. */
export const decryptAes256 = (data: ReturnType<typeof readAes256>, password: Buffer): Buffer | undefined => {
  const { cipherKey, signingKey, counter } = deriveKeys(password, data.salt);
  const signature = createHmac('sha256', signingKey).update(data.body).digest();
  if (signature.length !== data.signature.length || !timingSafeEqual(signature, data.signature)) return undefined;
  const decipher = createDecipheriv('aes-256-ctr', cipherKey, counter);
  const padded = Buffer.concat([decipher.update(data.body), decipher.final()]);
  const padding = padded.at(-1) ?? 0;
  if (padding === 0 || padding > blockLength || padding > padded.length) {
    throw new VaultFormatError('the decrypted vault data does not end as it should');
  }
  return padded.subarray(0, padded.length - padding);
};

const deriveKeys = (password: Buffer, salt: Buffer) => {
  const derived = pbkdf2Sync(password, salt, rounds, 2 * keyLength + blockLength, 'sha256');
  return {
    cipherKey: derived.subarray(0, keyLength),
    signingKey: derived.subarray(keyLength, 2 * keyLength),
    counter: derived.subarray(2 * keyLength),
  };
};

const unhex = (text: string): Buffer => {
  if (text.length % 2 !== 0) throw new VaultFormatError('the vault data has an odd number of hexadecimal digits');
  if (!/^[0-9a-fA-F]*$/.test(text))
    throw new VaultFormatError('the vault data holds something else than hexadecimal digits');
  return Buffer.from(text, 'hex');
};
