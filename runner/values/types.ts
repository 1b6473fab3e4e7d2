import type { Origin } from '../errors/index.ts';
import type { Float, PyObject, Template, Tuple, Undefined, VaultText } from './objects.ts';

/**
 * Anything that a playbook variable, a template expression or a module result can be.
 *
 * - A JavaScript `number` that is an integer is Python's int; one that is not is a float; floats without a fraction
 *   (1.0, inf, nan) are `Float`, since JavaScript cannot tell them from integers. Integers past 2^53 are `bigint`.
 * - A `string` is always plain data. Text that is to be templated is a `Template`, and only the loaders of source files
 *   make those: what came from a host is a string and can therefore never be templated.
 * - A mapping is a `Map`, in insertion order, so that no key ever meets an object's prototype.
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Float
  | Value[]
  | Tuple
  | Dict
  | PySet
  | Template
  | VaultText
  | Undefined
  | PyObject;

export type Dict = Map<Value, Value>;
export type PySet = Set<Value>;

/** What a module returns: like `Value`, with plain objects allowed for mappings and `undefined` for "leave it out". */
export type Result = Value | undefined | ResultObject | readonly Result[];
export interface ResultObject {
  [key: string]: Result;
}

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** Where each key and value of a loaded mapping or sequence stands in its source. */
export interface Origins {
  readonly self: Origin;
  readonly keys: ReadonlyMap<Value, Origin>;
  readonly values: ReadonlyMap<Value, Origin>;
}
