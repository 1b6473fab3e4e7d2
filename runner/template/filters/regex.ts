import {
  type Dict,
  escapeRegex,
  type PythonMatch,
  PythonRegexError,
  pythonRegex,
  Tuple,
  tuple,
  typeName,
  type Value,
} from '../../values/index.ts';
import { defineFilter, type Filter } from '../define.ts';
import { defined, templateError, truth, typeError } from '../python/index.ts';
import { filterError, isText, text } from './support.ts';

/** Runs `work`, turning a pattern that Python refuses into the error that the template raises. */
export const withRegexErrors = <Made>(work: () => Made): Made => {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof PythonRegexError)) throw error;
    throw templateError(error.isLookup ? 'key' : 'other', error.message);
  }
};

/** The flags that Ansible's filters and tests of regular expressions take. */
export const regexFlags = (ignoreCase: Value, multiline: Value): { ignoreCase: boolean; multiline: boolean } => ({
  ignoreCase: truth(ignoreCase),
  multiline: truth(multiline),
});

const groupOf = (match: PythonMatch, group: string | number): Value => {
  const index = typeof group === 'number' ? group : /^\d+$/.test(group) ? Number(group) : match.names.get(group);
  if (index === undefined || index >= match.groups.length) throw templateError('key', 'no such group');
  return match.groups[index] ?? null;
};

// Which groups `regex_search` is to give: `\1`, `\g<name>`.
const readGroup = (argument: Value): string | number => {
  const reference = text(argument);
  const named = /^\\g<(\S+)>/.exec(reference);
  if (named) return named[1]!;
  const numbered = /^\\(\d+)/.exec(reference);
  if (numbered) return Number(numbered[1]);
  if (reference.startsWith('\\')) throw templateError('attribute', "'NoneType' object has no attribute 'group'");
  throw filterError('Unknown argument');
};

// As re.findall: whole matches, or their groups where there are any.
const found = (match: PythonMatch): Value => {
  const groups = match.groups.map((group) => group ?? '');
  if (groups.length === 1) return groups[0]!;
  return groups.length === 2 ? groups[1]! : tuple(groups.slice(1));
};

const escapeFor = (value: string, kind: string): string => {
  if (kind === 'python') return escapeRegex(value);
  if (kind === 'posix_basic') return value.replace(/[\].[^$*\\]/g, '\\$&');
  // Ansible names this kind and refuses it; playbooks compare with what it says.
  if (kind === 'posix_extended') throw filterError(`Regex type (${kind}) not yet implemented`);
  throw filterError(`Invalid regex type (${kind})`);
};

/** A pattern, which only text can be. */
export const patternOf = (value: Value): string => {
  if (isText(defined(value))) return text(value);
  const isKey = value === null || typeof value !== 'object' || value instanceof Tuple;
  throw typeError(
    isKey ? 'first argument must be string or compiled pattern' : `unhashable type: '${typeName(value)}'`,
  );
};

/** Ansible's filters of regular expressions. */
export const regex: readonly Filter[] = [
  defineFilter(
    'regex_replace',
    'value="", pattern="", replacement="", ignorecase=False, multiline=False',
    (_, value, pattern, replacement, ignoreCase, multiline) =>
      withRegexErrors(() =>
        pythonRegex(patternOf(pattern), regexFlags(ignoreCase, multiline)).replace(text(value), text(replacement)),
      ),
  ),
  defineFilter(
    'regex_findall',
    'value, regex, multiline=False, ignorecase=False',
    (_, value, pattern, multiline, ignoreCase) =>
      withRegexErrors(() =>
        pythonRegex(patternOf(pattern), regexFlags(ignoreCase, multiline)).findAll(text(value)).map(found),
      ),
  ),
  defineFilter('regex_search', 'value, regex, *args, **kwargs', (_, value, pattern, args: Value[], options: Dict) =>
    withRegexErrors(() => {
      const groups = args.map(readGroup);
      const flags = regexFlags(options.get('ignorecase') ?? false, options.get('multiline') ?? false);
      const match = pythonRegex(patternOf(pattern), flags).search(text(value));
      if (!match) return null;
      return groups.length === 0 ? match.groups[0]! : groups.map((group) => groupOf(match, group));
    }),
  ),
  defineFilter('regex_escape', 'string, re_type="python"', (_, value, kind) => escapeFor(text(value), text(kind))),
];
