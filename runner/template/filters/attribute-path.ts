import { Undefined, type Value } from '../../values/index.ts';
import { intOf } from '../python/index.ts';
import type { Engine } from '../types.ts';
import { isText, text } from './support.ts';

type Getter = (item: Value) => Value;

/** Lower case for text, anything else as it is: how Jinja2 ignores case. */
export const ignoreCase = (value: Value): Value => (isText(value) ? text(value).toLowerCase() : value);

const partsOf = (attribute: Value): Value[] => {
  if (attribute === null) return [];
  if (!isText(attribute)) return [intOf(attribute) ?? attribute];
  return text(attribute)
    .split('.')
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
};

/**
 * Jinja2's `attribute=`: a dotted path with numbers for indexes. `fallback` stands in for what is undefined on the way,
 * `finish` has the last word.
 */
export const attributeGetter = (
  engine: Engine,
  attribute: Value,
  { fallback = null, finish = (value) => value }: { fallback?: Value; finish?: Getter } = {},
): Getter => {
  const parts = partsOf(attribute);
  return (item) => {
    let found = item;
    for (const part of parts) {
      found = engine.getItem(found, part);
      if (fallback !== null && found instanceof Undefined) found = fallback;
    }
    return finish(found);
  };
};

/** As `attributeGetter` for several paths with commas in between: gives a list. */
export const attributesGetter = (engine: Engine, attribute: Value, finish: Getter): ((item: Value) => Value[]) => {
  const paths = isText(attribute) ? text(attribute).split(',') : [attribute];
  const getters = paths.map((path) => attributeGetter(engine, path, { finish }));
  return (item) => getters.map((get) => get(item));
};
