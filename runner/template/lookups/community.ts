import { MusterError } from '../../errors/index.ts';
import {
  type Dict,
  isEqual,
  pythonRegex,
  shuffle,
  systemRandom,
  Template,
  toRepr,
  typeName,
  type Value,
} from '../../values/index.ts';
import { defineLookup, type Lookup } from '../define.ts';
import { sortBy } from '../filters/jinja-lists.ts';
import { withRegexErrors } from '../filters/regex.ts';
import { getPath, indexOf, toPaths } from '../filters/structure.ts';
import { isList, isText, text } from '../filters/support.ts';
import { overlay } from '../overlay.ts';
import type { CallContext } from '../types.ts';
import { characterClass } from './character-classes.ts';
import { randomPet } from './random-words.ts';
import { lookupError, Options, variable } from './support.ts';

interface Level {
  readonly key: Value;
  readonly value: Value;
}

const readLevels = (terms: readonly Value[]): Level[] => {
  const seen = new Set<Value>();
  return terms.map((term, index) => {
    if (!(term instanceof Map)) throw lookupError(`Parameter ${index} must be a dictionary, got ${typeName(term)}`);
    if (term.size !== 1)
      throw lookupError(`Parameter ${index} must be a one-element dictionary, got ${term.size} elements`);
    const [key, value] = [...term][0]!;
    if (seen.has(key)) throw lookupError(`The variable ${toRepr(key)} appears more than once`);
    seen.add(key);
    if (!isText(value) && !Array.isArray(value) && !(value instanceof Map))
      throw lookupError(
        `Parameter ${toRepr(key)} (index ${index}) must have a value of type string, dictionary or list`,
      );
    return { key, value };
  });
};

// Text of a level is an expression over `item`, which holds what the levels before have chosen.
const valuesOf = (context: CallContext, { key, value }: Level, item: Dict): Value => {
  if (!isText(value)) return value;
  const scope = overlay(context.scope, new Map([['item', new Map(item)]]));
  try {
    return context.engine.render(new Template(`{{${text(value)}}}`), scope);
  } catch (error) {
    if (!(error instanceof MusterError)) throw error;
    throw lookupError(`Caught "${error.message}" while evaluating ${toRepr(key)} with item == ${toRepr(item)}`, error);
  }
};

const dependent = (context: CallContext, levels: readonly Level[], item: Dict = new Map()): Value[] => {
  const [level, ...rest] = levels;
  if (!level) return [item];
  const values = valuesOf(context, level, item);
  const choices =
    values instanceof Map
      ? sortBy([...values.keys()], (name) => name).map(
          (name) =>
            new Map<Value, Value>([
              ['key', name],
              ['value', values.get(name)!],
            ]),
        )
      : values;
  if (!Array.isArray(choices))
    throw lookupError(
      `Did not obtain dictionary or list while evaluating ${toRepr(level.key)} with item == ${toRepr(item)}, but ${typeName(values)}`,
    );
  return choices.flatMap((choice: Value) => dependent(context, rest, new Map([...item, [level.key, choice]])));
};

const nameMatcher = (kind: string, pattern: string): ((name: string) => boolean) => {
  if (kind === 'prefix') return (name) => name.startsWith(pattern);
  if (kind === 'suffix') return (name) => name.endsWith(pattern);
  const regex = withRegexErrors(() => pythonRegex(pattern));
  return (name) => regex.search(name) !== undefined;
};

const mergeInto = (merged: Dict, added: Dict, override: string, path: string): Dict => {
  const result: Dict = new Map(merged);
  for (const [key, value] of added) {
    const before = result.get(key);
    if (value instanceof Map)
      result.set(key, mergeInto(before instanceof Map ? before : new Map(), value, override, `${path}.${text(key)}`));
    else if (isList(value) && isList(before ?? null)) result.set(key, [...(before as Value[]), ...value]);
    else {
      if (before !== undefined && !isEqual(before, value) && override === 'error')
        throw lookupError(
          `The key '${text(key)}' with value '${text(before)}' will be overwritten with value '${text(value)}' from '${path}.${text(key)}'`,
        );
      result.set(key, value);
    }
  }
  return result;
};

const mergeVariables = (context: CallContext, term: Value, options: Options): Value => {
  if (!isText(term)) throw lookupError(`Non-string type '${typeName(term)}' passed, only 'str' types are allowed!`);
  const matches = nameMatcher(options.text('pattern_type', 'regex'), text(term));
  const names = [...context.scope.names()].filter(matches).sort();
  let merged = options.value('initial_value');
  for (const name of names) {
    const value = variable(context, name) ?? null;
    if (!(value instanceof Map) && !isList(value))
      throw lookupError('Not supported type detected, variable must be a list or a dict');
    if (merged === null) merged = value;
    else if (merged instanceof Map && value instanceof Map)
      merged = mergeInto(merged, value, options.text('override', 'error'), name);
    else if (isList(merged) && isList(value)) merged = [...merged, ...value];
    else throw lookupError('Unable to merge, not all variables are of the same type');
  }
  return merged;
};

const randomCharacters = (characters: string, count: number): string[] => {
  if (characters === '' && count > 0)
    throw lookupError('Available characters cannot be None, please change constraints');
  return Array.from({ length: Math.max(0, count) }, () => characters[systemRandom.below(characters.length)]!);
};

const randomString = (options: Options): string => {
  const kinds = [
    ['upper', 'min_upper', characterClass('ascii_uppercase')!],
    ['lower', 'min_lower', characterClass('ascii_lowercase')!],
    ['numbers', 'min_numeric', characterClass('digits')!],
    ['special', 'min_special', options.text('override_special', '') || characterClass('punctuation')!],
  ] as const;
  const override = options.text('override_all', '');
  const allowed =
    override || kinds.map(([name, , characters]) => (options.flag(name, true) ? characters : '')).join('');
  const chosen = override
    ? []
    : kinds.flatMap(([, least, characters]) => randomCharacters(characters, options.number(least, 0)));
  chosen.push(...randomCharacters(allowed, options.number('length', 8) - chosen.length));
  const result = shuffle(chosen, systemRandom).join('');
  return options.flag('base64', false) ? Buffer.from(result).toString('base64') : result;
};

const petName = (options: Options): string => {
  const separator = options.text('separator', '-');
  const words = randomPet(options.number('words', 2), options.number('length', 6));
  const prefix = options.text('prefix', '');
  return [...(prefix === '' ? [] : [prefix]), ...words].join(separator);
};

// These lookups are the filters of the same name.
const argument = (terms: readonly Value[], options: Options, place: number, name: string): Value =>
  terms[place] ?? options.value(name);

/** The daily lookups of community.general and ansible.utils. */
export const communityLookups: readonly Lookup[] = [
  defineLookup('community.general.dependent', (context, terms) => dependent(context, readLevels(terms))),
  defineLookup('community.general.merge_variables', (context, terms, options) =>
    terms.map((term) => mergeVariables(context, term, new Options(options))),
  ),
  defineLookup('community.general.random_string', (_, _terms, options) => [randomString(new Options(options))]),
  defineLookup('community.general.random_pet', (_, _terms, options) => [petName(new Options(options))]),
  defineLookup('ansible.utils.get_path', (context, terms, given) => {
    const options = new Options(given);
    return [getPath(context, argument(terms, options, 0, 'var'), text(argument(terms, options, 1, 'path')))];
  }),
  defineLookup('ansible.utils.to_paths', (_, terms, given) => {
    const options = new Options(given);
    return [toPaths(argument(terms, options, 0, 'var'), argument(terms, options, 1, 'prepend'))];
  }),
  defineLookup('ansible.utils.index_of', (context, terms, given) => {
    const options = new Options(given);
    return indexOf(context, argument(terms, options, 0, 'data'), {
      test: argument(terms, options, 1, 'test'),
      value: argument(terms, options, 2, 'value'),
      key: argument(terms, options, 3, 'key'),
      failOnMissing: options.flag('fail_on_missing', false),
    });
  }),
];
