import { type Dict, isEqual, Template, type Value } from '../../values/index.ts';
import type { Node } from './nodes.ts';
import { type Entry, entriesOf } from './origins.ts';
import { SyntaxMistake } from './syntax-mistake.ts';

/** Gathers a mapping's entries as they are read, by Python's rules for keys and YAML's for `<<`. */
export class MappingEntries {
  readonly #reportDuplicate: (key: Value, index: number) => void;
  readonly #own: Entry[] = [];
  readonly #merged: Entry[] = [];
  readonly #seen = new Set<Value>();

  constructor(reportDuplicate: (key: Value, index: number) => void) {
    this.#reportDuplicate = reportDuplicate;
  }

  add(key: Node, value: Node): void {
    if (key.isMerge) {
      this.#merged.push(...mergedEntries(value));
      return;
    }
    if (key.kind !== 'scalar') {
      const what = key.kind === 'mapping' ? 'a mapping' : 'a list';
      throw new SyntaxMistake(`found unacceptable key: ${what} cannot be a key`, key.start);
    }
    // Ansible renders values only, never keys.
    const text = key.value instanceof Template ? key.value.source : key.value;
    const name = typeof text === 'string' ? text : sameKey(this.#seen, text);
    if (this.#seen.has(name)) this.#reportDuplicate(name, key.start);
    this.#seen.add(name);
    this.#own.push({ key: name, value: value.value, keyIndex: key.start, valueIndex: value.start });
  }

  /** Puts the entries into `map`: merged ones first, which the mapping's own replace. */
  fill(map: Dict): readonly Entry[] {
    const entries = this.#merged.length === 0 ? this.#own : [...this.#merged, ...this.#own];
    for (const { key, value } of entries) map.set(key, value);
    return entries;
  }
}

/** The entries that `<<: value` brings in: of several mappings the first one's count most. */
const mergedEntries = ({ value, start }: Node): Entry[] => {
  const maps = value instanceof Map ? [value] : Array.isArray(value) ? value.toReversed() : undefined;
  if (maps === undefined || !maps.every((item) => item instanceof Map)) {
    throw new SyntaxMistake("expected a mapping or list of mappings for merging with '<<'", start);
  }
  return maps.flatMap((map) => [...entriesOf(map)]);
};

/** Python takes 1, 1.0 and True for the same key. */
const sameKey = (seen: ReadonlySet<Value>, key: Value): Value => {
  for (const other of seen) if (typeof other !== 'string' && isEqual(other, key)) return other;
  return key;
};
