import { createHash } from 'node:crypto';
import { MusterError } from '../../errors/index.ts';
import { decode, encode, typeName, type Value } from '../../values/index.ts';
import { algorithmName, hashPassword, takesRounds } from '../crypt/index.ts';
import { defineFilter, type Filter } from '../define.ts';
import { defined, templateError, typeError, valueError, wholeArgument } from '../python/index.ts';
import { quoteShell } from './quote.ts';
import { filterError, isText, text, withErrors } from './support.ts';

const encodingOf = (value: Value): string => {
  if (isText(defined(value))) return text(value);
  throw typeError(`encode() argument 'encoding' must be str, not ${value === null ? 'None' : typeName(value)}`);
};

const toBase64 = (value: string, encoding: string): string => {
  const bytes = withErrors(
    () => encode(value, encoding, 'strict'),
    (message) => templateError('other', message),
  );
  if (!bytes) throw valueError(`'${encoding}' codec can't encode the text`);
  return bytes.bytes.toString('base64');
};

const fromBase64 = (value: string, encoding: string): string => {
  const digits = value.replace(/[^A-Za-z0-9+/=]/g, '').replace(/=.*$/s, '');
  const padding = /=*$/.exec(value.trim())![0].length;
  if (digits.length % 4 === 1)
    throw valueError(
      `Invalid base64-encoded string: number of data characters (${digits.length}) cannot be 1 more than a multiple of 4`,
    );
  if ((digits.length + padding) % 4 !== 0 && digits.length % 4 !== 0) throw valueError('Incorrect padding');
  const bytes = Buffer.from(digits, 'base64');
  return decode(bytes, encoding);
};

const nodeNames: Readonly<Record<string, string>> = { blake2b: 'blake2b512', blake2s: 'blake2s256' };

/** The hexadecimal digest of a text. Throws a filter error for an algorithm that is not known. */
export const hexDigest = (algorithm: string, value: string): string => {
  const name =
    nodeNames[algorithm] ??
    algorithm
      .toLowerCase()
      .replace(/^sha3_/, 'sha3-')
      .replace(/^sha-/, 'sha');
  try {
    return createHash(name).update(value, 'utf8').digest('hex');
  } catch {
    throw filterError(`unsupported hash type ${algorithm}`);
  }
};

const uuidNamespace = '361e6d51-faec-444a-9079-341386da8e2e';

const toUuid = (value: string, namespace: string): string => {
  const digits = namespace.replace(/^urn:uuid:|[{}-]/g, '');
  if (!/^[0-9a-f]{32}$/i.test(digits))
    throw filterError(`Invalid value '${namespace}' for 'namespace': badly formed hexadecimal UUID string`);
  const hash = createHash('sha1').update(Buffer.from(digits, 'hex')).update(value).digest();
  hash[6] = (hash[6]! & 0x0f) | 0x50;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  return hash.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
};

const passwordHash = (value: Value, type: string, salt: Value, size: Value, rounds: Value, ident: Value): string => {
  if (!isText(value)) throw typeError(`secret must be unicode or bytes, not ${typeName(value)}`);
  const name = algorithmName(type);
  if (rounds !== null && !takesRounds(name) && name.endsWith('md5_crypt'))
    throw typeError(`${name} got an unexpected keyword argument 'rounds'`);
  try {
    return hashPassword(text(value), name, {
      salt: salt === null ? undefined : text(salt),
      saltSize: size === null ? undefined : wholeArgument(size),
      rounds: rounds === null ? undefined : wholeArgument(rounds),
      ident: ident === null ? undefined : text(ident),
    });
  } catch (error) {
    if (error instanceof MusterError) throw filterError(error.message, error);
    throw error;
  }
};

const encodedText = (value: Value): string => {
  if (isText(defined(value))) return text(value);
  throw templateError('attribute', `'${typeName(value)}' object has no attribute 'replace'`);
};

const decodeUrl = (value: string): string => {
  const bytes: number[] = [];
  const source = Buffer.from(value.replaceAll('+', ' '));
  for (let index = 0; index < source.length; index++) {
    const hex = source.toString('latin1', index + 1, index + 3);
    if (source[index] === 0x25 && /^[0-9a-fA-F]{2}$/.test(hex)) {
      bytes.push(Number.parseInt(hex, 16));
      index += 2;
    } else bytes.push(source[index]!);
  }
  return Buffer.from(bytes).toString('utf8');
};

/** Filters that encode, hash and quote text. */
export const encodings: readonly Filter[] = [
  defineFilter('b64encode', 'string, encoding="utf-8"', (_, value, encoding) =>
    toBase64(text(value), encodingOf(encoding)),
  ),
  defineFilter('b64decode', 'string, encoding="utf-8"', (_, value, encoding) => {
    try {
      return fromBase64(text(value), text(encoding));
    } catch (error) {
      if (error instanceof RangeError) throw templateError('other', `unknown encoding: ${text(encoding)}`);
      throw error;
    }
  }),
  defineFilter('hash', 'data, hashtype="sha1"', (_, value, type) => hexDigest(text(type), text(value))),
  defineFilter('md5', 'data', (_, value) => hexDigest('md5', text(value))),
  defineFilter('sha1 checksum', 'data', (_, value) => hexDigest('sha1', text(value))),
  defineFilter(
    'password_hash',
    'password, hashtype="sha512", salt=None, salt_size=None, rounds=None, ident=None',
    (_, value, type, salt, size, rounds, ident) => passwordHash(value, text(type), salt, size, rounds, ident),
  ),
  defineFilter('to_uuid', 'string, namespace=None', (_, value, namespace) =>
    toUuid(text(value), namespace === null ? uuidNamespace : text(namespace)),
  ),
  defineFilter('quote', 'a', (_, value) => quoteShell(value === null ? '' : text(value))),
  defineFilter('urldecode', 'string', (_, value) => decodeUrl(encodedText(value))),
];
