import { createHash } from 'node:crypto';
import { encodeTriples } from './base64.ts';

const places = [[0, 6, 12], [1, 7, 13], [2, 8, 14], [3, 9, 15], [4, 10, 5], [11]];

const md5 = (...parts: readonly Buffer[]): Buffer => createHash('md5').update(Buffer.concat(parts)).digest();

/** FreeBSD's MD5-crypt: the part of the hash after the last `$`. `magic` is `$1$`, or Apache's `$apr1$`. */
export const md5Crypt = (password: Buffer, salt: string, magic: string): string => {
  const saltBytes = Buffer.from(salt);
  const alternate = md5(password, saltBytes, password);
  const parts = [password, Buffer.from(magic), saltBytes];
  for (let rest = password.length; rest > 0; rest -= 16) parts.push(alternate.subarray(0, Math.min(16, rest)));
  for (let rest = password.length; rest > 0; rest >>= 1)
    parts.push(rest & 1 ? Buffer.from([0]) : password.subarray(0, 1));
  let current = md5(...parts);
  for (let round = 0; round < 1000; round++) {
    const mixed = [round & 1 ? password : current];
    if (round % 3 !== 0) mixed.push(saltBytes);
    if (round % 7 !== 0) mixed.push(password);
    mixed.push(round & 1 ? current : password);
    current = md5(...mixed);
  }
  return encodeTriples(current, places);
};
