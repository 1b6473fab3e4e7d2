import { readFileSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { didYouMean, SettingError, SourceError, UsageError } from '../errors/index.ts';
import type { Secrets } from '../events/secrets.ts';
import { type Decrypter, loadYaml, parseKeyValues } from '../playbook/index.ts';
import { type Dict, Template, typeName, type Value } from '../values/index.ts';

/**
 * The variables of all `-e`: `key=value …`, JSON or YAML text, or `@file`; later ones win. Words that are no key=value
 * are warned of.
 */
export const readExtraVars = (
  given: readonly string[],
  vault: Decrypter | undefined,
  warn: (message: string) => void,
): Dict => {
  const vars: Dict = new Map();
  for (const text of given) for (const [name, value] of readOne(text, vault, warn)) vars.set(name, value);
  return vars;
};

/**
 * Remembers the values of those extra variables as secrets that the command line or the configuration calls so. Throws a
 * UsageError when the command line names one that is not given: a slip there would show what was to be hidden.
 */
export const hideSecretVars = (
  vars: Dict,
  named: readonly string[],
  configured: readonly string[],
  secrets: Secrets,
): void => {
  const wrong = named.find((name) => !vars.has(name));
  if (wrong !== undefined) {
    throw new UsageError({
      message: `--secret names '${wrong}', and no extra variable is called so`,
      hint: didYouMean(wrong, [...vars.keys()].map(String)),
    });
  }
  for (const name of [...named, ...configured]) secrets.addWhole(vars.get(name) ?? null);
};

const readOne = (text: string, vault: Decrypter | undefined, warn: (message: string) => void): Dict => {
  if (text.startsWith('@')) return readFile(text.slice(1), vault);
  if (/^\s*[[{]/.test(text)) return parse(text, '--extra-vars', vault);
  const { options, raw } = parseKeyValues(text);
  if (raw !== undefined) {
    warn(`--extra-vars holds '${raw.trim()}', which is no key=value and is ignored; quote values that hold blanks`);
  }
  return new Map([...options].map(([name, value]) => [name, Template.of(value)]));
};

const readFile = (name: string, vault: Decrypter | undefined): Dict => {
  const path = resolve(name);
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    throw new SourceError({
      message: `the file of extra variables ${path} cannot be read`,
      expected: 'a YAML or JSON file after -e @',
      isMissing: true,
    });
  }
  vault?.noteRead?.(path, bytes);
  const isEncrypted = bytes.subarray(0, 14).toString() === '$ANSIBLE_VAULT';
  const plain = isEncrypted && vault ? vault.decryptFile(bytes, path) : bytes;
  return parse(plain.toString('utf8'), path, vault);
};

const parse = (text: string, source: string, vault: Decrypter | undefined): Dict => {
  const value = load(text, source, vault);
  if (value === null) return new Map();
  if (value instanceof Map) return value;
  throw new SettingError({
    message: `extra variables must be a mapping, this is ${typeName(value)}: ${source}`,
    expected: 'key=value, or a mapping in JSON or YAML',
  });
};

/** A text of the command line is no file in which the place of a mistake could be shown. */
const load = (text: string, source: string, vault: Decrypter | undefined): Value => {
  try {
    return loadYaml(text, source, {
      decrypt: vault && ((ciphertext, origin) => vault.decryptText(ciphertext, origin)),
    });
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    const isHere = (file: string | undefined): boolean => file === source && !isAbsolute(source);
    throw new SourceError(
      error.problems.map((problem) => (isHere(problem.origin?.file) ? { ...problem, source: text } : problem)),
    );
  }
};
