import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../../../values/index.ts';

/** How two values are compared: one value, a list in order, a set, a set of dicts, or a dict. */
export type ComparisonType = 'value' | 'list' | 'set' | 'set(dict)' | 'dict';

/** Whether values must be the same, need not be, or the actual one may hold more. */
export type ComparisonMode = 'strict' | 'ignore' | 'allow_more_present';

type JsonDict = { [key: string]: Json };

/** Whether what there is meets what is wanted. Nothing counts as an empty list or dict. */
export const matches = (
  wanted: Json | undefined,
  actual: Json | undefined,
  mode: ComparisonMode,
  type: ComparisonType,
): boolean => {
  if (mode === 'ignore') return true;
  const isMissing = (value: Json | undefined): value is null | undefined => value === null || value === undefined;
  if (isMissing(wanted) || isMissing(actual)) {
    if (isMissing(wanted) && isMissing(actual)) return true;
    if (type === 'value') return false;
    if (mode === 'allow_more_present' && isMissing(wanted)) return true;
    return isEmpty((isMissing(wanted) ? actual : wanted)!);
  }
  switch (type) {
    case 'value':
      return isDeepStrictEqual(wanted, actual);
    case 'list':
      return mode === 'strict' ? isDeepStrictEqual(wanted, actual) : isInOrder(items(wanted), items(actual));
    case 'dict':
      return mode === 'strict'
        ? isDeepStrictEqual(plain(wanted), plain(actual))
        : holds(actual as JsonDict, wanted as JsonDict);
    case 'set': {
      const [left, right] = [items(wanted), items(actual)];
      const has = (list: readonly Json[], item: Json): boolean => list.some((other) => isDeepStrictEqual(other, item));
      const isPresent = left.every((item) => has(right, item));
      return isPresent && (mode !== 'strict' || right.every((item) => has(left, item)));
    }
    case 'set(dict)': {
      const [left, right] = [items(wanted) as JsonDict[], items(actual) as JsonDict[]];
      const isPresent = left.every((item) => right.some((other) => holds(other, item)));
      return isPresent && (mode !== 'strict' || right.every((other) => left.some((item) => holds(other, item))));
    }
  }
};

/** Of a dict its keys. */
const items = (value: Json): readonly Json[] =>
  Array.isArray(value) ? value : value !== null && typeof value === 'object' ? Object.keys(value) : [value];

const isEmpty = (value: Json): boolean => items(value).length === 0 || value === '';

const plain = (value: Json): Json => JSON.parse(JSON.stringify(value)) as Json;

const isInOrder = (wanted: readonly Json[], actual: readonly Json[]): boolean => {
  let index = 0;
  for (const item of wanted) {
    while (index < actual.length && !isDeepStrictEqual(actual[index], item)) index++;
    if (index++ >= actual.length) return false;
  }
  return true;
};

/** Whether a dict has all entries of another. */
const holds = (whole: JsonDict, entries: JsonDict): boolean =>
  Object.entries(entries).every(
    ([key, value]) => Object.hasOwn(whole, key) && isDeepStrictEqual(plain(whole[key]!), plain(value)),
  );

/** Differences by name, for --diff. */
export class Differences {
  readonly before: Record<string, Json> = {};
  readonly after: Record<string, Json> = {};

  add(name: string, wanted: Json | undefined, actual: Json | undefined): void {
    this.before[name] = actual ?? null;
    this.after[name] = wanted ?? null;
  }

  merge(other: Differences): void {
    Object.assign(this.before, other.before);
    Object.assign(this.after, other.after);
  }

  get isEmpty(): boolean {
    return Object.keys(this.after).length === 0;
  }
}
