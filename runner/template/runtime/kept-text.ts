import { PyObject, type Value } from '../../values/index.ts';

/**
 * Text that stays text even when it looks like a list or dict and is all that a template gives: what `to_json` and
 * its like return. It lives only in variables and outputs; everything else sees the text.
 */
export class KeptText extends PyObject {
  override readonly typeName = 'str';
  readonly text: string;

  constructor(text: string) {
    super();
    this.text = text;
  }
  override toText(): string {
    return this.text;
  }
}

/** The value without the mark. */
export const plain = (value: Value): Value => (value instanceof KeptText ? value.text : value);

// Which entries of rendered lists and dicts are kept texts; the lists and dicts themselves hold plain text.
const entries = new WeakMap<object, Set<Value>>();

/** Notes that the entry `key` of a list or dict is a kept text. */
export const markKept = (container: object, key: Value): void => {
  const known = entries.get(container);
  if (known) known.add(key);
  else entries.set(container, new Set([key]));
};

/** The value that was read from `container[key]`, marked again if it is a kept text. */
export const keptEntry = (container: Value, key: Value, value: Value): Value =>
  typeof value === 'string' && typeof container === 'object' && container !== null && entries.get(container)?.has(key)
    ? new KeptText(value)
    : value;
