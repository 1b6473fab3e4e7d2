import { chmodSync, closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { MusterError } from '../../errors/index.ts';
import { parseKeyValues } from '../../playbook/key-value.ts';
import { type Dict, PythonRandom, type RandomSource, systemRandom, type Value } from '../../values/index.ts';
import { algorithmName, hashPassword, randomSalt, saltSizeOf } from '../crypt/index.ts';
import { defineLookup, type Lookup } from '../define.ts';
import { expandUser } from '../filters/paths.ts';
import { text } from '../filters/support.ts';
import type { CallContext } from '../types.ts';
import { characterClass } from './character-classes.ts';
import { baseDirectory, lookupError, Options } from './support.ts';

const known = new Set(['length', 'encrypt', 'chars', 'ident', 'seed']);

interface Stored {
  readonly password: string;
  readonly salt: string | undefined;
  readonly ident: string | undefined;
}

// The old way: `path length=8 chars=digits` in one text; the path may hold blanks.
const readTerm = (term: string, given: Dict): { path: string; options: Options } => {
  const space = term.indexOf(' ');
  if (space === -1) return { path: term, options: new Options(given) };
  const { options: inline, raw } = parseKeyValues(term.slice(space + 1));
  const path = raw === undefined ? term.slice(0, space) : `${term.slice(0, space)} ${raw}`;
  if (!term.startsWith(path))
    throw lookupError('Unrecognized value after key=value parameters given to password lookup');
  const unknown = [...inline.keys()].filter((name) => !known.has(name));
  if (unknown.length > 0)
    throw lookupError(`Unrecognized parameter(s) given to password lookup: ${unknown.join(', ')}`);
  return { path, options: new Options(new Map<Value, Value>([...given, ...inline])) };
};

const allowedCharacters = (value: Value): string => {
  const specs =
    value === null
      ? ['ascii_letters', 'digits', '.,:-_']
      : Array.isArray(value)
        ? value.map((spec) => text(spec))
        : [...(text(value).includes(',,') ? [','] : []), ...text(value).replaceAll(',,', ',').split(',')];
  return specs
    .map((spec) => characterClass(spec) ?? spec)
    .join('')
    .replace(/["']/g, '');
};

const randomPassword = (length: number, characters: string, source: RandomSource): string => {
  const all = [...characters];
  if (all.length === 0) throw lookupError('the password lookup has no characters to choose from');
  return Array.from({ length }, () => all[source.below(all.length)]).join('');
};

const read = (path: string): Stored | undefined => {
  let content: string;
  try {
    content = readFileSync(path, 'utf8').trimEnd();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw lookupError(`the password file ${path} could not be read: ${(error as Error).message}`, error);
  }
  const cut = content.lastIndexOf(' salt=');
  if (cut === -1) return { password: content, salt: undefined, ident: undefined };
  const [salt, ident] = content.slice(cut + 6).split(' ident=');
  return { password: content.slice(0, cut), salt, ident };
};

const write = (path: string, { password, salt, ident }: Stored, isNew: boolean): boolean => {
  const content = [password, salt && `salt=${salt}`, salt && ident && `ident=${ident}`].filter(Boolean).join(' ');
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    closeSync(openSync(path, isNew ? 'wx' : 'r+', 0o600));
  } catch (error) {
    // Another process has made one at the same time: that one counts.
    if (isNew && (error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  chmodSync(path, 0o600);
  writeFileSync(path, `${content}\n`);
  return true;
};

const password = (context: CallContext, term: string, given: Dict): string => {
  const { path: name, options } = readTerm(term, given);
  const path = resolve(baseDirectory(context), expandUser(name));
  const encrypt = options.value('encrypt') === null ? undefined : options.text('encrypt', '');
  const isKept = path !== '/dev/null';
  let stored = isKept ? read(path) : undefined;
  if (!stored) {
    const seed = options.value('seed');
    const source = seed === null ? systemRandom : new PythonRandom(text(seed));
    const characters = allowedCharacters(options.value('chars'));
    stored = {
      password: randomPassword(options.number('length', 20), characters, source),
      salt: undefined,
      ident: undefined,
    };
    stored = withSalt(stored, encrypt, options);
    if (isKept && !write(path, stored, true)) stored = read(path)!;
  }
  if (encrypt === undefined) return stored.password;
  const salted = withSalt(stored, encrypt, options);
  if (isKept && salted !== stored) write(path, salted, false);
  return encrypted(salted, encrypt);
};

const withSalt = (stored: Stored, encrypt: string | undefined, options: Options): Stored => {
  if (encrypt === undefined) return stored;
  const name = algorithmName(encrypt);
  const ident = options.value('ident') === null ? stored.ident : options.text('ident', '');
  if (stored.ident !== undefined && ident !== stored.ident)
    throw lookupError(`The ident parameter provided (${ident}) does not match the stored one (${stored.ident}).`);
  const wanted = ident ?? (name === 'bcrypt' ? '2b' : undefined);
  if (stored.salt !== undefined && wanted === stored.ident) return stored;
  return { ...stored, salt: stored.salt ?? randomSalt(saltSizeOf(name)), ident: wanted };
};

const encrypted = (stored: Stored, encrypt: string): string => {
  try {
    return hashPassword(stored.password, algorithmName(encrypt), { salt: stored.salt, ident: stored.ident });
  } catch (error) {
    if (error instanceof MusterError) throw lookupError(error.message, error);
    throw error;
  }
};

/** The lookup that makes a password, keeps it in a file, and gives it back from there. */
export const passwordLookups: readonly Lookup[] = [
  defineLookup('password', (context, terms, options) => terms.map((term) => password(context, text(term), options))),
];
