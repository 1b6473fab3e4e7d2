import { readFileSync } from 'node:fs';
import { parseKeyValues } from '../../playbook/key-value.ts';
import { type Dict, decode, type Value } from '../../values/index.ts';
import { parseCsv } from '../csv.ts';
import { defineLookup, type Lookup } from '../define.ts';
import { text } from '../filters/support.ts';
import type { CallContext } from '../types.ts';
import { requireFile } from './files.ts';
import { lookupError, Options } from './support.ts';

const known = new Set(['col', 'default', 'delimiter', 'file', 'encoding']);

const lookUp = (context: CallContext, term: string, given: Dict): Value[] => {
  const { options: inline, raw: key } = parseKeyValues(term);
  if (key === undefined) throw lookupError('Search key is required but was not found');
  for (const name of inline.keys()) if (!known.has(name)) throw lookupError(`${name} is not a valid option`);
  const options = new Options(new Map<Value, Value>([...given, ...inline]));
  const written = options.text('delimiter', 'TAB');
  const file = requireFile(context, 'files', options.text('file', 'ansible.csv'), 'csvfile: No such file or directory');
  const content = decode(readFileSync(file), options.text('encoding', 'utf-8'));
  const row = parseCsv(content, written === 'TAB' ? '\t' : written).find(([first]) => first === key);
  if (!row) return options.value('default') === null ? [] : [options.value('default')].flat();
  const column = options.number('col', 1);
  const value = row.at(column);
  if (value === undefined)
    throw lookupError(`csvfile: list index out of range: the row of '${key}' has no column ${column}`);
  return [value];
};

/** The lookup of a row in a CSV file by its first field. */
export const csvLookups: readonly Lookup[] = [
  defineLookup('csvfile', (context, terms, options) => terms.flatMap((term) => lookUp(context, text(term), options))),
];
