import {
  Float,
  Nothing,
  omit,
  PyBytes,
  Tuple,
  toText,
  Undefined,
  type Value,
  VaultText,
  View,
} from '../../values/index.ts';
import { defined, readLiteral } from '../python/index.ts';
import { KeptText } from './kept-text.ts';

/**
 * What becomes of a template's output. `text`: it is text. `data`: text that looks like a list, dict or boolean becomes
 * one, as in playbooks. `native`: every literal becomes its value (jinja2_native).
 */
export type Mode = 'text' | 'data' | 'native';

/** How output is put together. */
export interface OutputRules {
  readonly mode: Mode;
  /** None shows as `None`; otherwise it puts out nothing. */
  readonly showsNone: boolean;
}

/** Collects what a template puts out. */
export class Sink {
  readonly #rules: OutputRules;
  #first: Value = '';
  #text = '';
  #count = 0;

  constructor(rules: OutputRules) {
    this.#rules = rules;
  }
  /** Adds text of the template itself. */
  addText(text: string): void {
    if (this.#count++ === 0) this.#first = text;
    else this.#join(text);
  }
  /** Adds the value of an expression. */
  addValue(value: Value): void {
    const final = finalize(value, this.#rules.showsNone);
    if (this.#count++ === 0) this.#first = this.#rules.mode === 'text' ? textOf(final) : final;
    else this.#join(textOf(final));
  }
  #join(text: string): void {
    if (this.#count === 2) this.#text = textOf(this.#first);
    this.#text += text;
  }
  /** All of it as text. */
  get text(): string {
    return this.#count > 1 ? this.#text : textOf(this.#first);
  }
  /** All of it as the mode wants it. */
  get value(): Value {
    if (this.#rules.mode === 'text') return this.text;
    if (this.#rules.mode === 'native') return this.#count === 0 ? null : this.#native;
    if (this.#count !== 1) return textToData(this.#text);
    const first = this.#first;
    if (first instanceof KeptText || first === omit) return first;
    if (typeof first === 'string') return textToData(first);
    if (typeof first === 'boolean') return first;
    return isContainer(first) && isPlain(first) ? first : textToData(textOf(first));
  }
  get #native(): Value {
    const first = this.#count === 1 ? this.#first : this.#text;
    if (typeof first !== 'string') return first instanceof Nothing ? '' : first;
    const value = readLiteral(first, false);
    if (value === undefined) return first;
    return typeof value === 'string' ? first[0] + value + first[0] : value;
  }
}

// How a value is put out: bytes are decoded.
const textOf = (value: Value): string => {
  if (typeof value === 'string') return value;
  return value instanceof PyBytes ? value.bytes.toString('utf8') : toText(value);
};

// None puts out nothing, what is computed on demand is a list, and nothing undefined gets out.
const finalize = (value: Value, showsNone: boolean): Value => {
  if (typeof value === 'string') return value;
  if (value === null) return showsNone ? null : '';
  if (typeof value !== 'object') return value;
  if (value instanceof Undefined) return defined(value);
  if (value instanceof VaultText) return value.decrypt();
  if (value instanceof View) return checkDefined([...value]);
  return checkDefined(value);
};

const checkDefined = (value: Value): Value => {
  if (value instanceof Undefined) return defined(value);
  if (Array.isArray(value)) for (const item of value) checkInner(item);
  else if (value instanceof Map) for (const item of value.values()) checkInner(item);
  return value;
};

const checkInner = (value: Value): void => {
  if (typeof value === 'object' && value !== null) checkDefined(value);
};

/** The list, dict or boolean that a text looks like; otherwise the text. */
export const textToData = (text: string): Value => {
  const first = text[0];
  if (first !== '{' && first !== '[' && text !== 'True' && text !== 'False') return text;
  const value = readLiteral(text);
  return value === undefined ? text : value;
};

const isContainer = (value: Value): boolean =>
  value instanceof Map ||
  (value instanceof Set && value.size > 0) ||
  (Array.isArray(value) && !(value instanceof Tuple) && !(value instanceof View));

// Whether printing the value and reading it again would give the same, so that both can be left out.
const isPlain = (value: Value): boolean => {
  if (value === null || typeof value !== 'object' || value === omit) {
    return typeof value !== 'number' || Number.isFinite(value);
  }
  if (value instanceof Float) return Number.isFinite(value.value);
  if (value instanceof View) return false;
  if (Array.isArray(value) || value instanceof Set) {
    for (const item of value) if (!isPlain(item)) return false;
    return true;
  }
  if (!(value instanceof Map)) return false;
  for (const [key, item] of value) if (!isPlain(key) || !isPlain(item)) return false;
  return true;
};
