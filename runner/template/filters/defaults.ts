import { typeName, Undefined, type Value } from '../../values/index.ts';
import { defineFilter, type Filter } from '../define.ts';
import { defined, truth } from '../python/index.ts';
import { filterError, text } from './support.ts';

const takesUndefined = { takesUndefined: true } as const;

/** Filters that decide on whether a value is there at all. */
export const defaults: readonly Filter[] = [
  defineFilter(
    'default d',
    'value, default_value="", boolean=False',
    (_, value: Value, fallback: Value, boolean: Value) =>
      value instanceof Undefined || (truth(boolean) && !truth(value)) ? fallback : value,
    takesUndefined,
  ),
  defineFilter(
    'mandatory',
    'a, msg=None',
    (_, value: Value, message: Value) => {
      if (!(value instanceof Undefined)) return value;
      if (message !== null) throw filterError(text(message));
      throw filterError(`Mandatory variable ${value.name_ === undefined ? '' : `'${value.name_}' `} not defined.`);
    },
    takesUndefined,
  ),
  defineFilter(
    'ternary',
    'value, true_val, false_val, none_val=None',
    (_, value, whenTrue, whenFalse, whenNone) => {
      if (value === null && whenNone !== null) return whenNone;
      return truth(defined(value)) ? whenTrue : whenFalse;
    },
    takesUndefined,
  ),
  defineFilter('type_debug', 'o', (_, value) => typeName(value), takesUndefined),
];
