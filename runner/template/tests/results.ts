import type { Dict, Value } from '../../values/index.ts';
import { defineTest, type Test } from '../define.ts';
import { filterError, isList } from '../filters/support.ts';
import { equals, templateError, truth } from '../python/index.ts';

const defineResultTest = (names: string, canonical: string, check: (result: Dict) => boolean): Test =>
  defineTest(
    names,
    'result',
    (_, result: Value) => {
      if (!(result instanceof Map)) throw filterError(`The '${canonical}' test expects a dictionary`);
      return check(result);
    },
    { takesUndefined: true },
  );

const has = (result: Dict, key: string): boolean => truth(result.get(key) ?? false);

// A result of a loop that does not say it itself has changed when one of its items has.
const isChanged = (result: Dict): boolean => {
  if (result.has('changed')) return has(result, 'changed');
  const items = result.get('results') ?? null;
  if (!isList(items)) return false;
  if (items.length === 0) throw templateError('key', 'list index out of range');
  return items[0] instanceof Map && items.some((item) => item instanceof Map && has(item, 'changed'));
};

// What is no asynchronous task has begun and ended by the time that one can ask.
const isAt = (result: Dict, key: string): boolean => !result.has(key) || equals(result.get(key)!, 1);

/** Ansible's tests of task results. */
export const resultTests: readonly Test[] = [
  defineResultTest('failed failure', 'failed', (result) => has(result, 'failed')),
  defineResultTest('succeeded success successful', 'failed', (result) => !has(result, 'failed')),
  defineResultTest('unreachable', 'unreachable', (result) => has(result, 'unreachable')),
  defineResultTest('reachable', 'unreachable', (result) => !has(result, 'unreachable')),
  defineResultTest('changed change', 'changed', isChanged),
  defineResultTest('skipped skip', 'skipped', (result) => has(result, 'skipped')),
  defineResultTest('started', 'started', (result) => isAt(result, 'started')),
  defineResultTest('finished', 'finished', (result) => isAt(result, 'finished')),
];
