import { pythonRegex, type Value, VaultText } from '../../values/index.ts';
import { defineTest, type Test } from '../define.ts';
import { Members } from '../filters/membership.ts';
import { patternOf, regexFlags, withRegexErrors } from '../filters/regex.ts';
import { isText, text } from '../filters/support.ts';
import { splitUrl } from '../filters/urls.ts';
import { intOf, isIn, iterate, realOf, setOf, templateError, truth } from '../python/index.ts';

const trueWords = ['y', 'yes', 'on', '1', 'true', 't'];
const falseWords = ['n', 'no', 'off', '0', 'false', 'f'];

// Words such as `off` as what they mean, where that is asked for; anything else as Python's bool() sees it.
const isTruthy = (value: Value, converts: boolean): boolean => {
  if (converts && isText(value)) {
    const word = text(value).toLowerCase().trim();
    if (trueWords.includes(word)) return true;
    if (falseWords.includes(word)) return false;
  }
  return truth(value);
};

const isSubset = (left: Value, right: Value): boolean => {
  const members = new Members(setOf(iterate(right)));
  return [...setOf(iterate(left))].every((item) => members.has(item));
};

type Search = 'match' | 'search' | 'fullMatch';

const matches = (how: Search, value: Value, pattern: Value, ignoreCase: Value, multiline: Value): boolean =>
  withRegexErrors(
    () => pythonRegex(patternOf(pattern), regexFlags(ignoreCase, multiline))[how](text(value)) !== undefined,
  );

const methods: Readonly<Record<string, Search>> = { match: 'match', search: 'search', fullmatch: 'fullMatch' };

const isUri = (value: Value, schemes: Value): boolean => {
  if (!isText(value)) return false;
  try {
    const { scheme } = splitUrl(text(value));
    return !truth(schemes) || isIn(scheme, schemes);
  } catch {
    return false;
  }
};

const isUrl = (value: Value, schemes: Value): boolean => {
  if (!isUri(value, schemes)) return false;
  const { scheme, netloc } = splitUrl(text(value));
  return netloc !== '' || scheme === 'file';
};

const isNan = (value: Value): boolean => {
  const number = intOf(value) === undefined ? realOf(value) : undefined;
  return number !== undefined && Number.isNaN(number);
};

/** Ansible's tests of values: patterns, sets, truth, addresses. */
export const valueTests: readonly Test[] = [
  defineTest('match', 'value, pattern="", ignorecase=False, multiline=False', (_, value, pattern, ignoreCase, lines) =>
    matches('match', value, pattern, ignoreCase, lines),
  ),
  defineTest('search', 'value, pattern="", ignorecase=False, multiline=False', (_, value, pattern, ignoreCase, lines) =>
    matches('search', value, pattern, ignoreCase, lines),
  ),
  defineTest(
    'regex',
    'value="", pattern="", ignorecase=False, multiline=False, match_type="search"',
    (_, value, pattern, ignoreCase, lines, how) => {
      const method = methods[text(how)];
      if (!method)
        throw templateError('type', `'str' object is not callable: there is no way to match called '${text(how)}'`);
      return matches(method, value, pattern, ignoreCase, lines);
    },
  ),
  defineTest('any', 'iterable', (_, value) => [...iterate(value)].some(truth)),
  defineTest('all', 'iterable', (_, value) => [...iterate(value)].every(truth)),
  defineTest('truthy', 'value, convert_bool=False', (_, value, converts) => isTruthy(value, truth(converts))),
  defineTest('falsy', 'value, convert_bool=False', (_, value, converts) => !isTruthy(value, truth(converts))),
  defineTest('contains', 'seq, value', (_, container, value) => isIn(value, container)),
  defineTest('subset issubset', 'a, b', (_, left, right) => isSubset(left, right)),
  defineTest('superset issuperset', 'a, b', (_, left, right) => isSubset(right, left)),
  defineTest('nan isnan', 'x', (_, value) => isNan(value)),
  defineTest('vault_encrypted', 'value', (_, value: Value) => value instanceof VaultText),
  defineTest('uri', 'value, schemes=None', (_, value, schemes) => isUri(value, schemes)),
  defineTest('url', 'value, schemes=None', (_, value, schemes) => isUrl(value, schemes)),
  defineTest('urn', 'value', (_, value) => isUri(value, ['urn'])),
];
