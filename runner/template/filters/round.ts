import { integer } from '../../values/index.ts';
import { fixed } from '../python/index.ts';

/** Python's round(float, precision): exact, and to the even neighbour where both are as near. */
export const roundFloat = (value: number, precision: number): number => {
  if (!Number.isFinite(value) || value === 0 || precision > 320) return value;
  if (precision < 0) {
    const unit = 10 ** -precision;
    return halfToEven(value / unit) * unit;
  }
  return Number(fixed(Math.abs(value), precision)) * Math.sign(value);
};

const halfToEven = (value: number): number => {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
};

/** Python's round(int, precision). */
export const roundInt = (value: number | bigint, precision: number): number | bigint => {
  if (precision >= 0) return value;
  const unit = 10n ** BigInt(-precision);
  const whole = BigInt(value);
  const rest = ((whole % unit) + unit) % unit;
  const floor = whole - rest;
  const isUp = rest * 2n > unit || (rest * 2n === unit && (floor / unit) % 2n !== 0n);
  return integer(isUp ? floor + unit : floor);
};
