import { Float, type Value } from '../../../values/index.ts';
import { type Int, intOf, realOf } from '../integers.ts';
import { defineMethods } from './method.ts';

const bits = (value: Value): string => {
  const int = intOf(value) as Int;
  return (int < 0 ? -int : int).toString(2);
};

/** Methods of int and bool. */
export const intMethods = defineMethods<Value>([
  ['bit_length', '', (self) => (intOf(self) === 0 ? 0 : bits(self).length)],
  ['bit_count', '', (self) => bits(self).replaceAll('0', '').length],
  ['conjugate', '', (self) => intOf(self)!],
]);

/** Methods of float. */
export const floatMethods = defineMethods<number | Float>([
  ['is_integer', '', (self) => self instanceof Float && Number.isFinite(realOf(self))],
  ['conjugate', '', (self) => self],
]);
