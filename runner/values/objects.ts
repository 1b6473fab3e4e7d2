import { randomBytes } from 'node:crypto';
import { didYouMean, type Origin, TemplateError } from '../errors/index.ts';
import type { Dict, Value } from './types.ts';

/** A float whose value has no fraction, or is not finite. Make floats with `float()`, which decides. */
export class Float {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
  valueOf(): number {
    return this.value;
  }
}

/** Python's float(value) as a Value. */
export const float = (value: number): number | Float =>
  Number.isInteger(value) || !Number.isFinite(value) ? new Float(value) : value;

/** An integer as a Value: a number while that is exact, a bigint beyond. */
export const integer = (value: bigint | number): number | bigint => {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : integer(BigInt(value));
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
};

/** Python's tuple: a list that prints with parentheses and never equals a list. */
export class Tuple extends Array<Value> {
  // Array's own methods that build a new array would otherwise make tuples.
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }
}

/** A tuple of these items. */
export const tuple = (items: Iterable<Value>): Tuple => {
  const made = new Tuple();
  for (const item of items) made.push(item);
  return made;
};

/** A tuple whose items have names too (what `groupby` gives): `pair.grouper` and `pair[0]` are the same. */
export class NamedTuple extends Tuple {
  /** Python's name of its type. */
  kind = 'tuple';
  names: readonly string[] = [];

  /** The item of that name. */
  named(name: string): Value | undefined {
    const index = this.names.indexOf(name);
    return index === -1 ? undefined : this[index];
  }
}

/** A tuple of the type `kind` with these items, in order. */
export const namedTuple = (kind: string, items: Readonly<Record<string, Value>>): NamedTuple => {
  const made = new NamedTuple();
  made.push(...Object.values(items));
  made.kind = kind;
  made.names = Object.keys(items);
  return made;
};

/** What Python computes on demand (`range`, a dict's `items()`): a list once something holds or prints it on its own. */
export class View extends Array<Value> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }
  /** Python's name of its type. */
  kind: 'dict_items' | 'dict_keys' | 'dict_values' | 'range' | 'generator' = 'generator';
  /** How it shows inside of other text, where that is not its type and its items. */
  text: string | undefined;
}

/** These items as what Python computes on demand. */
export const view = (kind: View['kind'], items: Iterable<Value>, text?: string): View => {
  const made = new View();
  for (const item of items) made.push(item);
  made.kind = kind;
  made.text = text;
  return made;
};

/** A mapping whose values are worked out when somebody asks for one: it is never walked through to render it. */
export abstract class LazyDict extends Map<Value, Value> {}

/** Text from a source file that holds a Jinja2 expression, statement or comment, still to be rendered. */
export class Template {
  readonly source: string;
  readonly origin: Origin | undefined;
  constructor(source: string, origin?: Origin) {
    this.source = source;
    this.origin = origin;
  }
  /** Whether text needs rendering at all. */
  static needed(text: string): boolean {
    return text.includes('{{') || text.includes('{%') || text.includes('{#');
  }
  /** A Template where text needs rendering, otherwise the text itself. */
  static of(text: string, origin?: Origin): string | Template {
    return Template.needed(text) ? new Template(text, origin) : text;
  }
}

/** An inline `!vault` value. It is decrypted when something reads it, and what comes out is secret. */
export class VaultText {
  readonly ciphertext: string;
  readonly origin: Origin | undefined;
  readonly #decrypt: (ciphertext: string) => string;
  #plain: string | undefined;

  constructor(ciphertext: string, decrypt: (ciphertext: string) => string, origin?: Origin) {
    this.ciphertext = ciphertext;
    this.origin = origin;
    this.#decrypt = decrypt;
  }
  /** The plain text. Throws a MusterError that names the place when no secret fits. */
  decrypt(): string {
    this.#plain ??= this.#decrypt(this.ciphertext);
    return this.#plain;
  }
}

/** What a missing name, key or attribute evaluates to. Using it, other than by `is defined` or `default`, is an error. */
export class Undefined {
  /** The message of the error that its use raises, e.g. "'foo' is undefined". */
  readonly message: string;
  /** The missing name, where there is one. */
  readonly name_: string | undefined;
  /** The names that it could have been, for a hint; all variables when absent. */
  readonly candidates: Iterable<string> | undefined;
  /** Where it is missing, when that is not where it is used. */
  readonly origin: Origin | undefined;
  constructor(message: string, name?: string, candidates?: Iterable<string>, origin?: Origin) {
    this.message = message;
    this.name_ = name;
    this.candidates = candidates;
    this.origin = origin;
  }
  /** The error that its use raises. */
  error(): TemplateError {
    const { message, name_, candidates, origin } = this;
    const hint = name_ !== undefined && candidates !== undefined ? didYouMean(name_, candidates) : undefined;
    const error = new TemplateError('undefined', { message, hint, origin });
    missingOf.set(error, this);
    return error;
  }
}

/** What was undefined, of the errors that say so. */
export const missingOf = new WeakMap<TemplateError, Undefined>();

/** What `a if false` without an `else` evaluates to: it prints as nothing, is false and holds no items. */
export class Nothing extends Undefined {}

/**
 * An object with attributes and methods that templates may use (dates, loop, macros, namespaces, lazily computed things).
 * Templates see only what `attribute` gives out, never JavaScript's own properties.
 */
export abstract class PyObject {
  /** Python's name of the type, as `type_debug` shows it. */
  abstract readonly typeName: string;
  abstract toText(): string;
  toRepr(): string {
    return this.toText();
  }
  attribute(_name: string): Value | undefined {
    return undefined;
  }
  item(_key: Value): Value | undefined {
    return undefined;
  }
  call?(args: readonly Value[], kwargs: Dict): Value;
  isTrue(): boolean {
    return true;
  }
  equals(other: Value): boolean {
    return this === other;
  }
  /** Negative, zero or positive; undefined when the two have no order. */
  compare?(other: Value): number | undefined;
  iterate?(): Iterable<Value>;
  /** The arithmetic operators, e.g. the difference of two dates; undefined where there is none. `isLeft`: stands left of it. */
  operate?(operator: string, other: Value, isLeft: boolean): Value | undefined;
  /** The JSON form, e.g. a date's ISO text. */
  toJson(): Value {
    return this.toText();
  }
}

/** A function that templates can call. */
export class PyFunction extends PyObject {
  override readonly typeName = 'function';
  readonly name: string;
  override readonly call: (args: readonly Value[], kwargs: Dict) => Value;
  constructor(name: string, call: (args: readonly Value[], kwargs: Dict) => Value) {
    super();
    this.name = name;
    this.call = call;
  }
  override toText(): string {
    return `<function ${this.name}>`;
  }
}

/** The value of the `omit` variable: an argument that has it is as if not given. */
class Omit extends PyObject {
  override readonly typeName = 'str';
  // Nobody can guess it, so text that a host sends never means it.
  readonly text = `__omit_place_holder__${randomBytes(20).toString('hex')}`;
  override toText(): string {
    return this.text;
  }
}
export const omit: PyObject = new Omit();

/** Whether a value is `omit`, also where an expression made text of it. */
export const isOmitted = (value: Value): boolean =>
  value === omit || (typeof value === 'string' && value.startsWith('__omit_place_holder__') && value === omit.toText());
