import { IANAZone, SystemZone, type Zone } from 'luxon';

/** A day of the calendar, without a place. */
export interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export const secondsOfDay = 86_400;

/** A time zone by its name; undefined when there is none such. Without a name: this machine's. */
export const zoneNamed = (name: string | undefined): Zone | undefined => {
  if (name === undefined) return SystemZone.instance;
  const zone = IANAZone.create(name);
  return zone.isValid ? zone : undefined;
};

/** Milliseconds that the zone's clocks are ahead of UTC at an instant. */
const offsetAt = (zone: Zone, instant: number): number => zone.offset(instant) * 60_000;

/** The day that the zone's calendars show at an instant. */
export const dayOf = (zone: Zone, instant: number): Day => fromUtc(new Date(instant + offsetAt(zone, instant)));

const fromUtc = (date: Date): Day => ({
  year: date.getUTCFullYear(),
  month: date.getUTCMonth() + 1,
  day: date.getUTCDate(),
});

/** So many days later, or earlier. */
export const addDays = ({ year, month, day }: Day, days: number): Day =>
  fromUtc(new Date(Date.UTC(year, month - 1, day + days)));

/** Monday is 1, Sunday is 7. */
export const weekdayOf = ({ year, month, day }: Day): number =>
  new Date(Date.UTC(year, month - 1, day)).getUTCDay() || 7;

/** 28 to 31. */
export const daysInMonth = ({ year, month }: Day): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** The number of the week by ISO 8601: the first week of a year has its first Thursday. */
export const weekOf = (day: Day): number => {
  const thursday = addDays(day, 4 - weekdayOf(day));
  const first = Date.UTC(thursday.year, 0, 1);
  const passed = Date.UTC(thursday.year, thursday.month - 1, thursday.day) - first;
  return Math.floor(passed / (7 * secondsOfDay * 1000)) + 1;
};

/**
 * When the zone's clocks show a time of a day. Where clocks are set forward past it: the moment they are set. Where they
 * are set back, and show it twice: the first time, or the last when `isEnd`.
 */
export const instantOf = (zone: Zone, { year, month, day }: Day, seconds: number, isEnd = false): number => {
  const wanted = Date.UTC(year, month - 1, day) + seconds * 1000;
  const offsets = new Set([-1, 0, 1].map((days) => offsetAt(zone, wanted + days * secondsOfDay * 1000)));
  const instants = [...offsets].map((offset) => wanted - offset).sort((left, right) => left - right);
  const valid = instants.filter((instant) => instant + offsetAt(zone, instant) === wanted);
  if (valid.length > 0) return isEnd ? valid.at(-1)! : valid[0]!;
  return transition(zone, instants[0]!, instants.at(-1)!);
};

/** The first moment after `before` at which the clocks have been set anew. */
const transition = (zone: Zone, before: number, after: number): number => {
  const old = offsetAt(zone, before);
  let [low, high] = [before, after];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(zone, middle) === old) low = middle;
    else high = middle;
  }
  return high;
};
