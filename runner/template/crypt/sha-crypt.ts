import * as crypto from 'node:crypto';
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
  const made = crypto.createHash(hash);
  for (const part of parts) made.update(part);
  return made.digest();
};

const stretch = (bytes: Buffer, length: number): Buffer =>
  Buffer.concat(Array.from({ length: Math.ceil(length / bytes.length) }, () => bytes)).subarray(0, length);

// What is hashed in a round is laid out in one buffer, since there may be hundreds of thousands of rounds.
const roundOf = (hash: Hash, salt: Buffer, password: Buffer): ((round: number, current: Buffer) => Buffer) => {
  const layout = Array.from({ length: 42 }, (_, round) => {
    const current = Buffer.alloc(hash === 'sha512' ? 64 : 32);
    const middle = [...(round % 3 === 0 ? [] : [salt]), ...(round % 7 === 0 ? [] : [password])];
    const isOdd = round % 2 === 1;
    const bytes = Buffer.concat(isOdd ? [password, ...middle, current] : [current, ...middle, password]);
    return { bytes, at: isOdd ? bytes.length - current.length : 0 };
  });
  return (round, current) => {
    const { bytes, at } = layout[round % 42]!;
    bytes.set(current, at);
    return hashOnce(hash, bytes);
  };
};

// Node has a quicker way since 20.12.
const hashOnce: (hash: Hash, bytes: Buffer) => Buffer =
  typeof crypto.hash === 'function'
    ? (hash, bytes) => crypto.hash(hash, bytes, 'buffer')
    : (hash, bytes) => digest(hash, bytes);

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

  const run = roundOf(hash, saltPart, passwordBytes);
  for (let round = 0; round < rounds; round++) current = run(round, current);
  return encodeTriples(current, places[hash]);
};
