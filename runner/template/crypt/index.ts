// Hashes of passwords as Unix systems and passlib write them.
import { createHash, pbkdf2Sync } from 'node:crypto';
import { createRequire } from 'node:module';
import { MusterError } from '../../errors/index.ts';
import { systemRandom } from '../../values/index.ts';
import { adaptedBase64 } from './base64.ts';
import { md5Crypt } from './md5-crypt.ts';
import { impliedRounds, shaCrypt } from './sha-crypt.ts';

export interface HashOptions {
  readonly salt?: string | undefined;
  readonly saltSize?: number | undefined;
  readonly rounds?: number | undefined;
  /** The version of bcrypt: 2a, 2b or 2y. */
  readonly ident?: string | undefined;
}

interface Algorithm {
  /** How long a salt that we make up is. */
  readonly saltSize: number;
  readonly saltRange: readonly [number, number];
  readonly rounds?: { readonly implied: number; readonly range: readonly [number, number] };
  readonly hash: (password: Buffer, salt: string, rounds: number, ident: string) => string;
}

const saltCharacters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./';

/** A salt that nobody can foresee. */
export const randomSalt = (size = 8): string =>
  Array.from({ length: size }, () => saltCharacters[systemRandom.below(saltCharacters.length)]).join('');

const sha = (hash: 'sha256' | 'sha512', id: string, implied: number): Algorithm => ({
  saltSize: 16,
  saltRange: [0, 16],
  rounds: { implied, range: [1000, 999_999_999] },
  hash: (password, salt, rounds) => {
    const shown = rounds === impliedRounds ? '' : `rounds=${rounds}$`;
    return `$${id}$${shown}${salt}$${shaCrypt(hash, password, salt, rounds)}`;
  },
});

const md5 = (magic: string): Algorithm => ({
  saltSize: 8,
  saltRange: [0, 8],
  hash: (password, salt) => `${magic}${salt}$${md5Crypt(password, salt, magic)}`,
});

const pbkdf2 = (hash: string, name: string, length: number, implied: number): Algorithm => ({
  saltSize: 16,
  saltRange: [0, 1024],
  rounds: { implied, range: [1, 2 ** 32 - 1] },
  hash: (password, salt, rounds) => {
    const bytes = Buffer.from(salt, 'latin1');
    const key = pbkdf2Sync(password, bytes, rounds, length, hash);
    return `$${name}$${rounds}$${adaptedBase64(bytes)}$${adaptedBase64(key)}`;
  },
});

const plain = (hash: (password: Buffer) => string): Algorithm => ({ saltSize: 0, saltRange: [0, 0], hash });

const digestOf = (name: string, data: Buffer): Buffer => createHash(name).update(data).digest();

const algorithms: Readonly<Record<string, Algorithm>> = {
  sha512_crypt: sha('sha512', '6', 656_000),
  sha256_crypt: sha('sha256', '5', 535_000),
  md5_crypt: md5('$1$'),
  apr_md5_crypt: md5('$apr1$'),
  bcrypt: {
    saltSize: 22,
    saltRange: [22, 22],
    rounds: { implied: 12, range: [4, 31] },
    hash: (password, salt, rounds, ident) => bcrypt(password, salt, rounds, ident),
  },
  pbkdf2_sha1: pbkdf2('sha1', 'pbkdf2', 20, 131_000),
  pbkdf2_sha256: pbkdf2('sha256', 'pbkdf2-sha256', 32, 29_000),
  pbkdf2_sha512: pbkdf2('sha512', 'pbkdf2-sha512', 64, 25_000),
  ldap_sha1: plain((password) => `{SHA}${digestOf('sha1', password).toString('base64')}`),
  ldap_md5: plain((password) => `{MD5}${digestOf('md5', password).toString('base64')}`),
  mysql41: plain((password) => `*${digestOf('sha1', digestOf('sha1', password)).toString('hex').toUpperCase()}`),
  hex_md5: plain((password) => digestOf('md5', password).toString('hex')),
  hex_sha1: plain((password) => digestOf('sha1', password).toString('hex')),
  hex_sha256: plain((password) => digestOf('sha256', password).toString('hex')),
  hex_sha512: plain((password) => digestOf('sha512', password).toString('hex')),
};

const shortNames: Readonly<Record<string, string>> = {
  md5: 'md5_crypt',
  blowfish: 'bcrypt',
  sha256: 'sha256_crypt',
  sha512: 'sha512_crypt',
};

const bcryptAlphabet = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

// Four bits of the last character mean nothing; they have to be zero.
const repairSalt = (salt: string): string =>
  salt.slice(0, 21) + bcryptAlphabet[bcryptAlphabet.indexOf(salt[21]!) & 0b110000];

const require = createRequire(import.meta.url);

const bcrypt = (password: Buffer, salt: string, rounds: number, ident: string): string => {
  const { hashSync } = require('bcryptjs') as typeof import('bcryptjs');
  const cost = String(rounds).padStart(2, '0');
  const hash = hashSync(password.toString('utf8'), `$2b$${cost}$${repairSalt(salt)}`);
  return `$${ident}$${hash.slice(4)}`;
};

/** The name of the algorithm that Ansible means by `name`. */
export const algorithmName = (name: string): string => shortNames[name] ?? name;

/** How long a salt Ansible makes for an algorithm; 8 where it does not know it. */
export const saltSizeOf = (name: string): number => ansibleSaltSizes[name] ?? 8;

const ansibleSaltSizes: Readonly<Record<string, number>> = {
  md5_crypt: 8,
  bcrypt: 22,
  sha256_crypt: 16,
  sha512_crypt: 16,
};

/** Hashes a password as Ansible does with passlib. Throws MusterError for an unknown algorithm or options that do not fit. */
export const hashPassword = (password: string, name: string, options: HashOptions = {}): string => {
  const algorithm = Object.hasOwn(algorithms, name) ? algorithms[name] : undefined;
  if (!algorithm) {
    throw new MusterError({
      message: `passlib does not support '${name}' algorithm`,
      expected: `one of ${Object.keys(algorithms).join(', ')}`,
    });
  }
  const salt = options.salt || randomSalt(options.saltSize || algorithm.saltSize);
  const [shortest, longest] = algorithm.saltRange;
  if (algorithm.saltSize > 0 && !/^[./0-9A-Za-z]*$/.test(salt) && !name.startsWith('pbkdf2'))
    throw refused(`invalid characters in ${name} salt`);
  if (algorithm.saltSize > 0 && salt.length > longest)
    throw refused(`salt too large (${name} requires ${shortest === longest ? 'exactly' : '<='} ${longest} chars)`);
  if (salt.length < shortest)
    throw refused(`salt too small (${name} requires ${shortest === longest ? 'exactly' : '>='} ${shortest} chars)`);
  const rounds = options.rounds || algorithm.rounds?.implied || 0;
  const range = algorithm.rounds?.range;
  if (range && (rounds < range[0] || rounds > range[1]))
    throw refused(`${name}: ${rounds} rounds; it must be at least ${range[0]} and at most ${range[1]}`);
  return algorithm.hash(Buffer.from(password), salt, rounds, options.ident || '2b');
};

const refused = (reason: string): MusterError => new MusterError(`Could not hash the secret. ${reason}`);

/** Whether an algorithm lets its rounds be chosen. */
export const takesRounds = (name: string): boolean => algorithms[name]?.rounds !== undefined;
