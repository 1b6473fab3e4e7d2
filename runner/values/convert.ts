import { Float, float, integer, omit, PyObject, Template, Tuple, Undefined, VaultText } from './objects.ts';
import { toText } from './print.ts';
import type { Dict, Json, Result, ResultObject, Value } from './types.ts';
import { WithheldDict, WithheldText } from './withheld.ts';

/** A mapping with text keys, e.g. `dict({ msg: 'hi' })`. Entries that are undefined are left out. */
export const dict = (entries: Readonly<Record<string, Value | undefined>> = {}): Dict => {
  const map: Dict = new Map();
  for (const [key, value] of Object.entries(entries)) if (value !== undefined) map.set(key, value);
  return map;
};

/** What a module or a JSON parser returned, as a Value: plain objects become mappings, undefined entries are left out. */
export const toValue = (result: Result): Value => {
  if (result === undefined) return null;
  if (result === null || typeof result !== 'object') {
    return typeof result === 'number' && !Number.isFinite(result) ? float(result) : result;
  }
  if (result instanceof Tuple) return result;
  if (Array.isArray(result)) return result.map(toValue);
  if (isPlainObject(result)) {
    const map: Dict = new Map();
    for (const key of Object.keys(result)) {
      const item = result[key];
      if (item !== undefined) map.set(key, toValue(item));
    }
    return map;
  }
  return result as Value;
};

const isPlainObject = (value: object): value is ResultObject => {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

/** Text that holds JSON as a Value, with Python's distinction of 1 and 1.0 kept, and its NaN. Throws SyntaxError. */
export const parseJson = (text: string): Value => {
  let plain: Json;
  try {
    plain = JSON.parse(text) as Json;
  } catch (error) {
    if (/\b(?:NaN|Infinity)\b/.test(text)) return parseJsonExactly(text);
    throw error;
  }
  // Only text that has such a number, or a key that JavaScript would put first, pays for the slow reading.
  if (!/\d[.eE]|\d{16}|"\d+"\s*:/.test(text)) return toValue(plain as Result);
  return parseJsonExactly(text);
};

const parseJsonExactly = (text: string): Value => {
  // Numbers are marked in the text, so that the built-in parser hands their spelling over.
  const number = '\u0000number:';
  // Text of digits is marked too: as a key it would otherwise lose its place. So is what begins like a mark.
  const digits = '\u0000digits:';
  const tokens = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|-?Infinity|NaN/g;
  const marked = text.replace(tokens, (token) => {
    if (token[0] !== '"') return JSON.stringify(number + token);
    return /^"(?:\d+"$|\\u0000)/.test(token) ? JSON.stringify(digits + (JSON.parse(token) as string)) : token;
  });
  const unmark = (value: string): string => (value.startsWith(digits) ? value.slice(digits.length) : value);
  const revive = (value: Json): Value => {
    if (typeof value === 'string')
      return value.startsWith(number) ? readNumber(value.slice(number.length)) : unmark(value);
    if (Array.isArray(value)) return value.map(revive);
    if (value !== null && typeof value === 'object') {
      return new Map(Object.entries(value).map(([key, item]) => [unmark(key), revive(item)]));
    }
    return value;
  };
  return revive(JSON.parse(marked) as Json);
};

const readNumber = (token: string): Value => (/[.eENI]/.test(token) ? float(Number(token)) : integer(BigInt(token)));

/**
 * A value as plain JSON, as events and records hold it: integral floats become numbers, big integers keep their digits
 * as text, sets become lists, objects their JSON form, keys text. What is undefined shows its message.
 */
export const toJson = (value: Value): Json => {
  if (value === null || typeof value === 'boolean' || typeof value === 'string' || typeof value === 'number')
    return value;
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Float) return Number.isFinite(value.value) ? value.value : toText(value);
  if (Array.isArray(value)) return value.map(toJson);
  if (value instanceof WithheldDict) return masked;
  if (value instanceof Map) {
    const object: { [key: string]: Json } = Object.create(null);
    for (const [key, item] of value) if (item !== omit) object[keyText(key)] = toJson(item);
    return object;
  }
  if (value instanceof Set) return [...value].map(toJson);
  if (value instanceof Template) return value.source;
  if (value instanceof WithheldText) return masked;
  if (value instanceof VaultText) return value.decrypt();
  if (value instanceof Undefined) return value.message;
  return value instanceof PyObject ? toJson(value.toJson()) : null;
};

const masked = '********';

const keyText = (key: Value): string => {
  if (typeof key === 'string') return key;
  // Python's json writes these keys in JSON's own spelling.
  if (key === null) return 'null';
  if (typeof key === 'boolean') return String(key);
  return toText(key);
};

/** Whether something inside still has to be rendered or decrypted before it is data. */
export const needsRendering = (value: Value): boolean => {
  if (value === null || typeof value !== 'object') return false;
  if (value instanceof Template || value instanceof VaultText) return true;
  if (Array.isArray(value)) return value.some(needsRendering);
  if (value instanceof Map) {
    for (const [key, item] of value) if (needsRendering(key) || needsRendering(item)) return true;
  }
  return false;
};
