import { Float, NamedTuple, Nothing, PyObject, Template, Tuple, Undefined, VaultText, View } from './objects.ts';
import type { Value } from './types.ts';

/** Python's type name, as in its error messages and in Ansible's `type_debug` filter. */
export const typeName = (value: Value): string => {
  if (value === null) return 'NoneType';
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'number':
      return Number.isInteger(value) ? 'int' : 'float';
    case 'bigint':
      return 'int';
    case 'string':
      return 'str';
  }
  if (value instanceof Float) return 'float';
  if (value instanceof NamedTuple) return value.kind;
  if (value instanceof Tuple) return 'tuple';
  if (value instanceof View) return value.kind;
  if (Array.isArray(value)) return 'list';
  if (value instanceof Map) return 'dict';
  if (value instanceof Set) return 'set';
  if (value instanceof Undefined) return 'AnsibleUndefined';
  if (value instanceof PyObject) return value.typeName;
  return value instanceof VaultText ? 'AnsibleVaultEncryptedUnicode' : 'AnsibleUnicode';
};

/** Python's str(): how a value shows inside text. What is undefined raises its error. */
export const toText = (value: Value): string => {
  if (typeof value === 'string') return value;
  if (value instanceof Template) return value.source;
  if (value instanceof VaultText) return value.decrypt();
  if (value instanceof Nothing) return '';
  if (value instanceof Undefined) throw value.error();
  if (value instanceof PyObject) return value.toText();
  return toRepr(value);
};

/** Python's repr(): how a value shows inside a printed list or dict. */
export const toRepr = (value: Value): string => {
  if (value === null) return 'None';
  switch (typeof value) {
    case 'boolean':
      return value ? 'True' : 'False';
    case 'number':
      return Number.isInteger(value) ? String(value) : floatText(value);
    case 'bigint':
      return String(value);
    case 'string':
      return reprText(value);
  }
  if (value instanceof Float) return floatText(value.value);
  if (value instanceof Tuple)
    return value.length === 1 ? `(${toRepr(value[0]!)},)` : `(${value.map(toRepr).join(', ')})`;
  if (value instanceof View) return value.text ?? `${value.kind}([${value.map(toRepr).join(', ')}])`;
  if (Array.isArray(value)) return `[${value.map(toRepr).join(', ')}]`;
  if (value instanceof Map) return `{${[...value].map(([key, item]) => `${toRepr(key)}: ${toRepr(item)}`).join(', ')}}`;
  if (value instanceof Set) return value.size === 0 ? 'set()' : `{${[...value].map(toRepr).join(', ')}}`;
  if (value instanceof Template) return reprText(value.source);
  if (value instanceof VaultText) return reprText(value.decrypt());
  if (value instanceof Undefined) return value instanceof Nothing ? 'Undefined' : reprUndefined(value);
  return value.toRepr();
};

/** Python's repr of a float: shortest digits that read back, exponent form outside 1e-4 … 1e16. */
export const floatText = (value: number): string => {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    const [digits, exponent] = value.toExponential().split('e') as [string, string];
    const power = exponent.slice(1).padStart(2, '0');
    return `${digits}e${exponent[0]}${power}`;
  }
  const text = String(value);
  return text.includes('.') ? text : `${text}.0`;
};

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
// What Python calls unprintable: control, format, surrogate, private and unassigned characters, and spaces but ' '.
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Zs}\\]/gu;

const reprText = (text: string): string => {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replace(unprintable, (character) => {
    if (character === ' ') return character;
    const known = escapes[character];
    if (known !== undefined) return known;
    const code = character.codePointAt(0)!;
    if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
    if (code <= 0xffff) return `\\u${code.toString(16).padStart(4, '0')}`;
    return `\\U${code.toString(16).padStart(8, '0')}`;
  });
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
};

const reprUndefined = ({ name_ }: Undefined): string =>
  `AnsibleUndefined(hint=None, obj=missing, name=${name_ === undefined ? 'None' : reprText(name_)})`;
