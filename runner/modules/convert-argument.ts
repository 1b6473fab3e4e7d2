import { type Dict, Float, parseJson, toJson, toText, typeName, type Value } from '../values/index.ts';
import type { ArgumentType } from './arguments.ts';

/** What a value of a wrong type is told: the reason only, the caller names the argument. */
export class ConversionError extends Error {
  /** Python's name of the type that the value has. */
  readonly given: string;
  readonly wanted: ArgumentType;
  constructor(given: string, wanted: ArgumentType, reason: string) {
    super(reason);
    this.given = given;
    this.wanted = wanted;
  }
}

const trueWords = new Set(['y', 'yes', 'on', '1', 'true', 't']);
const falseWords = new Set(['n', 'no', 'off', '0', 'false', 'f']);

/** Ansible's reading of a truth value: booleans, 0 and 1, and the usual words; undefined for anything else. */
export const readBoolean = (value: Value): boolean | undefined => {
  if (typeof value === 'boolean') return value;
  const word = (value instanceof Float ? String(value.value) : toText(value)).trim().toLowerCase();
  if (trueWords.has(word)) return true;
  return falseWords.has(word) ? false : undefined;
};

/** Converts a value to an argument's type by the rules of Ansible's argument_spec. Throws ConversionError. */
export const convertArgument = (value: Value, type: ArgumentType): Value => converters[type](value);

const toInteger = (value: Value): Value => {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  const text = typeof value === 'string' ? value.trim().replaceAll('_', '') : '';
  if (!/^[+-]?\d+$/.test(text)) throw wrongType(value, 'int');
  return Number(text);
};

const toFloat = (value: Value): Value => {
  if (typeof value === 'number') return value;
  if (value instanceof Float) return value.value;
  const text = typeof value === 'string' ? value.trim() : '';
  if (text === '' || Number.isNaN(Number(text))) throw wrongType(value, 'float');
  return Number(text);
};

const toBoolean = (value: Value): Value => {
  const truth =
    value !== null && typeof value === 'object' && !(value instanceof Float) ? undefined : readBoolean(value);
  if (truth === undefined) throw wrongType(value, 'bool', `The value '${toText(value)}' is not a valid boolean.  `);
  return truth;
};

const toList = (value: Value): Value => {
  if (Array.isArray(value)) return [...value];
  if (typeof value === 'string') return value.split(',');
  if (typeof value === 'number' || value instanceof Float) return [toText(value)];
  throw wrongType(value, 'list');
};

const noDict = 'dictionary requested, could not parse JSON or key=value';

const toDict = (value: Value): Value => {
  if (value instanceof Map) return value;
  if (typeof value !== 'string') throw wrongType(value, 'dict');
  const text = value.trim();
  if (text.startsWith('{')) {
    try {
      return parseJson(text) as Dict;
    } catch {
      throw wrongType(value, 'dict', noDict);
    }
  }
  if (!text.includes('=')) throw wrongType(value, 'dict', noDict);
  const pairs = text.split(/[,\s]+(?=[^=,\s]+=)/).map((pair) => {
    const equals = pair.indexOf('=');
    if (equals === -1) throw wrongType(value, 'dict', noDict);
    return [pair.slice(0, equals).trim(), unquote(pair.slice(equals + 1).trim())] as const;
  });
  return new Map<Value, Value>(pairs);
};

const unquote = (text: string): string => /^(['"])(.*)\1$/s.exec(text)?.[2] ?? text;

const unitPowers: Readonly<Record<string, number>> = { b: 0, k: 1, m: 2, g: 3, t: 4, p: 5, e: 6, z: 7, y: 8 };

const toBytes = (value: Value, type: 'bytes' | 'bits' = 'bytes'): Value => {
  if (typeof value === 'number') return value;
  const match = /^\s*(\d*\.?\d+)\s*([A-Za-z]*)\s*$/.exec(toText(value));
  const power = match ? unitPowers[(match[2] || 'b')[0]!.toLowerCase()] : undefined;
  if (!match || power === undefined) throw wrongType(value, type);
  return Math.round(Number(match[1]) * 1024 ** power);
};

const toJsonText = (value: Value): Value => (typeof value === 'string' ? value.trim() : JSON.stringify(toJson(value)));

const converters: Readonly<Record<ArgumentType, (value: Value) => Value>> = {
  str: toText,
  path: toText,
  int: toInteger,
  float: toFloat,
  bool: toBoolean,
  list: toList,
  dict: toDict,
  bytes: (value) => toBytes(value),
  bits: (value) => toBytes(value, 'bits'),
  json: toJsonText,
  raw: (value) => value,
};

const wrongType = (value: Value, type: ArgumentType, reason?: string): ConversionError => {
  const given = `<class '${typeName(value)}'>`;
  const wanted = nouns[type] ?? `a ${type}`;
  return new ConversionError(given, type, reason ?? `${given} cannot be converted to ${wanted}`);
};

const nouns: Partial<Record<ArgumentType, string>> = { int: 'an int', bytes: 'a Byte value', bits: 'a Bit value' };
