import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { SourceError } from '../errors/index.ts';
import { type Decrypter, loadYaml, parseKeyValues } from '../playbook/index.ts';
import { type Dict, Template, typeName, type Value } from '../values/index.ts';

/** The variables of all `-e`: `key=value …`, JSON or YAML text, or `@file`; later ones win. */
export const readExtraVars = (given: readonly string[], vault: Decrypter | undefined): Dict => {
  const vars: Dict = new Map();
  for (const text of given) for (const [name, value] of readOne(text, vault)) vars.set(name, value);
  return vars;
};

const readOne = (text: string, vault: Decrypter | undefined): Dict => {
  if (text.startsWith('@')) return readFile(text.slice(1), vault);
  if (/^\s*[[{]/.test(text)) return parse(text, '--extra-vars', vault);
  const { options, raw } = parseKeyValues(text);
  if (raw !== undefined) {
    throw new SourceError({
      message: `extra variables hold '${raw}', which is no key=value`,
      expected: 'key=value, a mapping in JSON or YAML, or @file',
    });
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
    });
  }
  const isEncrypted = bytes.subarray(0, 14).toString() === '$ANSIBLE_VAULT';
  const plain = isEncrypted && vault ? vault.decryptFile(bytes, path) : bytes;
  return parse(plain.toString('utf8'), path, vault);
};

const parse = (text: string, source: string, vault: Decrypter | undefined): Dict => {
  const value: Value = loadYaml(text, source, {
    decrypt: vault && ((ciphertext, origin) => vault.decryptText(ciphertext, origin)),
  });
  if (value === null) return new Map();
  if (value instanceof Map) return value;
  throw new SourceError({
    message: `extra variables must be a mapping, this is ${typeName(value)}: ${source}`,
    expected: 'key=value, or a mapping in JSON or YAML',
  });
};
