import { type Dict, pythonRegex, toRepr, typeName, type Value } from '../../values/index.ts';
import { defineFilter, type Filter } from '../define.ts';
import { findKey, iterate, listOf, setEntry, templateError, truth } from '../python/index.ts';
import type { CallContext, Engine } from '../types.ts';
import { withRegexErrors } from './regex.ts';
import { filterError, isList, isText, text } from './support.ts';

type Matches = (wanted: string, key: string) => boolean;

const matchers: Readonly<Record<string, Matches>> = {
  equality: (wanted, key) => key === wanted,
  starts_with: (wanted, key) => key.startsWith(wanted),
  ends_with: (wanted, key) => key.endsWith(wanted),
  regex: (wanted, key) => withRegexErrors(() => pythonRegex(wanted).match(key) !== undefined),
};

const matcherOf = (name: Value): Matches => {
  const matcher = Object.hasOwn(matchers, text(name)) ? matchers[text(name)] : undefined;
  if (matcher) return matcher;
  throw filterError(
    `value of matching_parameter must be one of: ${Object.keys(matchers).join(', ')}, got: ${text(name)}`,
  );
};

const requireStructure = (value: Value, name: string, purpose: string): Value => {
  if (value instanceof Map || isList(value)) return value;
  throw filterError(`Error when using plugin '${name}': Input is not valid for ${purpose}`);
};

const isEmpty = (value: Value): boolean =>
  (value instanceof Map && value.size === 0) || (isList(value) && value.length === 0);

const keepKeys = (value: Value, targets: readonly string[], matches: Matches): Value => {
  if (isList(value)) return value.map((item) => keepKeys(item, targets, matches));
  if (!(value instanceof Map)) return value;
  const kept: Dict = new Map();
  for (const [key, item] of value) {
    if (!(item instanceof Map || isList(item))) {
      if (targets.some((target) => matches(target, text(key)))) kept.set(key, item);
      continue;
    }
    let inner = keepKeys(item, targets, matches);
    if (isList(inner)) {
      inner = inner.filter((member) => !isEmpty(member));
      // A list of nothing but words has no keys that could be kept.
      if (inner.every(isText)) continue;
    }
    if (!isEmpty(inner)) kept.set(key, inner);
  }
  return kept;
};

const removeKeys = (value: Value, targets: readonly string[], matches: Matches): Value => {
  if (isList(value)) return value.filter(truth).map((item) => removeKeys(item, targets, matches));
  if (!(value instanceof Map)) return value;
  const rest = [...value].filter(([key]) => !targets.some((target) => matches(target, text(key))));
  return new Map(rest.map(([key, item]) => [key, removeKeys(item, targets, matches)]));
};

const replaceKeys = (value: Value, targets: readonly Dict[], matches: Matches): Value => {
  if (isList(value)) return value.map((item) => replaceKeys(item, targets, matches));
  if (!(value instanceof Map)) return value;
  const replaced: Dict = new Map(value);
  for (const target of targets) {
    const [before, after] = [text(target.get('before') ?? ''), target.get('after') ?? null];
    for (const key of [...replaced.keys()]) {
      if (!matches(before, text(key))) continue;
      const item = replaced.get(key)!;
      replaced.delete(key);
      setEntry(replaced, after, item);
    }
  }
  return new Map([...replaced].map(([key, item]) => [key, replaceKeys(item, targets, matches)]));
};

/** `get_path`: what a path such as `a.b['c'][0]` leads to. */
export const getPath = ({ engine }: { engine: Engine }, value: Value, path: string): Value => {
  const step = /\s*(?:\.?([\p{L}_][\p{L}\p{N}_-]*|\d+)|\[\s*(?:(-?\d+)|'([^']*)'|"([^"]*)")\s*\])\s*/uy;
  let found = value;
  while (step.lastIndex < path.length) {
    const at = step.lastIndex;
    const match = step.exec(path);
    if (!match) throw filterError(`the path '${path}' cannot be read from column ${at + 1} on`);
    const [, name, index, single, double] = match;
    if (name !== undefined)
      found = /^\d+$/.test(name) ? engine.getItem(found, Number(name)) : engine.getAttribute(found, name);
    else found = engine.getItem(found, index === undefined ? (single ?? double)! : Number(index));
  }
  return found;
};

/** `to_paths`: everything in a structure by the path that leads to it. */
export const toPaths = (value: Value, prepend: Value): Value => {
  const paths: Dict = new Map();
  const walk = (item: Value, path: string): void => {
    if (item instanceof Map && item.size > 0) {
      for (const [key, member] of item) {
        const name = text(key);
        if (path === '') walk(member, name);
        else walk(member, /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) ? `${path}.${name}` : `${path}['${name}']`);
      }
    } else if (isList(item) && item.length > 0) {
      for (const [index, member] of item.entries()) walk(member, `${path}[${index}]`);
    } else if (path !== '') paths.set(path, item);
  };
  walk(prepend === null || prepend === '' ? value : new Map([[prepend, value]]), '');
  return paths;
};

interface IndexOptions {
  readonly test: Value;
  readonly value: Value;
  readonly key: Value;
  readonly failOnMissing: boolean;
}

const passesTest = (context: CallContext, item: Value, { test, value }: IndexOptions): boolean => {
  const name = text(test);
  const isInverted = name.startsWith('!') || name.startsWith('not ');
  const bare = name.replace(/^(?:!|not )/, '').replace(/^=$/, '==');
  const wanted = bare === 'in' && !isList(value) ? [value] : value;
  const passes = context.engine.callTest(bare, item, wanted === null ? [] : [wanted], new Map(), context);
  return passes !== isInverted;
};

/** `index_of`: the places of the items of a list that pass a test. */
export const indexOf = (context: CallContext, data: Value, options: IndexOptions): number[] => {
  const places: number[] = [];
  const { key } = options;
  listOf(data).forEach((item, index) => {
    let tested = item;
    if (key !== null) {
      if (!(item instanceof Map))
        throw templateError(
          'other',
          `Error when using plugin 'index_of': When a key name is provided, all list entries are required to be dictionaries, got ${typeName(item)}`,
        );
      const known = findKey(item, key);
      if (known === undefined && options.failOnMissing)
        throw templateError(
          'other',
          `Error when using plugin 'index_of': '${text(key)}' was not found in '${toRepr(item)}' at [${index}]`,
        );
      if (known === undefined) return;
      tested = item.get(known)!;
    }
    if (passesTest(context, tested, options)) places.push(index);
  });
  return places;
};

const names = (targets: Value): string[] => (isText(targets) ? [text(targets)] : Array.from(iterate(targets), text));

const replacements = (targets: Value): Dict[] =>
  listOf(targets).map((target) => {
    if (target instanceof Map) return target;
    throw filterError("each target of replace_keys has to be a dictionary with 'before' and 'after'");
  });

/** The filters of ansible.utils that look into structures. */
export const structure: readonly Filter[] = [
  defineFilter('ansible.utils.keep_keys', 'data, target, matching_parameter="equality"', (_, data, target, matching) =>
    keepKeys(requireStructure(data, 'keep_keys', 'keep operation'), names(target), matcherOf(matching)),
  ),
  defineFilter(
    'ansible.utils.remove_keys',
    'data, target, matching_parameter="equality"',
    (_, data, target, matching) =>
      removeKeys(requireStructure(data, 'remove_keys', 'attribute removal'), names(target), matcherOf(matching)),
  ),
  defineFilter(
    'ansible.utils.replace_keys',
    'data, target, matching_parameter="equality"',
    (_, data, target, matching) =>
      replaceKeys(
        requireStructure(data, 'replace_keys', 'replace operation'),
        replacements(target),
        matcherOf(matching),
      ),
  ),
  defineFilter('ansible.utils.get_path', 'var, path, wantlist=False', (context, value, path, wantsList) => {
    const found = getPath(context, value, text(path));
    return truth(wantsList) ? [found] : found;
  }),
  defineFilter('ansible.utils.to_paths', 'var, prepend=None, wantlist=False', (_, value, prepend, wantsList) => {
    const paths = toPaths(value, prepend);
    return truth(wantsList) ? [paths] : paths;
  }),
  defineFilter(
    'ansible.utils.index_of',
    'data, test, value=None, key=None, fail_on_missing=False, wantlist=False',
    (context, data, test, value, key, failOnMissing, wantsList) => {
      const places = indexOf(context, data, { test, value, key, failOnMissing: truth(failOnMissing) });
      return places.length === 1 && !truth(wantsList) ? places[0]! : places;
    },
  ),
];
