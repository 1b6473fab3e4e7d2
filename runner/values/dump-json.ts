import { compare } from './compare.ts';
import { Float, PyObject, Template, Undefined, VaultText, View } from './objects.ts';
import { floatText, toRepr, toText, typeName } from './print.ts';
import type { Dict, Value } from './types.ts';

/** The options of Python's json.dumps. */
export interface DumpJsonOptions {
  /** Spaces, or the text, that each level is indented by; on one line when absent or null. */
  readonly indent?: number | string | null | undefined;
  readonly sortKeys?: boolean;
  readonly ensureAscii?: boolean;
  readonly allowNan?: boolean;
  readonly skipKeys?: boolean;
  /** Between items, and between key and value. */
  readonly separators?: readonly [string, string] | undefined;
}

/**
 * JSON exactly as Python's json.dumps writes it. Throws a TypeError with Python's words for what has no JSON form;
 * `onUndefined` is called, and has to throw, for a value that is undefined.
 */
export const dumpJson = (
  value: Value,
  options: DumpJsonOptions = {},
  onUndefined: (value: Undefined) => never = refuseUndefined,
): string => {
  const { indent = null, sortKeys = false, ensureAscii = true, allowNan = true, skipKeys = false } = options;
  const step = typeof indent === 'number' ? ' '.repeat(Math.max(0, indent)) : indent;
  const [itemSeparator, keySeparator] = options.separators ?? (step === null ? [', ', ': '] : [',', ': ']);

  const write = (item: Value, level: number): string => {
    if (item === null) return 'null';
    if (typeof item === 'string') return quoteJson(item, ensureAscii);
    if (typeof item === 'boolean' || typeof item === 'bigint') return String(item);
    if (typeof item === 'number' || item instanceof Float) return writeNumber(Number(item), toRepr(item));
    if (item instanceof Template || item instanceof VaultText) return quoteJson(toText(item), ensureAscii);
    if (item instanceof View) throw new TypeError(`Object of type ${typeName(item)} is not JSON serializable`);
    if (Array.isArray(item)) {
      return wrap(
        item.map((member) => write(member, level + 1)),
        '[]',
        level,
      );
    }
    if (item instanceof Map) return writeDict(item, level);
    if (item instanceof Undefined) return onUndefined(item);
    if (item instanceof PyObject) return writeObject(item, level);
    throw new TypeError(`Object of type ${typeName(item)} is not JSON serializable`);
  };

  const writeObject = (item: PyObject, level: number): string => {
    const plain = item.toJson();
    if (plain instanceof PyObject) throw new TypeError(`Object of type ${item.typeName} is not JSON serializable`);
    return write(plain, level);
  };

  const writeNumber = (number: number, text: string): string => {
    if (Number.isFinite(number)) return text;
    if (!allowNan) throw new RangeError('Out of range float values are not JSON compliant');
    if (Number.isNaN(number)) return 'NaN';
    return number > 0 ? 'Infinity' : '-Infinity';
  };

  const writeDict = (map: Dict, level: number): string => {
    const entries: string[] = [];
    for (const [key, item] of sortKeys ? sortEntries(map) : map) {
      const name = keyText(key, skipKeys);
      if (name !== undefined) entries.push(quoteJson(name, ensureAscii) + keySeparator + write(item, level + 1));
    }
    return wrap(entries, '{}', level);
  };

  const wrap = (items: readonly string[], brackets: string, level: number): string => {
    if (items.length === 0) return brackets;
    if (step === null) return brackets[0] + items.join(itemSeparator) + brackets[1];
    const inner = '\n' + step.repeat(level + 1);
    return brackets[0] + inner + items.join(itemSeparator + inner) + '\n' + step.repeat(level) + brackets[1];
  };

  return write(value, 0);
};

const refuseUndefined = (): never => {
  throw new TypeError('Object of type AnsibleUndefined is not JSON serializable');
};

const keyText = (key: Value, skipKeys: boolean): string | undefined => {
  if (typeof key === 'string') return key;
  if (key === null) return 'null';
  if (typeof key === 'boolean') return String(key);
  if (key instanceof Float) return floatText(key.value);
  if (typeof key === 'number' || typeof key === 'bigint') return toRepr(key);
  if (key instanceof Template || key instanceof VaultText) return toText(key);
  if (skipKeys) return undefined;
  throw new TypeError(`keys must be str, int, float, bool or None, not ${typeName(key)}`);
};

const sortEntries = (map: Dict): [Value, Value][] =>
  [...map].sort(([left], [right]) => {
    const order = compare(left, right);
    if (order === undefined)
      throw new TypeError(`'<' not supported between instances of '${typeName(right)}' and '${typeName(left)}'`);
    return order;
  });

const shortEscapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
};

/** Text as a JSON string; anything that is not plain ASCII is escaped unless told otherwise. */
export const quoteJson = (text: string, ensureAscii = true): string => {
  const special = ensureAscii ? /["\\]|[^ -~]/g : /["\\\x00-\x1f]/g;
  const escaped = (unit: string): string =>
    shortEscapes[unit] ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return `"${text.replace(special, escaped)}"`;
};
