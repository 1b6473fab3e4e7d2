import { type Secrets, tellingName } from '../../events/secrets.ts';
import { dumpJson, Template, type Value, VaultText } from '../../values/index.ts';

const longest = 2000;

/** A value in one line for people to look at; of what may be secret nothing but that. */
export const showValue = (name: string, value: Value, secrets: Secrets): string => {
  if (tellingName.test(name) && isSingle(value)) return '********';
  return secrets.mask(textOf(value)).slice(0, longest);
};

const isSingle = (value: Value): boolean =>
  typeof value === 'string' || typeof value === 'number' || value instanceof Template || value instanceof VaultText;

const textOf = (value: Value): string => {
  if (typeof value === 'string') return value;
  if (value instanceof VaultText) return '(from the vault)';
  if (value instanceof Template) return value.source;
  return dumpJson(inner(value), {});
};

/** Templates and vault values inside of lists and mappings, and what has a telling name there. */
const inner = (value: Value): Value => {
  if (value instanceof VaultText) return '(from the vault)';
  if (value instanceof Template) return value.source;
  if (Array.isArray(value)) return value.map(inner);
  if (!(value instanceof Map)) return value;
  return new Map(
    [...value].map(([key, item]): [Value, Value] => [
      key,
      tellingName.test(String(key)) && isSingle(item) ? '********' : inner(item),
    ]),
  );
};
