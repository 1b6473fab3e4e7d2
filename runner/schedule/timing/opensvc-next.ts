import type { Zone } from 'luxon';
import { addDays, type Day, dayOf, daysInMonth, instantOf, secondsOfDay, weekdayOf, weekOf } from './local-time.ts';
import type { OpensvcRule, TimeRange } from './opensvc.ts';

/** When a run may come: at `from`, or at a random moment up to `to`. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

const hasDay = (rule: OpensvcRule, day: Day): boolean => {
  if (!rule.months.has(day.month)) return false;
  const weekday = weekdayOf(day);
  const fits = rule.days.some(({ weekday: wanted, monthDay }) => {
    if (wanted !== weekday) return false;
    if (monthDay === undefined) return true;
    return day.day === (monthDay > 0 ? monthDay : daysInMonth(day) + monthDay + 1);
  });
  return fits && rule.weeks.has(weekOf(day));
};

/** A range on the day that it begins, as instants. */
const rangeOn = (zone: Zone, day: Day, { begin, end, isWholeDay }: TimeRange): Window => {
  if (isWholeDay) return { from: instantOf(zone, day, 0), to: instantOf(zone, addDays(day, 1), 0) - 1 };
  const from = instantOf(zone, day, begin);
  const to =
    end > secondsOfDay
      ? instantOf(zone, addDays(day, 1), end - secondsOfDay, true)
      : instantOf(zone, end > begin ? day : addDays(day, 1), end, true);
  return { from, to };
};

// The 29th of February on a given day of the week comes back after 40 years at the latest.
const furthest = 41 * 366;

/** The earliest window from `after` on in which a run may begin whose last one began at `last`; undefined: never. */
export const nextWindow = (
  rule: OpensvcRule,
  zone: Zone,
  after: number,
  last: number | undefined,
): Window | undefined => {
  if (rule.times.length === 0) return undefined;
  // Where clocks were set back, the last run may lie ahead.
  const since = last === undefined ? undefined : Math.min(last, after);
  const shortest = Math.min(...rule.times.map(({ interval = 0 }) => interval));
  // What comes before all intervals are over need not be looked at; a range of the day before may still go on.
  const start = since === undefined ? after : Math.max(after, since + shortest);
  let day = addDays(dayOf(zone, start), -1);
  for (let count = 0; count <= furthest; count++, day = addDays(day, 1)) {
    if (!hasDay(rule, day)) continue;
    const found = [day, addDays(day, 1)]
      .filter((one) => one === day || hasDay(rule, one))
      .flatMap((one) => rule.times.flatMap((range) => windowIn(range, rangeOn(zone, one, range), after, last, since)));
    const [first, ...others] = found;
    if (first) return others.reduce((best, window) => (window.from < best.from ? window : best), first);
  }
  return undefined;
};

const windowIn = (
  { interval, isRandom }: TimeRange,
  { from, to }: Window,
  after: number,
  last: number | undefined,
  since: number | undefined,
): Window[] => {
  if (last !== undefined && interval === undefined && last >= from && last <= to) return [];
  const earliest = Math.max(after, from, since === undefined || interval === undefined ? 0 : since + interval);
  return earliest <= to ? [{ from: earliest, to: isRandom ? to : earliest }] : [];
};

/** The end of the exclusion that an instant falls into; undefined when it falls into none. */
export const excludedUntil = (rule: OpensvcRule, zone: Zone, instant: number): number | undefined => {
  const today = dayOf(zone, instant);
  for (const day of [addDays(today, -1), today]) {
    if (!hasDay(rule, day)) continue;
    for (const range of rule.times) {
      const { from, to } = rangeOn(zone, day, range);
      const end = range.isWholeDay ? to + 1 : to;
      if (instant >= from && instant < end) return end;
    }
  }
  return undefined;
};
