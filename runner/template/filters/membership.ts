import { Float, isEqual, Tuple, textOf, type Value } from '../../values/index.ts';

/** A primitive that is the same for values that are equal in Python; undefined for what has to be compared one by one. */
const keyOf = (value: Value): string | number | null | undefined => {
  if (value === null) return null;
  if (typeof value === 'string') return `'${value}`;
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'bigint') return Number(value) === Infinity ? String(value) : Number(value);
  if (value instanceof Float) return Number.isNaN(value.value) ? undefined : value.value;
  const text = textOf(value);
  if (text !== undefined) return `'${text}`;
  if (!(value instanceof Tuple)) return undefined;
  const keys = value.map(keyOf);
  return keys.includes(undefined) ? undefined : `(${JSON.stringify(keys)}`;
};

/** Values that can be asked whether they hold an equal one, quickly where they are plain. */
export class Members {
  readonly #plain = new Set<string | number | null>();
  readonly #others: Value[] = [];

  constructor(values: Iterable<Value> = []) {
    for (const value of values) this.add(value);
  }
  add(value: Value): void {
    const key = keyOf(value);
    if (key === undefined) this.#others.push(value);
    else this.#plain.add(key);
  }
  has(value: Value): boolean {
    const key = keyOf(value);
    if (key !== undefined) return this.#plain.has(key);
    return this.#others.some((other) => isEqual(other, value));
  }
}

/** The first of each run of equal values, by what `keyFor` makes of them. */
export const distinct = (values: Iterable<Value>, keyFor: (value: Value) => Value = (value) => value): Value[] => {
  const seen = new Members();
  const kept: Value[] = [];
  for (const value of values) {
    const key = keyFor(value);
    if (seen.has(key)) continue;
    seen.add(key);
    kept.push(value);
  }
  return kept;
};
