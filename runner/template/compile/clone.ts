import { LazyDict, Tuple, tuple, type Value, View } from '../../values/index.ts';

/** A copy of a value that can be changed without changing the value. */
export const clone = (value: Value): Value => {
  if (Array.isArray(value)) {
    if (value instanceof View) return value;
    const items = value.map(clone);
    return value instanceof Tuple ? tuple(items) : items;
  }
  // What is worked out on demand (hostvars) has nothing that could be changed.
  if (value instanceof LazyDict) return value;
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, clone(item)]));
  return value instanceof Set ? new Set(value) : value;
};
