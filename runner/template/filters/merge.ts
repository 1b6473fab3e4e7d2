import { type Dict, toRepr, typeName, type Value } from '../../values/index.ts';
import { findKey, setEntry } from '../python/index.ts';
import { Members } from './membership.ts';
import { argumentError, isList } from './support.ts';

const without = (items: readonly Value[], others: readonly Value[]): Value[] => {
  const members = new Members(others);
  return items.filter((item) => !members.has(item));
};

// How the list of the stronger mapping goes together with that of the weaker.
const listMerges: Readonly<Record<string, (low: Value[], high: Value[]) => Value[]>> = {
  replace: (_, high) => high,
  keep: (low) => low,
  append: (low, high) => [...low, ...high],
  prepend: (low, high) => [...high, ...low],
  append_rp: (low, high) => [...without(low, high), ...high],
  prepend_rp: (low, high) => [...high, ...without(low, high)],
};

/** A new mapping of both, where entries of `high` win; Ansible's rules of `combine` and `hash_behaviour`. */
export const mergeDicts = (low: Value, high: Value, recursive: boolean, listMerge = 'replace'): Dict => {
  const mergeLists = Object.hasOwn(listMerges, listMerge) ? listMerges[listMerge] : undefined;
  if (!mergeLists)
    throw argumentError(
      "merge_hash: 'list_merge' argument can only be equal to 'replace', 'keep', 'append', 'prepend', 'append_rp' or 'prepend_rp'",
    );
  if (!(low instanceof Map) || !(high instanceof Map)) {
    throw argumentError(
      `failed to combine variables, expected dicts but got a '${typeName(low)}' and a '${typeName(high)}': \n${toRepr(low)}\n${toRepr(high)}`,
    );
  }
  const merged: Dict = new Map(low);
  for (const [key, value] of high) {
    const known = findKey(merged, key);
    const before = known === undefined ? undefined : merged.get(known);
    if (recursive && before instanceof Map && value instanceof Map)
      setEntry(merged, key, mergeDicts(before, value, recursive, listMerge));
    else if (isList(before ?? null) && isList(value)) setEntry(merged, key, mergeLists(before as Value[], value));
    else setEntry(merged, key, value);
  }
  return merged;
};
