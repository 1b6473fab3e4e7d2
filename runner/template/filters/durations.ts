import { type Dict, float, type Value } from '../../values/index.ts';
import { defineFilter, type Filter } from '../define.ts';
import { wholeArgument } from '../python/index.ts';
import { roundFloat } from './round.ts';
import { filterError, text } from './support.ts';

const factors: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  mo: 30 * 86_400_000,
  y: 365 * 86_400_000,
};
const shortForms: Readonly<Record<string, string>> = {
  millisecond: 'ms',
  msec: 'ms',
  msecond: 'ms',
  sec: 's',
  second: 's',
  hour: 'h',
  min: 'm',
  minute: 'm',
  day: 'd',
  week: 'w',
  month: 'mo',
  year: 'y',
};

const inUnit = (value: string, unit: string, options: Dict): Value => {
  if (value === '0') return 0;
  const day = factors.d!;
  const sizes: Record<string, number> = { ...factors };
  for (const [name, given] of options) {
    if (name === 'year') sizes.y = day * wholeArgument(given);
    else if (name === 'month') sizes.mo = day * wholeArgument(given);
    else throw filterError(`to_time_unit() got unknown keyword arguments: ${text(name)}`);
  }
  const sizeOf = (name: string): number | undefined => {
    const short = shortForms[name.replace(/s+$/, '')] ?? name;
    return Object.hasOwn(sizes, short) ? sizes[short] : undefined;
  };
  const size = sizeOf(unit);
  if (size === undefined) throw filterError(`to_time_unit() can not convert to the following unit: ${unit}`);
  let sum = 0;
  for (const part of value.split(/\s+/).filter((word) => word !== '')) {
    const [, count, name = ''] = /^(-?\d+)(\w+)/.exec(part) ?? [];
    const partSize = sizeOf(name);
    if (count === undefined || partSize === undefined)
      throw filterError(`to_time_unit() can not interpret following string: ${value}`);
    sum += Number(count) * partSize;
  }
  return float(roundFloat(sum / size, 12));
};

const units: Readonly<Record<string, string>> = {
  to_milliseconds: 'ms',
  to_seconds: 's',
  to_minutes: 'm',
  to_hours: 'h',
  to_days: 'd',
  to_weeks: 'w',
  to_months: 'mo',
  to_years: 'y',
};

/** The filters of community.general that read durations such as `1h 30min`. */
export const durations: readonly Filter[] = [
  defineFilter('community.general.to_time_unit', 'human_time, unit="ms", **kwargs', (_, value, unit, options: Dict) =>
    inUnit(text(value), text(unit), options),
  ),
  ...Object.entries(units).map(([name, unit]) =>
    defineFilter(`community.general.${name}`, 'human_time, **kwargs', (_, value, options: Dict) =>
      inUnit(text(value), unit, options),
    ),
  ),
];
