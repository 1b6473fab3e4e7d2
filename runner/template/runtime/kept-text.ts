import { type KeptType, markText, PyObject, staysText, textMark, type Value } from '../../values/index.ts';

/**
 * Text that stays text even when it looks like a list or dict and is all that a template gives: what `to_json` and
 * its like return. It lives only in variables and outputs; everything else sees the text.
 */
export class KeptText extends PyObject {
  override readonly typeName: KeptType;
  readonly text: string;

  constructor(text: string, typeName: KeptType = 'NativeJinjaText') {
    super();
    this.text = text;
    this.typeName = typeName;
  }
  override toText(): string {
    return this.text;
  }
}

/** The value without the mark. */
export const plain = (value: Value): Value => (value instanceof KeptText ? value.text : value);

/** The value to store in a list or mapping, which holds plain text and notes beside it which of it is kept. */
export const stored = (value: Value, container: object, key: Value): Value => {
  if (!(value instanceof KeptText)) return value;
  markText(container, key, value.typeName);
  return value.text;
};

/** The value that was read from `container[key]`, marked again if it is a kept text. */
export const keptEntry = (container: Value, key: Value, value: Value): Value => {
  if (typeof value !== 'string' || typeof container !== 'object' || container === null) return value;
  const type = textMark(container, key);
  return staysText(type) ? new KeptText(value, type) : value;
};
