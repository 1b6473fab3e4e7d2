import { type Dict, toRepr, tuple, typeName, Undefined, type Value } from '../../values/index.ts';
import { defineFilter, type Filter } from '../define.ts';
import { defined, findKey, setEntry, truth, typeError } from '../python/index.ts';
import { flatten } from './flatten.ts';
import { mergeDicts } from './merge.ts';
import { filterError, isList, isText, text } from './support.ts';

const requireAllDefined = (value: Value): void => {
  if (value instanceof Map) for (const item of value.values()) requireAllDefined(item);
  else if (Array.isArray(value)) value.forEach(requireAllDefined);
  else defined(value);
};

const combine = (terms: readonly Value[], options: Dict): Value => {
  const unknown = [...options.keys()].find((key) => key !== 'recursive' && key !== 'list_merge');
  if (unknown !== undefined) throw filterError("'recursive' and 'list_merge' are the only valid keyword arguments");
  const dictionaries = flatten(terms, 1);
  dictionaries.forEach(requireAllDefined);
  if (dictionaries.length === 0) return new Map();
  const recursive = truth(options.get('recursive') ?? false);
  const listMerge = text(options.get('list_merge') ?? 'replace');
  return dictionaries.reduceRight((high, low) => mergeDicts(low, high, recursive, listMerge));
};

const fromItems = (value: Value, keyName: Value, valueName: Value): Value => {
  if (!Array.isArray(value)) throw typeError(`items2dict requires a list, got ${className(value)} instead.`);
  const dict: Dict = new Map();
  for (const item of value) {
    if (!(item instanceof Map))
      throw typeError(`items2dict requires a list of dictionaries, got ${toRepr(value)} instead.`);
    const [key, entry] = [item.get(keyName), item.get(valueName)];
    if (key === undefined || entry === undefined) {
      throw typeError(
        `items2dict requires each dictionary in the list to contain the keys '${text(keyName)}' and '${text(valueName)}', got ${toRepr(value)} instead.`,
      );
    }
    setEntry(dict, key, entry);
  }
  return dict;
};

const className = (value: Value): string => `<class '${typeName(value)}'>`;

const rekey = (data: Value, key: Value, duplicates: Value): Value => {
  if (duplicates !== 'error' && duplicates !== 'overwrite')
    throw filterError(`duplicates parameter to rekey_on_member has unknown value: ${text(duplicates)}`);
  if (!(data instanceof Map) && !Array.isArray(data) && !(data instanceof Set))
    throw typeError('Type is not a valid list, set, or dict');
  const rekeyed: Dict = new Map();
  for (const item of data.values()) {
    if (!(item instanceof Map)) throw typeError('List item is not a valid dict');
    const known = findKey(item, key);
    if (known === undefined) throw filterError(`Key ${text(key)} was not found`);
    const member = item.get(known)!;
    const before = findKey(rekeyed, member);
    if (before !== undefined && duplicates === 'error')
      throw filterError(`Key ${text(member)} is not unique, cannot correctly turn into dict`);
    setEntry(rekeyed, member, item);
  }
  return rekeyed;
};

/** The pairs of each element and each member of the list that `path` leads to inside of it. */
const subElements = (value: Value, path: Value, skipMissing: boolean): Value[] => {
  if (!(value instanceof Map) && !isList(value)) throw filterError('obj must be a list of dicts or a nested dict');
  if (!isText(path) && !isList(path)) throw typeError('subelements must be a list or a string');
  const steps: readonly Value[] = isText(path) ? text(path).split('.') : (path as Value[]);
  const pairs: Value[] = [];
  for (const element of value.values()) {
    const members = followPath(element, steps, skipMissing);
    if (!isList(members))
      throw typeError(`the key ${toRepr(steps.at(-1) ?? '')} should point to a list, got ${toRepr(members)}`);
    for (const member of members) pairs.push(tuple([element, member]));
  }
  return pairs;
};

const followPath = (element: Value, steps: readonly Value[], skipMissing: boolean): Value => {
  let found = element;
  for (const step of steps) {
    if (!(found instanceof Map))
      throw typeError(`the key ${text(step)} should point to a dictionary, got '${text(found)}'`);
    const next = found.get(step);
    if (next === undefined) {
      if (skipMissing) return [];
      throw filterError(`could not find ${toRepr(step)} key in iterated item ${toRepr(found)}`);
    }
    found = next;
  }
  return found;
};

/** Ansible's filters of mappings. */
export const dictionaries: readonly Filter[] = [
  defineFilter('combine', '*terms, **kwargs', (_, terms: Value[], options: Dict) => combine(terms, options)),
  defineFilter(
    'dict2items',
    'mydict, key_name="key", value_name="value"',
    (_, value: Value, keyName: Value, valueName: Value) => {
      if (!(value instanceof Map))
        throw typeError(`dict2items requires a dictionary, got ${className(value)} instead.`);
      return [...value].map(
        ([key, item]) =>
          new Map<Value, Value>([
            [keyName, key],
            [valueName, item],
          ]),
      );
    },
  ),
  defineFilter('items2dict', 'mylist, key_name="key", value_name="value"', (_, value, keyName, valueName) =>
    fromItems(value, keyName, valueName),
  ),
  defineFilter('rekey_on_member', 'data, key, duplicates="error"', (_, data, key, duplicates) =>
    rekey(data, key, duplicates),
  ),
  defineFilter('subelements', 'obj, subelements, skip_missing=False', (_, value, path, skipMissing) =>
    subElements(value, path, truth(skipMissing)),
  ),
  defineFilter(
    'extract',
    'item, container, morekeys=None',
    ({ engine }, item, container, more) => {
      const keys = [item, ...(more === null ? [] : isList(more) ? more : [more])].map(defined);
      // What is in something that is not there is not there either.
      return keys.reduce(
        (found: Value, key: Value) => (found instanceof Undefined ? found : engine.getItem(found, key)),
        container,
      );
    },
    { takesUndefined: true },
  ),
];
