import { PythonRandom, type RandomSource, shuffle, systemRandom, typeName, type Value } from '../../values/index.ts';
import { defineFilter, type Filter } from '../define.ts';
import { intOf, listOf, realOf, templateError, truth, typeError, valueError, wholeArgument } from '../python/index.ts';
import { filterError, isText, text } from './support.ts';

/** Random numbers for a seed as Python gives them, or of the system where there is none. */
export const randomFor = (seed: Value): RandomSource => {
  if (seed === null) return systemRandom;
  if (isText(seed)) return new PythonRandom(text(seed));
  const number = intOf(seed) ?? realOf(seed);
  if (number === undefined)
    throw typeError('The only supported seed types are: None,\nint, float, str, bytes, and bytearray.');
  return new PythonRandom(typeof number === 'number' ? Math.trunc(number) : number);
};

/** Python's random.choice. */
export const choice = (items: readonly Value[], source: RandomSource): Value => {
  if (items.length === 0) throw templateError('key', 'Cannot choose from an empty sequence');
  return items[source.below(items.length)]!;
};

const randomNumber = (end: number, start: number, step: number, source: RandomSource): Value => {
  const count = Math.ceil((end - start) / step);
  if (count <= 0) throw valueError(`empty range for randrange() (${start}, ${end}, ${end - start})`);
  return start + step * source.below(count);
};

const random = (end: Value, start: Value, step: Value, seed: Value): Value => {
  const source = randomFor(seed);
  if (intOf(end) !== undefined)
    return randomNumber(
      wholeArgument(end),
      truth(start) ? wholeArgument(start) : 0,
      truth(step) ? wholeArgument(step) : 1,
      source,
    );
  if (!isText(end) && !Array.isArray(end) && !(end instanceof Map) && !(end instanceof Set))
    throw filterError('random can only be used on sequences and integers');
  if (truth(start) || truth(step)) throw filterError('start and step can only be used with integer values');
  if (end instanceof Set) throw typeError(`'${typeName(end)}' object is not subscriptable`);
  return choice(listOf(end), source);
};

/** Ansible's filters of chance. */
export const chance: readonly Filter[] = [
  defineFilter('random', 'end, start=None, step=None, seed=None', (_, end, start, step, seed) =>
    random(end, start, step, seed),
  ),
  defineFilter('shuffle', 'mylist, seed=None', (_, value: Value, seed: Value) => {
    if (!isText(value) && !Array.isArray(value) && !(value instanceof Map) && !(value instanceof Set)) return value;
    return shuffle(listOf(value), truth(seed) ? randomFor(seed) : systemRandom);
  }),
];
