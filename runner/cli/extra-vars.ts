import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { SourceError } from '../errors/index.ts';
import { parseKeyValues } from '../playbook/key-value.ts';
import { type Decrypter, loadYaml } from '../playbook/yaml/index.ts';
import { type Dict, Template, typeName, type Value } from '../values/index.ts';

/** The variables of all `-e`: `key=value …`, JSON or YAML text, or `@file`; later ones win. */
export const readExtraVars = (given: readonly string[], vault: Decrypter | undefined): Dict => {
  const vars: Dict = new Map();
  for (const text of given) for (const [name, value] of readOne(text, vault)) vars.set(name, value);
  return vars;
};

const readOne = (text: string, vault: Decrypter | undefined): Dict => {
  if (text.startsWith('@')) return readFile(text.slice(1), vault);
  if (/^\s*[[{]/.test(text))
    return asDict(loadYaml(text, '--extra-vars', { decrypt: vault?.decryptText.bind(vault) }), text);
  const origin = { file: '--extra-vars', line: 1, column: 1 };
  return new Map([...parseKeyValues(text).options].map(([key, value]) => [key, Template.of(value, origin)]));
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
  const plain = bytes.subarray(0, 14).toString() === '$ANSIBLE_VAULT' && vault ? vault.decryptFile(bytes, path) : bytes;
  return asDict(loadYaml(plain.toString('utf8'), path, { decrypt: vault?.decryptText.bind(vault) }), path);
};

const asDict = (value: Value, source: string): Dict => {
  if (value === null) return new Map();
  if (value instanceof Map) return value;
  throw new SourceError({
    message: `extra variables must be a mapping, this is ${typeName(value)}: ${source}`,
    expected: 'key=value, or a mapping in JSON or YAML',
  });
};
