import type { Value } from '../../values/index.ts';
import { defineTest, type Test } from '../define.ts';
import { filterError, text } from '../filters/support.ts';
import { truth } from '../python/index.ts';
import { compareLoose, looseParts } from '../versions/loose.ts';
import { comparePep440, readPep440 } from '../versions/pep440.ts';
import { compareSemantic, readSemantic } from '../versions/semantic.ts';
import { compareStrict, readStrict } from '../versions/strict.ts';

type Order = (left: string, right: string) => number;

const orders: Readonly<Record<string, Order>> = {
  loose: (left, right) => compareLoose(looseParts(left), looseParts(right)),
  strict: (left, right) => compareStrict(readStrict(left), readStrict(right)),
  semver: (left, right) => compareSemantic(readSemantic(left), readSemantic(right)),
  semantic: (left, right) => compareSemantic(readSemantic(left), readSemantic(right)),
  pep440: (left, right) => comparePep440(readPep440(left), readPep440(right)),
};

const isEqual = (order: number): boolean => order === 0;
const isLess = (order: number): boolean => order < 0;
const isAtMost = (order: number): boolean => order <= 0;
const isGreater = (order: number): boolean => order > 0;
const isAtLeast = (order: number): boolean => order >= 0;
const isOther = (order: number): boolean => order !== 0;

const operators: Readonly<Record<string, (order: number) => boolean>> = {
  '==': isEqual,
  '=': isEqual,
  eq: isEqual,
  '<': isLess,
  lt: isLess,
  '<=': isAtMost,
  le: isAtMost,
  '>': isGreater,
  gt: isGreater,
  '>=': isAtLeast,
  ge: isAtLeast,
  '!=': isOther,
  '<>': isOther,
  ne: isOther,
};

const quoted = (table: object): string =>
  Object.keys(table)
    .map((name) => `'${name}'`)
    .join(', ');

const compareVersions = (value: Value, other: Value, operator: Value, strict: Value, type: Value): boolean => {
  if (strict !== null && type !== null) throw filterError("Cannot specify both 'strict' and 'version_type'");
  if (!truth(value)) throw filterError('Input version value cannot be empty');
  if (!truth(other)) throw filterError('Version parameter to compare against cannot be empty');
  const name = truth(strict) ? 'strict' : truth(type) ? text(type) : 'loose';
  if (!Object.hasOwn(orders, name))
    throw filterError(`Invalid version type (${name}). Must be one of ${quoted(orders)}`);
  if (!Object.hasOwn(operators, text(operator)))
    throw filterError(`Invalid operator type (${text(operator)}). Must be one of ${quoted(operators)}`);
  try {
    return operators[text(operator)]!(orders[name]!(text(value), text(other)));
  } catch (error) {
    throw filterError(`Version comparison failed: ${(error as Error).message}`, error);
  }
};

/** Ansible's test that compares versions. */
export const versionTests: readonly Test[] = [
  defineTest(
    'version version_compare',
    'value, version, operator="eq", strict=None, version_type=None',
    (_, value, other, operator, strict, type) => compareVersions(value, other, operator, strict, type),
  ),
];
