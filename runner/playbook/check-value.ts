import { Float, PyObject, Template, textOf, typeName, type Value, VaultText } from '../values/index.ts';
import type { KeywordType } from './keywords.ts';

const booleanWords = new Set(['yes', 'no', 'on', 'off', 'true', 'false', 'y', 'n', 't', 'f', '1', '0', '1.0', '0.0']);

const isMapping = (value: Value): boolean => value instanceof Map;
const isCollection = (value: Value): boolean => isMapping(value) || Array.isArray(value);
const isNumber = (value: Value): boolean =>
  typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean' || value instanceof Float;

interface Check {
  readonly expected: string;
  readonly fits: (value: Value) => boolean;
}

const checks: Readonly<Record<KeywordType, Check>> = {
  text: { expected: 'text', fits: (value) => !isCollection(value) },
  boolean: {
    expected: 'yes or no',
    fits: (value) =>
      typeof value === 'boolean' ||
      value === 0 ||
      value === 1 ||
      (typeof value === 'string' && booleanWords.has(value.toLowerCase().trim())),
  },
  integer: {
    expected: 'a whole number',
    fits: (value) => isNumber(value) || (typeof value === 'string' && /^\s*[-+]?\d[\d_]*\s*$/.test(value)),
  },
  number: {
    expected: 'a number',
    fits: (value) => isNumber(value) || (typeof value === 'string' && /^\s*[-+]?(\d+\.?\d*|\.\d+)\s*$/.test(value)),
  },
  percent: {
    expected: 'a number, with or without %',
    fits: (value) => isNumber(value) || (typeof value === 'string' && /^\s*\d+(\.\d*)?\s*%?\s*$/.test(value)),
  },
  list: { expected: 'a list, or a single value', fits: (value) => !isMapping(value) },
  conditions: {
    expected: 'an expression or a list of expressions',
    fits: (value) => (Array.isArray(value) ? value.every((item) => !isMapping(item)) : !isMapping(value)),
  },
  names: {
    expected: 'a name or a list of names',
    fits: (value) => (Array.isArray(value) ? value : [value]).every((item) => textOf(item) !== undefined),
  },
  vars: {
    expected: 'a mapping of variables',
    fits: (value) => isMapping(value) || (Array.isArray(value) && value.every(isMapping)),
  },
  mapping: { expected: 'a mapping', fits: isMapping },
  mappings: {
    expected: 'a mapping, or a list of mappings',
    fits: (value) => isMapping(value) || (Array.isArray(value) && value.every(isMapping)),
  },
  tasks: { expected: 'a list of tasks', fits: Array.isArray },
  roles: { expected: 'a list of roles', fits: Array.isArray },
  anything: { expected: 'a value', fits: () => true },
};

/** What should have been there when a value does not fit its type; undefined when it fits. What is rendered later fits. */
export const misfit = (type: KeywordType, value: Value, isStatic = false): string | undefined => {
  if (value === null) return undefined;
  if (!isStatic && (value instanceof Template || value instanceof VaultText)) return undefined;
  const check = checks[type];
  return check.fits(value) ? undefined : check.expected;
};

/** A value's kind in words, for messages. */
export const kindOf = (value: Value): string => {
  if (value === null) return 'nothing';
  if (value instanceof Map) return 'a mapping';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'number' || typeof value === 'bigint') return `the number ${value}`;
  if (value instanceof Template) return 'a template';
  if (typeof value === 'string') return value.length <= 40 ? `'${value}'` : 'text';
  return value instanceof PyObject ? `a ${value.typeName}` : typeName(value);
};

const pythonKeywords = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for from global if ' +
    'import in is lambda nonlocal not or pass raise return try while with yield'
  ).split(' '),
);

/** Whether templates could use a name as a variable. */
export const isVariableName = (name: Value): name is string =>
  typeof name === 'string' && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !pythonKeywords.has(name);
