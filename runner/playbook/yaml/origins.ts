import type { Origin } from '../../errors/index.ts';
import type { Origins, Value } from '../../values/index.ts';
import type { SourceText } from './source-text.ts';

/** One entry of a mapping or sequence as it stood in the source; `key` is the index for a sequence. */
export interface Entry {
  readonly key: Value;
  readonly value: Value;
  readonly keyIndex: number;
  readonly valueIndex: number;
}

/** The places of a container's entries. Lines and columns are worked out when somebody asks. */
class EntryOrigins implements Origins {
  readonly #source: SourceText;
  readonly #start: number;
  readonly entries: readonly Entry[];

  constructor(source: SourceText, start: number, entries: readonly Entry[]) {
    this.#source = source;
    this.#start = start;
    this.entries = entries;
  }
  get self(): Origin {
    return this.#source.originAt(this.#start);
  }
  get keys(): ReadonlyMap<Value, Origin> {
    return new Map(this.entries.map(({ key, keyIndex }) => [key, this.#source.originAt(keyIndex)]));
  }
  get values(): ReadonlyMap<Value, Origin> {
    return new Map(this.entries.map(({ key, valueIndex }) => [key, this.#source.originAt(valueIndex)]));
  }
  /** Of several entries with the same key the last one counts. */
  find(key: Value): Entry | undefined {
    for (let index = this.entries.length - 1; index >= 0; index--) {
      const entry = this.entries[index]!;
      if (entry.key === key) return entry;
    }
    return undefined;
  }
  at(index: number | undefined): Origin | undefined {
    return index === undefined ? undefined : this.#source.originAt(index);
  }
}

const origins = new WeakMap<object, EntryOrigins>();

/** Remembers where a container and its entries stand. */
export const recordOrigins = (
  container: object,
  source: SourceText,
  start: number,
  entries: readonly Entry[],
): void => {
  origins.set(container, new EntryOrigins(source, start, entries));
};

/** The entries of a container as its source had them. */
export const entriesOf = (container: object): readonly Entry[] => origins.get(container)?.entries ?? [];

/** All places of a container that was loaded from a source. */
export const originsOf = (container: Value): Origins | undefined =>
  container !== null && typeof container === 'object' ? origins.get(container) : undefined;

/** Where a loaded mapping or sequence stands or, with `key`, the value of that entry (the index, in a sequence). */
export const originOf = (container: Value, key?: Value): Origin | undefined => {
  if (container === null || typeof container !== 'object') return undefined;
  const known = origins.get(container);
  return key === undefined ? known?.self : known?.at(known.find(key)?.valueIndex);
};

/** Where a key of a loaded mapping stands. */
export const keyOriginOf = (container: Value, key: Value): Origin | undefined => {
  if (container === null || typeof container !== 'object') return undefined;
  const known = origins.get(container);
  return known?.at(known.find(key)?.keyIndex);
};

/** Says that `copy`, made of `original`'s entries, has the same places. */
export const copyOrigins = (original: object, copy: object): void => {
  const known = origins.get(original);
  if (known !== undefined) origins.set(copy, known);
};
