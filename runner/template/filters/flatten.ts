import type { Value } from '../../values/index.ts';

/** Lists inside of a list taken apart, `levels` deep; empty places are left out unless told. */
export const flatten = (items: Iterable<Value>, levels = Number.POSITIVE_INFINITY, skipNulls = true): Value[] => {
  const flat: Value[] = [];
  for (const item of items) {
    if (skipNulls && (item === null || item === 'None' || item === 'null')) continue;
    if (Array.isArray(item) && levels >= 1) flat.push(...flatten(item, levels - 1, skipNulls));
    else flat.push(item);
  }
  return flat;
};
