// The methods of Python's own types that templates may call.
import { Float, Template, Tuple, type Value, VaultText, View } from '../../../values/index.ts';
import { dictMethods } from './dict.ts';
import { listMethods, tupleMethods } from './list.ts';
import type { Method, Methods } from './method.ts';
import { floatMethods, intMethods } from './number.ts';
import { setMethods } from './set.ts';
import { textMethods } from './text.ts';

export * from './method.ts';

/** The method of `value` by this name, if its type has it. */
export const findMethod = (value: Value, name: string): Method | undefined => methodsOf(value)?.get(name);

/** Whether calling a method by this name may change the value that it is called on. */
export const isMutating = (name: string): boolean => mutating.has(name);

const mutating = new Set([
  'add',
  'append',
  'clear',
  'difference_update',
  'discard',
  'extend',
  'insert',
  'intersection_update',
  'pop',
  'popitem',
  'remove',
  'reverse',
  'setdefault',
  'sort',
  'symmetric_difference_update',
  'update',
]);

const methodsOf = (value: Value): Methods | undefined => {
  switch (typeof value) {
    case 'string':
      return textMethods;
    case 'number':
      return Number.isInteger(value) ? intMethods : floatMethods;
    case 'bigint':
    case 'boolean':
      return intMethods;
  }
  if (value instanceof Map) return dictMethods;
  if (Array.isArray(value)) {
    if (value instanceof View) return value.kind === 'range' ? tupleMethods : undefined;
    return value instanceof Tuple ? tupleMethods : listMethods;
  }
  if (value instanceof Set) return setMethods;
  if (value instanceof Float) return floatMethods;
  return value instanceof Template || value instanceof VaultText ? textMethods : undefined;
};
