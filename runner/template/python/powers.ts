import { divideInt } from './integers.ts';

// Powers and logarithms of floats, rounded once as C's libraries round them. JavaScript's own are off by a last digit
// now and then, which would show in what templates print.

const bits = 192n;
const one = 1n << bits;

const times = (left: bigint, right: bigint): bigint => (left * right) >> bits;
const over = (left: bigint, right: bigint): bigint => (left << bits) / right;

const fixedPoint = (value: number): bigint => {
  const { mantissa, exponent } = partsOf(value);
  const shift = bits + BigInt(exponent);
  return shift >= 0n ? mantissa << shift : mantissa >> -shift;
};

/** A finite float as `mantissa * 2 ** exponent`. */
const partsOf = (value: number): { mantissa: bigint; exponent: number } => {
  let exponent = 0;
  let rest = value;
  while (!Number.isInteger(rest)) {
    rest *= 2;
    exponent--;
  }
  return { mantissa: BigInt(rest), exponent };
};

// ln(value) for 1 <= value < 2 as fixed point: 2 atanh((value - 1) / (value + 1)).
const shortLogarithm = (value: bigint): bigint => {
  const ratio = over(value - one, value + one);
  const square = times(ratio, ratio);
  let sum = 0n;
  let power = ratio;
  for (let divisor = 1n; power !== 0n; divisor += 2n) {
    sum += power / divisor;
    power = times(power, square);
  }
  return 2n * sum;
};

const half = 1n << (bits - 1n);
const logarithmOfTwo = shortLogarithm(one + half) + shortLogarithm(over(one + one, one + half));

const logarithm = (value: number): bigint => {
  const exponent = Math.floor(Math.log2(value));
  const { mantissa, exponent: scale } = partsOf(value);
  const shift = bits + BigInt(scale - exponent);
  const short = shift >= 0n ? mantissa << shift : mantissa >> -shift;
  return shortLogarithm(short) + BigInt(exponent) * logarithmOfTwo;
};

const exponential = (value: bigint): number => {
  const twos = value / logarithmOfTwo;
  const rest = value - twos * logarithmOfTwo;
  let sum = 0n;
  let term = one;
  for (let divisor = 1n; term !== 0n; divisor++) {
    sum += term;
    term = times(term, rest) / divisor;
    if (term === -1n) break;
  }
  const scale = Number(twos);
  if (scale > 1100) return Infinity;
  if (scale < -1100) return 0;
  return scale >= 0 ? divideInt(sum << twos, one) : divideInt(sum, one << -twos);
};

const wholePower = (base: number, exponent: number): number => {
  const { mantissa, exponent: scale } = partsOf(Math.abs(base));
  const size = Math.abs(exponent);
  const digits = mantissa ** BigInt(size);
  const twos = BigInt(-scale * size);
  const result = exponent > 0 ? divideInt(digits, 1n << twos) : divideInt(1n << twos, digits);
  return base < 0 && size % 2 === 1 ? -result : result;
};

const mostExactly = 64;

/** `base ** exponent` as C's pow() rounds it. */
export const powerFloat = (base: number, exponent: number): number => {
  const rough = base ** exponent;
  if (!Number.isFinite(rough) || Math.abs(rough) < 1e-300 || base === 0 || exponent === 0) return rough;
  if (exponent === 0.5) return Math.sqrt(base);
  if (Number.isInteger(exponent) && Math.abs(exponent) <= mostExactly) return wholePower(base, exponent);
  if (base < 0) return rough;
  return exponential(times(logarithm(base), fixedPoint(exponent)));
};
