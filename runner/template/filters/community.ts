import { type Dict, toRepr, typeName, type Value } from '../../values/index.ts';
import { parseCsv } from '../csv.ts';
import { defineFilter, type Filter } from '../define.ts';
import { findKey, hashable, iterate, setEntry, truth, typeError, unpack } from '../python/index.ts';
import { compareLoose, looseParts } from '../versions/index.ts';
import { randomFor } from './chance.ts';
import { sortBy } from './jinja-lists.ts';
import { mergeDicts } from './merge.ts';
import { filterError, isText, text } from './support.ts';

const isSequence = (value: Value): boolean => Array.isArray(value) || isText(value);

const countable = (item: Value): Value => {
  try {
    return hashable(item);
  } catch (error) {
    throw filterError(
      `community.general.counter needs a sequence with hashable elements (int, float or str) - ${(error as Error).message}`,
    );
  }
};

const count = (value: Value): Dict => {
  if (!isSequence(value))
    throw filterError(
      `Argument for community.general.counter must be a sequence (string or list). ${text(value)} is a ${typeName(value)}`,
    );
  const counts: Dict = new Map();
  for (const item of iterate(value)) {
    const known = findKey(counts, countable(item));
    setEntry(counts, item, (known === undefined ? 0 : (counts.get(known) as number)) + 1);
  }
  return counts;
};

const crc32Table = Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
  return remainder >>> 0;
});

const crc32 = (value: string): string => {
  let sum = 0xffffffff;
  for (const byte of Buffer.from(value)) sum = (sum >>> 8) ^ crc32Table[(sum ^ byte) & 255]!;
  return ((sum ^ 0xffffffff) >>> 0).toString(16);
};

const groupAsDict = (value: Value, attribute: Value): Dict => {
  if (!isSequence(value)) throw filterError('Input is not a sequence');
  const groups: Dict = new Map();
  [...iterate(value)].forEach((element, index) => {
    if (!(element instanceof Map)) throw filterError(`Sequence element #${index} is not a mapping`);
    const known = findKey(element, attribute);
    if (known === undefined) throw filterError(`Attribute not contained in element #${index} of sequence`);
    const key = element.get(known)!;
    if (findKey(groups, key) !== undefined)
      throw filterError(`Multiple sequence entries have attribute value ${toRepr(key)}`);
    setEntry(groups, key, element);
  });
  return groups;
};

const mergeLists = (low: Value[], high: Value[], index: Value, recursive: boolean, listMerge: string): Value[] => {
  const merged: Dict = new Map();
  for (const element of [...low, ...high]) {
    if (!(element instanceof Map))
      throw filterError(
        `Elements of list arguments for lists_mergeby must be dictionaries. ${text(element)} is a ${typeName(element)}`,
      );
    const known = findKey(element, index);
    if (known === undefined) continue;
    const key = element.get(known)!;
    const before = merged.get(findKey(merged, key) ?? key) ?? new Map();
    setEntry(merged, key, mergeDicts(before, element, recursive, listMerge));
  }
  return sortBy([...merged.values()], (element) => (element as Dict).get(index)!);
};

const mergeBy = (terms: readonly Value[], options: Dict): Value => {
  for (const key of options.keys())
    if (key !== 'recursive' && key !== 'list_merge')
      throw filterError("'recursive' and 'list_merge' are the only valid keyword arguments.");
  const index = terms.at(-1);
  if (terms.length < 2 || index === undefined) throw filterError('At least one list and index are needed.');
  const lists: Value[][] = [];
  for (const term of terms.slice(0, -1)) {
    if (!Array.isArray(term))
      throw filterError('All arguments before the argument index for community.general.lists_mergeby must be lists.');
    if (term.length > 0 && term.every((item) => Array.isArray(item))) lists.push(...(term as Value[][]));
    else if (term.length > 0) lists.push(term);
  }
  if (lists.length <= 1) return lists[0] ?? [];
  if (!isText(index))
    throw filterError('First argument after the lists for community.general.lists_mergeby must be string.');
  const recursive = truth(options.get('recursive') ?? false);
  const listMerge = text(options.get('list_merge') ?? 'replace');
  return lists.reduceRight((high, low) => mergeLists(low, high, index, recursive, listMerge));
};

const randomMac = (value: Value, seed: Value): string => {
  if (!isText(value)) throw filterError(`Invalid value type (${typeName(value)}) for random_mac (${text(value)})`);
  const prefix = text(value).toLowerCase();
  const items = prefix.split(':');
  if (items.length > 5) throw filterError(`Invalid value (${prefix}) for random_mac: 5 colon(:) separated items max`);
  const wrong = items.filter((item) => !/^[a-f0-9]{2}/.test(item));
  if (wrong.length > 0)
    throw filterError(
      `Invalid value (${prefix}) for random_mac: ${wrong.map((item) => (item === '' ? 'empty item' : `${item} not hexa byte`)).join(',')}`,
    );
  const lowest = 0x1000000000;
  const number = lowest + randomFor(seed).below(0xffffffffff - lowest + 1);
  const digits = number.toString(16).slice(0, 2 * (6 - items.length));
  return prefix + digits.replace(/../g, ':$&');
};

const delimiters: Readonly<Record<string, string>> = { excel: ',', 'excel-tab': '\t', unix: ',' };

const fromCsv = (value: string, dialect: string, fieldNames: Value, delimiter: Value, skipSpace: boolean): Value => {
  const usual = delimiters[dialect];
  if (usual === undefined) throw filterError(`Dialect '${dialect}' is not supported by your version of python.`);
  const separator = delimiter === null ? usual : text(delimiter);
  const rows = parseCsv(value.replace(/^\ufeff/, ''), separator, skipSpace).filter((row) => row.length > 0);
  const names = fieldNames === null ? (rows.shift() ?? []) : Array.from(iterate(fieldNames), text);
  return rows.map((row) => {
    const record: Dict = new Map(names.map((name, index) => [name, row[index] ?? null]));
    // What is beyond the named fields is kept together under no name, as Python's DictReader does.
    if (row.length > names.length) record.set(null, row.slice(names.length));
    return record;
  });
};

const toDict = (value: Value): Dict => {
  if (value instanceof Map) return new Map(value);
  const dict: Dict = new Map();
  for (const pair of iterate(value)) {
    const [key, item] = unpack(pair, 2);
    setEntry(dict, key!, item!);
  }
  return dict;
};

const normalForms = ['NFC', 'NFD', 'NFKC', 'NFKD'];

/** The daily filters of community.general. */
export const community: readonly Filter[] = [
  defineFilter('community.general.counter', 'sequence', (_, value) => count(value)),
  defineFilter('community.general.crc32', 'value', (_, value) => {
    if (!isText(value)) throw filterError(`Invalid value type (${typeName(value)}) for crc32 (${toRepr(value)})`);
    return crc32(text(value));
  }),
  defineFilter('community.general.dict', 'sequence', (_, value) => toDict(value)),
  defineFilter('community.general.dict_kv', 'value, key', (_, value, key) => new Map([[key, value]])),
  defineFilter('community.general.groupby_as_dict', 'sequence, attribute', (_, value, attribute) =>
    groupAsDict(value, attribute),
  ),
  defineFilter('community.general.lists_mergeby', '*terms, **kwargs', (_, terms: Value[], options: Dict) =>
    mergeBy(terms, options),
  ),
  defineFilter('random_mac community.general.random_mac', 'value, seed=None', (_, value, seed) =>
    randomMac(value, seed),
  ),
  defineFilter(
    'community.general.from_csv',
    'data, dialect="excel", fieldnames=None, delimiter=None, skipinitialspace=None, strict=None',
    (_, value, dialect, fieldNames, delimiter, skipSpace) =>
      fromCsv(text(value), text(dialect), fieldNames, delimiter, truth(skipSpace)),
  ),
  defineFilter('community.general.unicode_normalize', 'data, form="NFC"', (_, value, form) => {
    if (!isText(value)) throw typeError(`${typeName(value)} is not a valid input type`);
    if (!normalForms.includes(text(form))) throw filterError(`${text(form)} is not a valid form`);
    return text(value).normalize(text(form));
  }),
  defineFilter('community.general.version_sort', 'value, reverse=False', (_, value, reverse) => {
    const sign = truth(reverse) ? -1 : 1;
    const versions = Array.from(iterate(value), (version) => ({ version, parts: looseParts(text(version)) }));
    try {
      versions.sort((left, right) => sign * compareLoose(left.parts, right.parts));
    } catch (error) {
      throw typeError((error as Error).message);
    }
    return versions.map(({ version }) => version);
  }),
];
