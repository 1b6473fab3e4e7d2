import type { Origin } from '../errors/index.ts';
import { type Dict, Template, type Value } from '../values/index.ts';

/** A value in which every text that needs rendering is a Template: what sources that are not YAML make of their texts. */
export const asTemplates = (value: Value, origin: Origin): Value => {
  if (typeof value === 'string') return Template.of(value, origin);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    // Tuples stay tuples.
    for (let index = 0; index < value.length; index++) value[index] = asTemplates(value[index]!, origin);
    return value;
  }
  if (value instanceof Map) {
    const entries: Dict = value;
    for (const [key, item] of entries) entries.set(key, asTemplates(item, origin));
  }
  return value;
};
