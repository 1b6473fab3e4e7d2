import {
  type Dict,
  Float,
  float,
  type Json,
  type JsonObject,
  LazyDict,
  markText,
  NamedTuple,
  namedTuple,
  Template,
  type TextType,
  Tuple,
  textMarks,
  tuple,
  Undefined,
  type Value,
} from '../../values/index.ts';

/**
 * A value as JSON from which exactly the same value can be made again. What is plain JSON stays that; anything else is an
 * object whose only key is `$` and the kind. What is secret, or cannot be written down, is left out: `{"$": "withheld"}`.
 */
export const encodeValue = (value: Value, isSecret: (text: string) => boolean): Encoded => {
  let isWhole = true;
  const withhold = (): Json => {
    isWhole = false;
    return { $: 'withheld' };
  };
  const encode = (item: Value): Json => {
    if (item === null || typeof item === 'boolean') return item;
    if (typeof item === 'string') return isSecret(item) ? withhold() : item;
    if (typeof item === 'number') return isSecret(String(item)) ? withhold() : item;
    if (typeof item === 'bigint') return isSecret(String(item)) ? withhold() : { $: 'int', is: String(item) };
    if (item instanceof Float) return { $: 'float', is: String(item.value) };
    if (item instanceof NamedTuple) {
      return { $: 'named', kind: item.kind, names: [...item.names], is: Array.from(item, encode) };
    }
    if (item instanceof Tuple) return { $: 'tuple', is: Array.from(item, encode) };
    if (Array.isArray(item)) return withMarks(item, 'list', Array.from(item, encode));
    if (item instanceof Set) return { $: 'set', is: Array.from(item, encode) };
    if (item instanceof Template) return isSecret(item.source) ? withhold() : { $: 'template', is: item.source };
    if (item instanceof Undefined) return { $: 'undefined', is: item.message };
    if (!(item instanceof Map) || item instanceof LazyDict) return withhold();
    return encodeMap(item);
  };
  const encodeMap = (map: Dict): Json => {
    if (!isPlain(map)) {
      return withMarks(
        map,
        'dict',
        Array.from(map, ([key, item]) => [encode(key), encode(item)]),
      );
    }
    const object: JsonObject = Object.create(null);
    for (const [key, item] of map) {
      if (isSecret(key as string)) return withhold();
      object[key as string] = encode(item);
    }
    return object;
  };
  const withMarks = (container: Value[] | Dict, kind: string, content: Json[]): Json => {
    const marks = textMarks(container);
    if (marks && marks.size > 0)
      return { $: kind, is: content, marks: Array.from(marks, ([key, type]) => [encode(key), type]) };
    return kind === 'list' ? content : { $: kind, is: content };
  };
  const json = encode(value);
  return { json, isWhole };
};

export interface Encoded {
  readonly json: Json;
  /** Nothing was left out. */
  readonly isWhole: boolean;
}

/** Whether a mapping is the same after a way through a JSON object: keys are text, in an order that JavaScript keeps. */
const isPlain = (map: Dict): boolean => {
  if ((textMarks(map)?.size ?? 0) > 0) return false;
  for (const key of map.keys()) if (typeof key !== 'string' || key === '$' || /^\d+$/.test(key)) return false;
  return true;
};

/** The value that `encodeValue` wrote down. `withheld` gives what stands where something was left out. */
export const decodeValue = (json: Json, withheld: () => Value): Value => {
  if (json === null || typeof json !== 'object') return json;
  const decode = (item: Json): Value => decodeValue(item, withheld);
  if (Array.isArray(json)) return json.map(decode);
  const content = json.is as never;
  switch (json.$) {
    case undefined:
      return new Map(Object.keys(json).map((key): [Value, Value] => [key, decode(json[key]!)]));
    case 'int':
      return BigInt(content);
    case 'float':
      return float(Number(content));
    case 'named': {
      const items = (content as Json[]).map(decode);
      const names = json.names as string[];
      return namedTuple(json.kind as string, Object.fromEntries(names.map((name, index) => [name, items[index]!])));
    }
    case 'tuple':
      return tuple((content as Json[]).map(decode));
    case 'set':
      return new Set((content as Json[]).map(decode));
    case 'template':
      return new Template(content);
    case 'undefined':
      return new Undefined(content);
    case 'list':
      return marked((content as Json[]).map(decode), json, decode);
    case 'dict': {
      const entries = (content as [Json, Json][]).map(([key, item]): [Value, Value] => [decode(key), decode(item)]);
      return marked(new Map(entries), json, decode);
    }
    default:
      return withheld();
  }
};

const marked = <C extends Value[] | Dict>(container: C, { marks }: JsonObject, decode: (json: Json) => Value): C => {
  for (const [key, type] of (marks ?? []) as [Json, TextType][]) markText(container, decode(key), type);
  return container;
};
