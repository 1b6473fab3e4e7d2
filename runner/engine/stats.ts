import type { HostStats } from '../events/index.ts';
import { type Dict, type JsonObject, toJson, type Value } from '../values/index.ts';

/** The counters of the recap, and what set_stats collects. */
export class Stats {
  readonly hosts: Record<string, HostStats> = {};
  readonly #custom = new Map<string, Dict>();

  count(host: string, ...counters: readonly (keyof HostStats)[]): void {
    this.hosts[host] ??= { ok: 0, changed: 0, unreachable: 0, failed: 0, skipped: 0, rescued: 0, ignored: 0 };
    for (const counter of counters) this.hosts[host][counter]++;
  }

  /** Takes what a set_stats task returned for a host. */
  collect(host: string, stats: Dict): void {
    const data = stats.get('data');
    if (!(data instanceof Map)) return;
    const owner = stats.get('per_host') === true ? host : '_run';
    const custom = this.#custom.get(owner) ?? new Map();
    this.#custom.set(owner, custom);
    for (const [key, value] of data) {
      custom.set(key, stats.get('aggregate') === false ? value : add(custom.get(key), value));
    }
  }

  get custom(): JsonObject {
    return toJson(new Map([...this.#custom].map(([host, values]) => [host as Value, values]))) as JsonObject;
  }
}

/** Numbers and texts add up, lists and mappings join, anything else replaces. */
const add = (old: Value | undefined, value: Value): Value => {
  if (typeof old === 'number' && typeof value === 'number') return old + value;
  if (typeof old === 'string' && typeof value === 'string') return old + value;
  if (Array.isArray(old) && Array.isArray(value)) return [...old, ...value];
  if (old instanceof Map && value instanceof Map) return new Map([...old, ...value]);
  return value;
};
