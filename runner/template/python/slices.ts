import { Tuple, tuple, typeName, Undefined, type Value, VaultText, View, view } from '../../values/index.ts';
import { typeError, valueError } from './errors.ts';
import { intOf } from './integers.ts';
import { characters } from './sequences.ts';

/** `value[start:stop:step]`; null where nothing is given. */
export const slice = (value: Value, start: Value, stop: Value, step: Value): Value => {
  if (value instanceof Undefined) return value;
  const items = value instanceof VaultText ? value.decrypt() : value;
  if (typeof items === 'string') {
    const all = characters(items);
    const range = rangeOf(all.length, start, stop, step);
    if (range.step === 1) {
      const part = all.slice(range.start, Math.max(range.start, range.stop));
      return typeof part === 'string' ? part : part.join('');
    }
    return pick(all, range).join('');
  }
  if (Array.isArray(items) && !(items instanceof View && items.kind !== 'range')) {
    const picked = pick(items, rangeOf(items.length, start, stop, step));
    if (items instanceof Tuple) return tuple(picked);
    return items instanceof View && items.kind === 'range' ? view('range', picked) : picked;
  }
  throw items instanceof Map
    ? typeError("unhashable type: 'slice'")
    : typeError(`'${typeName(value)}' object is not subscriptable`);
};

interface Range {
  readonly start: number;
  readonly stop: number;
  readonly step: number;
}

const rangeOf = (length: number, start: Value, stop: Value, step: Value): Range => {
  const by = step === null ? 1 : indexOf(step);
  if (by === 0) throw valueError('slice step cannot be zero');
  const low = by > 0 ? 0 : -1;
  const high = by > 0 ? length : length - 1;
  const clamp = (value: Value, fallback: number): number => {
    if (value === null) return fallback;
    const index = indexOf(value);
    return index < 0 ? Math.max(index + length, low) : Math.min(index, high);
  };
  return { start: clamp(start, by > 0 ? low : high), stop: clamp(stop, by > 0 ? high : low), step: by };
};

const indexOf = (value: Value): number => {
  const index = intOf(value);
  if (index === undefined) throw typeError('slice indices must be integers or None or have an __index__ method');
  return Number(index);
};

const pick = <Item>(items: ArrayLike<Item>, { start, stop, step }: Range): Item[] => {
  const picked: Item[] = [];
  for (let index = start; step > 0 ? index < stop : index > stop; index += step) picked.push(items[index]!);
  return picked;
};
