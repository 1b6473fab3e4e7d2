import type { PySet, Value } from '../../values/index.ts';
import { defineFilter, type Filter } from '../define.ts';
import { add, hashable, iterate, listOf, setOf, truth } from '../python/index.ts';
import type { CallContext } from '../types.ts';
import { attributeGetter, ignoreCase } from './attribute-path.ts';
import { distinct, Members } from './membership.ts';
import { filterError, isHashable } from './support.ts';

// Of two tuples or texts Ansible makes sets; of lists, lists without doubles.
const defineSetFilter = (
  name: string,
  ofSets: (left: PySet, right: PySet) => Value[],
  ofLists: (left: Value, right: Value) => Value[],
): Filter =>
  defineFilter(name, 'a, b', (_, left, right) => {
    if (isHashable(left) && isHashable(right)) return new Set(ofSets(setOf(iterate(left)), setOf(iterate(right))));
    return distinct(ofLists(left, right));
  });

const membersOf = (value: Value): Members => new Members(iterate(value));

const union = (left: Value, right: Value): Value[] => listOf(add(left, right));

const intersect = (left: Value, right: Value): Value[] => {
  const members = membersOf(right);
  return listOf(left).filter((item) => members.has(item));
};

const difference = (left: Value, right: Value): Value[] => {
  const members = membersOf(right);
  return listOf(left).filter((item) => !members.has(item));
};

const symmetricDifference = (left: Value, right: Value): Value[] => {
  const both = new Members(intersect(left, right));
  return union(left, right).filter((item) => !both.has(item));
};

const unique = ({ engine }: CallContext, value: Value, caseSensitive: Value, attribute: Value): Value[] => {
  const items = listOf(value);
  const isSensitive = truth(caseSensitive);
  const keyFor = attributeGetter(engine, attribute, isSensitive ? {} : { finish: ignoreCase });
  try {
    return distinct(items, (item) => hashable(keyFor(item)));
  } catch (error) {
    // Lists and mappings have no hash: they are compared one by one, if nothing else was asked for.
    if (caseSensitive === false || attribute !== null)
      throw filterError(
        `unique cannot fall back to comparing items one by one when it is given case_sensitive or attribute: ${(error as Error).message}`,
        error,
      );
    return distinct(items);
  }
};

/** Filters of set theory. */
export const sets: readonly Filter[] = [
  defineFilter('unique', 'a, case_sensitive=None, attribute=None', (context, value, caseSensitive, attribute) =>
    unique(context, value, caseSensitive, attribute),
  ),
  defineSetFilter('union', (left, right) => [...left, ...difference([...right], [...left])], union),
  defineSetFilter('intersect', (left, right) => intersect([...left], [...right]), intersect),
  defineSetFilter('difference', (left, right) => difference([...left], [...right]), difference),
  defineSetFilter(
    'symmetric_difference',
    (left, right) => symmetricDifference([...left], [...right]),
    symmetricDifference,
  ),
];
