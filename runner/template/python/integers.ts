import { Float, integer, typeName, type Value } from '../../values/index.ts';
import { defined, typeError } from './errors.ts';

export type Int = number | bigint;

/** The integer behind an int or a boolean; undefined for anything else. */
export const intOf = (value: Value): Int | undefined => {
  if (typeof value === 'number') return Number.isInteger(value) ? value : undefined;
  if (typeof value === 'bigint') return value;
  return typeof value === 'boolean' ? Number(value) : undefined;
};

/** An argument that Python would use as an index or a count. */
export const wholeArgument = (value: Value): number => {
  const whole = intOf(defined(value));
  if (whole === undefined) throw typeError(`'${typeName(value)}' object cannot be interpreted as an integer`);
  return Number(whole);
};

/** The number behind an int, a float or a boolean; undefined for anything else. */
export const realOf = (value: Value): number | undefined => {
  if (typeof value === 'number') return value;
  if (value instanceof Float) return value.value;
  return typeof value === 'boolean' || typeof value === 'bigint' ? Number(value) : undefined;
};

const isSmall = (value: Int): value is number => typeof value === 'number';

export const addInt = (left: Int, right: Int): Int =>
  isSmall(left) && isSmall(right) && Number.isSafeInteger(left + right)
    ? left + right
    : integer(BigInt(left) + BigInt(right));

export const multiplyInt = (left: Int, right: Int): Int => {
  if (isSmall(left) && isSmall(right)) {
    const product = left * right;
    // There is no negative zero among the integers.
    if (Number.isSafeInteger(product)) return product + 0;
  }
  return integer(BigInt(left) * BigInt(right));
};

/** The remainder with the sign of the divisor, as Python's. */
export const moduloInt = (left: Int, right: Int): Int => {
  if (isSmall(left) && isSmall(right)) {
    const rest = left % right;
    return rest !== 0 && rest < 0 !== right < 0 ? rest + right : rest + 0;
  }
  const divisor = BigInt(right);
  const rest = BigInt(left) % divisor;
  return integer(rest !== 0n && rest < 0n !== divisor < 0n ? rest + divisor : rest);
};

/** The quotient rounded down, as Python's `//`. */
export const floorDivideInt = (left: Int, right: Int): Int => {
  const rest = moduloInt(left, right);
  if (isSmall(left) && isSmall(right) && isSmall(rest) && Number.isSafeInteger(left - rest)) {
    return (left - rest) / right + 0;
  }
  return integer((BigInt(left) - BigInt(rest)) / BigInt(right));
};

/** The quotient of integers of any size as the nearest float. */
export const divideInt = (left: Int, right: Int): number => {
  if (isSmall(left) && isSmall(right)) return left / right;
  const [dividend, divisor] = [BigInt(left), BigInt(right)];
  const isNegative = dividend < 0n !== divisor < 0n;
  const [top, bottom] = [dividend < 0n ? -dividend : dividend, divisor < 0n ? -divisor : divisor];
  // Enough bits of the quotient to round it once, the last one telling of any rest.
  const shift = Math.max(0, 66 + bottom.toString(2).length - top.toString(2).length);
  const scaled = top << BigInt(shift);
  const quotient = Number((scaled / bottom) | (scaled % bottom === 0n ? 0n : 1n)) / 2 ** shift;
  return isNegative ? -quotient : quotient;
};

/** `left ** right` for a `right` that is not negative; undefined when the result would be absurdly large. */
export const powerInt = (left: Int, right: Int): Int | undefined => {
  if (isSmall(left) && isSmall(right)) {
    const power = left ** right;
    if (Number.isSafeInteger(power)) return power;
  }
  const bits = Math.log2(Math.abs(Number(left)) || 1) * Number(right);
  return bits > 1_000_000 ? undefined : integer(BigInt(left) ** BigInt(right));
};
