// Exact decimal digits of floats, rounded half to even as C's printf and Python do.

interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

const ratioOf = (value: number): Ratio => {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const mantissa = exponent === 0 ? fraction : fraction | (1n << 52n);
  const power = (exponent === 0 ? 1 : exponent) - 1075;
  return power >= 0
    ? { numerator: mantissa << BigInt(power), denominator: 1n }
    : { numerator: mantissa, denominator: 1n << BigInt(-power) };
};

const divideToEven = (numerator: bigint, denominator: bigint): bigint => {
  const quotient = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  if (twice > denominator) return quotient + 1n;
  return twice === denominator && quotient % 2n === 1n ? quotient + 1n : quotient;
};

/** `%.{precision}f` of a finite number that is not negative. */
export const fixed = (value: number, precision: number): string => {
  const { numerator, denominator } = ratioOf(value);
  const digits = String(divideToEven(numerator * 10n ** BigInt(precision), denominator)).padStart(precision + 1, '0');
  return precision === 0 ? digits : `${digits.slice(0, -precision)}.${digits.slice(-precision)}`;
};

/** The first `count` significant digits of a finite number that is not negative, and the exponent of the first one. */
const significant = (value: number, count: number): { readonly digits: string; readonly exponent: number } => {
  if (value === 0) return { digits: '0'.repeat(count), exponent: 0 };
  const { numerator, denominator } = ratioOf(value);
  let exponent = Number(value.toExponential().split('e')[1]);
  for (;;) {
    const shift = count - 1 - exponent;
    const digits = String(
      shift >= 0
        ? divideToEven(numerator * 10n ** BigInt(shift), denominator)
        : divideToEven(numerator, denominator * 10n ** BigInt(-shift)),
    );
    if (digits.length === count) return { digits, exponent };
    exponent++;
  }
};

/** `%.{precision}e` of a finite number that is not negative. */
export const exponential = (value: number, precision: number): string => {
  const { digits, exponent } = significant(value, precision + 1);
  const mantissa = precision === 0 ? digits : `${digits[0]}.${digits.slice(1)}`;
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
};

/** `%.{precision}g` of a finite number that is not negative; `keepsZeros` is the flag `#`. */
export const general = (value: number, precision: number, keepsZeros = false): string => {
  const count = Math.max(1, precision);
  const { exponent } = significant(value, count);
  const isScientific = exponent < -4 || exponent >= count;
  const text = isScientific ? exponential(value, count - 1) : fixed(value, count - 1 - exponent);
  if (keepsZeros) return text;
  const [mantissa, power] = text.split('e') as [string, string?];
  const short = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
  return power === undefined ? short : `${short}e${power}`;
};
