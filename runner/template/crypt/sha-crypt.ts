import { createHash } from 'node:crypto';
import { encodeTriples } from './base64.ts';

type Hash = 'sha256' | 'sha512';

// Which bytes of the digest are written together: every third, the groups turned in turn.
const turnedGroups = (length: number, turnOf: (index: number) => number): number[][] =>
  Array.from({ length }, (_, index) => {
    const group = [index, index + length, index + 2 * length];
    const turn = turnOf(index);
    return [...group.slice(turn), ...group.slice(0, turn)];
  });

const places: Readonly<Record<Hash, readonly (readonly number[])[]>> = {
  sha256: [...turnedGroups(10, (index) => (3 - (index % 3)) % 3), [31, 30]],
  sha512: [...turnedGroups(21, (index) => index % 3), [63]],
};

/** The rounds that a hash means when it names none. */
export const impliedRounds = 5000;

const digest = (hash: Hash, ...parts: readonly Buffer[]): Buffer => {
  const made = createHash(hash);
  for (const part of parts) made.update(part);
  return made.digest();
};

const stretch = (bytes: Buffer, length: number): Buffer =>
  Buffer.concat(Array.from({ length: Math.ceil(length / bytes.length) }, () => bytes)).subarray(0, length);

/** SHA-crypt as Ulrich Drepper's specification lays it down: the part of the hash after the last `$`. */
export const shaCrypt = (hash: Hash, password: Buffer, salt: string, rounds: number): string => {
  const saltBytes = Buffer.from(salt);
  const alternate = digest(hash, password, saltBytes, password);
  const parts = [password, saltBytes, stretch(alternate, password.length)];
  for (let rest = password.length; rest > 0; rest >>= 1) parts.push(rest & 1 ? alternate : password);
  let current = digest(hash, ...parts);

  const passwordRun = digest(hash, ...Array.from({ length: password.length }, () => password));
  const passwordBytes = stretch(passwordRun, password.length);
  const saltRun = digest(hash, ...Array.from({ length: 16 + current[0]! }, () => saltBytes));
  const saltPart = stretch(saltRun, saltBytes.length);

  for (let round = 0; round < rounds; round++) {
    const made = createHash(hash).update(round & 1 ? passwordBytes : current);
    if (round % 3 !== 0) made.update(saltPart);
    if (round % 7 !== 0) made.update(passwordBytes);
    current = made.update(round & 1 ? current : passwordBytes).digest();
  }
  return encodeTriples(current, places[hash]);
};
