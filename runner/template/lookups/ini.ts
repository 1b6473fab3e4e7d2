import { readFileSync } from 'node:fs';
import { type Dict, pythonRegex, type Value } from '../../values/index.ts';
import { isVault } from '../../vault/index.ts';
import { defineLookup, type Lookup } from '../define.ts';
import { withRegexErrors } from '../filters/regex.ts';
import { text } from '../filters/support.ts';
import type { CallContext } from '../types.ts';
import { requireFile } from './files.ts';
import { IniFile } from './ini-file.ts';
import { lookupError, Options } from './support.ts';

const known = new Set([
  'type',
  'file',
  'section',
  're',
  'encoding',
  'default',
  'case_sensitive',
  'allow_no_value',
  'allow_none',
]);

// The old way: `user section=integration file=users.ini` in one text.
const readTerm = (term: string, given: Dict): { key: string; options: Options } => {
  if (!/=|\S\s+\S/.test(term)) return { key: term, options: new Options(given) };
  const inline = new Map<Value, Value>();
  let key: string | undefined;
  let last: string | undefined;
  for (const word of term.trim().split(/\s+/)) {
    const option = /^([a-z_]+)=(.*)$/.exec(word);
    if (option && !known.has(option[1]!)) throw lookupError(`${option[1]} is not a valid option.`);
    if (option) {
      last = option[1]!;
      inline.set(last, option[2]!);
    } else if (last !== undefined) inline.set(last, `${text(inline.get(last)!)} ${word}`);
    else key = key === undefined ? word : `${key} ${word}`;
  }
  if (key === undefined)
    throw lookupError(`No key to lookup was provided as first term with in string inline options: ${term}`);
  return { key, options: new Options(new Map([...given, ...inline])) };
};

const lookUp = (context: CallContext, term: string, given: Dict): Value[] => {
  const { key, options } = readTerm(term, given);
  const name = options.text('file', 'ansible.ini');
  const file = requireFile(context, 'files', name, 'could not find the file of the ini lookup');
  const bytes = readFileSync(file);
  const content = new TextDecoder(options.text('encoding', 'utf-8')).decode(
    isVault(bytes) ? context.engine.decrypt(bytes) : bytes,
  );
  const isProperties = options.text('type', 'ini') === 'properties';
  const section = isProperties ? 'java_properties' : options.text('section', 'global');
  const ini = new IniFile(isProperties ? `[java_properties]\n${content}` : content, name, {
    caseSensitive: options.flag('case_sensitive', false),
    allowNoValue: options.flag('allow_no_value', options.flag('allow_none', false)),
  });
  if (options.flag('re', false)) {
    const pattern = withRegexErrors(() => pythonRegex(key));
    return ini.entries(section).flatMap(([entry, value]) => (pattern.match(entry) ? [value] : []));
  }
  const value = ini.value(section, key);
  if (value === null) return [];
  const fallback = options.has('default') ? options.value('default') : '';
  return value === undefined ? (fallback === null ? [] : [fallback].flat()) : [value];
};

/** The lookup of values in INI and properties files. */
export const iniLookups: readonly Lookup[] = [
  defineLookup('ini', (context, terms, options) => terms.flatMap((term) => lookUp(context, text(term), options))),
];
