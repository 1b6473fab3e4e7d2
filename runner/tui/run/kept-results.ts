import type { HostResult, ItemResult } from '../../events/index.ts';

/** The results of one task on one host. */
export interface CellResults {
  readonly result?: HostResult | undefined;
  readonly items: readonly ItemResult[];
}

const most = 4000;
const mostItems = 200;
const nothing: CellResults = { items: [] };

/**
 * The latest results, and longer than those the ones that failed or changed something. A run's record has all of them:
 * this only keeps memory bounded.
 */
export class KeptResults {
  readonly #ordinary = new Map<number, CellResults>();
  readonly #telling = new Map<number, CellResults>();

  get size(): number {
    return this.#ordinary.size + this.#telling.size;
  }

  get(key: number): CellResults | undefined {
    return this.#telling.get(key) ?? this.#ordinary.get(key);
  }

  addItem(key: number, item: ItemResult): void {
    const before = this.get(key) ?? nothing;
    if (before.items.length < mostItems) keep(this.#ordinary, key, { ...before, items: [...before.items, item] });
  }

  add(key: number, result: HostResult): void {
    const results = { result, items: this.get(key)?.items ?? [] };
    this.#ordinary.delete(key);
    keep(result.status === 'ok' || result.status === 'skipped' ? this.#ordinary : this.#telling, key, results);
  }
}

/** The oldest go when there are too many; a Map remembers the order in which its keys came. */
const keep = (map: Map<number, CellResults>, key: number, results: CellResults): void => {
  map.set(key, results);
  if (map.size > most) map.delete(map.keys().next().value!);
};
