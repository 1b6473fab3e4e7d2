import { MusterError } from '../../errors/index.ts';
import { loadYaml, loadYamlDocuments } from '../../playbook/yaml/index.ts';
import {
  type Dict,
  type DumpJsonOptions,
  dumpJson,
  dumpYaml,
  jsonMistake,
  parseJson,
  Template,
  tuple,
  typeName,
  type Undefined,
  type Value,
} from '../../values/index.ts';
import { defineFilter, type Filter } from '../define.ts';
import { listOf, templateError, truth, typeError, valueError, wholeArgument } from '../python/index.ts';
import { filterError, isText, text, withErrors } from './support.ts';

const raiseUndefined = (value: Undefined): never => {
  throw value.error();
};

const optional = <Made>(value: Value | undefined, read: (value: Value) => Made): Made | undefined =>
  value === undefined || value === null ? undefined : read(value);

const jsonOptions: Readonly<Record<string, (value: Value) => DumpJsonOptions>> = {
  indent: (value) => ({ indent: value === null || isText(value) ? (value as string | null) : wholeArgument(value) }),
  sort_keys: (value) => ({ sortKeys: truth(value) }),
  ensure_ascii: (value) => ({ ensureAscii: truth(value) }),
  allow_nan: (value) => ({ allowNan: truth(value) }),
  skipkeys: (value) => ({ skipKeys: truth(value) }),
  separators: (value) => {
    if (value === null) return {};
    const [items, keys] = listOf(value);
    return { separators: [text(items ?? ', '), text(keys ?? ': ')] };
  },
  check_circular: () => ({}),
  vault_to_text: () => ({}),
  preprocess_unsafe: () => ({}),
};

const toJson = (value: Value, args: readonly Value[], options: Dict): string => {
  if (args.length > 0) {
    throw typeError(
      `dumps() takes 1 positional argument but ${args.length + 1} positional arguments (and 1 keyword-only argument) were given`,
    );
  }
  const read = [...options].map(([key, item]) => {
    const option = Object.hasOwn(jsonOptions, text(key)) ? jsonOptions[text(key)] : undefined;
    if (!option) throw typeError(`JSONEncoder.__init__() got an unexpected keyword argument '${text(key)}'`);
    return option(item);
  });
  return withErrors(() => dumpJson(value, Object.assign({}, ...read), raiseUndefined), jsonError);
};

const jsonError = (message: string, error: Error) =>
  error instanceof RangeError ? valueError(message) : typeError(message);

const htmlSafe: Readonly<Record<string, string>> = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026', "'": '\\u0027' };

const toScript = (value: Value, indent: Value): string =>
  withErrors(
    () => dumpJson(value, { sortKeys: true, indent: optional(indent, wholeArgument) }, raiseUndefined),
    jsonError,
  ).replace(/[<>&']/g, (character) => htmlSafe[character]!);

const merged = (defaults: readonly (readonly [string, Value])[], options: Dict): Dict =>
  new Map<Value, Value>([...defaults, ...options]);

const yamlOptions = new Set([
  'indent',
  'width',
  'sort_keys',
  'default_flow_style',
  'default_style',
  'explicit_start',
  'explicit_end',
  'canonical',
  'encoding',
  'line_break',
  'version',
  'tags',
]);

const toYaml = (filter: string, value: Value, given: Dict, defaults: readonly (readonly [string, Value])[]): string => {
  for (const [name] of [['allow_unicode'], ...defaults])
    if (given.has(name!))
      throw filterError(`${filter} - yaml.dump() got multiple values for keyword argument '${name}'`);
  for (const key of given.keys())
    if (!yamlOptions.has(text(key)))
      throw filterError(`${filter} - dump_all() got an unexpected keyword argument '${text(key)}'`);
  const options = merged(defaults, given);
  const flag = (name: string): boolean | null => {
    const given = options.get(name) ?? null;
    return given === null ? null : truth(given);
  };
  try {
    return dumpYaml(
      value,
      {
        indent: optional(options.get('indent'), wholeArgument),
        width: optional(options.get('width'), (width) => (width === Infinity ? -1 : Number(width))),
        sortKeys: flag('sort_keys') ?? true,
        flowStyle: flag('default_flow_style'),
        defaultStyle: optional(options.get('default_style'), text),
        explicitStart: flag('explicit_start'),
        explicitEnd: flag('explicit_end'),
      },
      raiseUndefined,
    );
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw filterError(`${filter} - ${error.message}`, error);
  }
};

// What comes out of a filter is data: text in it is never rendered.
const plainText = (value: Value): Value => {
  if (value instanceof Template) return value.source;
  if (Array.isArray(value)) return value.map(plainText);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [plainText(key), plainText(item)]));
  return value;
};

const readYaml = <Made>(work: () => Made): Made => {
  try {
    return work();
  } catch (error) {
    if (error instanceof MusterError) throw templateError('other', error.message);
    throw error;
  }
};

const source = '<unicode string>';

/** Reads JSON as Python's json.loads does. */
export const readJson = (value: Value): Value => {
  if (!isText(value)) throw typeError(`the JSON object must be str, bytes or bytearray, not ${typeName(value)}`);
  return withErrors(
    () => parseJson(text(value)),
    () => templateError('value', jsonMistake(text(value)), 'from_json was given text that is no JSON'),
  );
};

/** Filters that read and write JSON and YAML. */
export const data: readonly Filter[] = [
  defineFilter('to_json', 'a, *args, **kwargs', (_, value, args: Value[], options: Dict) =>
    toJson(value, args, options),
  ),
  defineFilter(
    'to_nice_json',
    'a, indent=4, sort_keys=True, *args, **kwargs',
    (_, value, indent, sortKeys, args: Value[], options: Dict) =>
      toJson(
        value,
        args,
        merged(
          [
            ['indent', indent],
            ['sort_keys', sortKeys],
            ['separators', tuple([',', ': '])],
          ],
          options,
        ),
      ),
  ),
  defineFilter('tojson', 'value, indent=None', (_, value, indent) => toScript(value, indent)),
  defineFilter('to_yaml', 'a, *args, **kwargs', (_, value, _args, options: Dict) =>
    toYaml('to_yaml', value, options, []),
  ),
  defineFilter('to_nice_yaml', 'a, indent=4, *args, **kwargs', (_, value, indent, _args, options: Dict) =>
    toYaml('to_nice_yaml', value, options, [
      ['indent', indent],
      ['default_flow_style', false],
    ]),
  ),
  defineFilter('from_json', 's', (_, value) => readJson(value)),
  defineFilter('from_yaml', 'data', (_, value) =>
    isText(value) ? readYaml(() => plainText(loadYaml(text(value), source))) : value,
  ),
  defineFilter('from_yaml_all', 'data', (_, value) =>
    isText(value) ? readYaml(() => loadYamlDocuments(text(value), source).map(plainText)) : value,
  ),
];
