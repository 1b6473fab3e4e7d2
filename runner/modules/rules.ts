import { isEqual, type Value } from '../values/index.ts';
import type { ArgumentRules } from './arguments.ts';
import type { ArgumentProblem } from './read-arguments.ts';

/** Rules about several arguments that the given ones break, in Ansible's wording. */
export const checkRules = (
  rules: ArgumentRules,
  present: ReadonlySet<string>,
  values: Readonly<Record<string, unknown>>,
  inside: string,
): ArgumentProblem[] => {
  const problems: ArgumentProblem[] = [];
  const report = (message: string): void => void problems.push({ message: message + inside });
  // An argument with a default counts as given, but not where it excludes another.
  const isThere = (name: string): boolean => present.has(name) || (values[name] !== undefined && values[name] !== null);
  const countOf = (names: readonly string[]): number => names.filter(isThere).length;

  for (const names of rules.mutuallyExclusive ?? []) {
    if (names.filter((name) => present.has(name)).length > 1)
      report(`parameters are mutually exclusive: ${names.join('|')}`);
  }
  for (const names of rules.requiredTogether ?? []) {
    const count = countOf(names);
    if (count > 0 && count < names.length) report(`parameters are required together: ${names.join(', ')}`);
  }
  for (const names of rules.requiredOneOf ?? []) {
    if (countOf(names) === 0) report(`one of the following is required: ${names.join(', ')}`);
  }
  for (const [name, value, needed, isAnyEnough = false] of rules.requiredIf ?? []) {
    if (values[name] === undefined || !isEqual(values[name] as Value, value)) continue;
    const missing = needed.filter((other) => !isThere(other));
    if (isAnyEnough ? missing.length === needed.length : missing.length > 0) {
      const amount = isAnyEnough ? 'any' : 'all';
      report(`${name} is ${String(value)} but ${amount} of the following are missing: ${missing.join(', ')}`);
    }
  }
  for (const [name, needed] of Object.entries(rules.requiredBy ?? {})) {
    const missing = needed.filter((other) => !isThere(other));
    if (isThere(name) && missing.length > 0)
      report(`missing parameter(s) required by '${name}': ${missing.join(', ')}`);
  }
  return problems;
};
