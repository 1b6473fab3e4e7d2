import { DateTime } from 'luxon';
import { expect, it, vi } from 'vitest';
import { ScheduleSyntaxError } from './opensvc.ts';
import { parseTiming } from './timing.ts';

vi.setConfig({ testTimeout: 120_000 });

/** Numbers that look random, the same in each run. */
const numbers = (seed: number): ((limit: number) => number) => {
  let state = seed;
  return (limit) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % limit;
  };
};

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const zones = ['UTC', 'Europe/Paris', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe'];
const clock = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

it('finds the first moment that a calendar told otherwise allows', () => {
  const pick = numbers(20_261_121);
  for (let round = 0; round < 60; round++) {
    const begin = pick(1430);
    const end = begin + 1 + pick(1439 - begin);
    const days = weekdays.filter(() => pick(3) > 0);
    const last = pick(4) === 0;
    const months = Array.from({ length: 12 }, (_, index) => index + 1).filter(() => pick(3) > 0);
    const weeks = [1 + pick(26), 27 + pick(26)] as const;
    if (days.length === 0 || months.length === 0) continue;
    const daysText = days.map((day) => (last ? `${day}:last` : day)).join(',');
    const schedule = `${clock(begin)}-${clock(end)} ${daysText} ${weeks.join('-')} ${months.join(',')}`;
    const zone = zones[pick(zones.length)]!;
    const allows = (time: DateTime): boolean => {
      const minutes = time.hour * 60 + time.minute + time.second / 60 + time.millisecond / 60_000;
      return (
        minutes >= begin &&
        minutes <= end &&
        days.includes(weekdays[time.weekday - 1]!) &&
        (!last || time.day === time.daysInMonth) &&
        time.weekNumber >= weeks[0] &&
        time.weekNumber <= weeks[1] &&
        months.includes(time.month)
      );
    };
    const after = Date.parse('2026-01-01T00:00:00Z') + pick(500_000) * 60_000 + pick(60_000);
    const found = parseTiming([schedule], zone).next(after, undefined)?.from;
    const what = `${schedule} in ${zone} after ${new Date(after).toISOString()}`;
    if (found === undefined) {
      // Weeks and months may have nothing in common.
      const start = DateTime.fromMillis(after, { zone }).set({
        hour: Math.floor(begin / 60),
        minute: (begin % 60) + 1,
      });
      for (let day = 1; day < 800; day++) expect(allows(start.plus({ days: day })), what).toBe(false);
    } else {
      expect(found, what).toBeGreaterThanOrEqual(after);
      expect(allows(DateTime.fromMillis(found, { zone })), `${what}: ${new Date(found).toISOString()}`).toBe(true);
    }
    // Every quarter of an hour before, as far as that is not too far, must be forbidden.
    const until = Math.min(found ?? Number.POSITIVE_INFINITY, after + 8 * 86_400_000);
    for (let time = after; time < until; time += 900_000) {
      expect(allows(DateTime.fromMillis(time, { zone })), `${what}: ${new Date(time).toISOString()}`).toBe(false);
    }
  }
});

it('never begins sooner than the interval, and never in what is left out', () => {
  const pick = numbers(7);
  for (let round = 0; round < 60; round++) {
    const minutes = 1 + pick(300);
    const from = pick(1300);
    const timing = parseTiming([`@${minutes}`, `! ${clock(from)}-${clock(from + 60)}`], zones[pick(zones.length)]);
    let last = Date.parse('2026-03-28T00:00:00Z') + pick(100_000) * 1000;
    for (let count = 0; count < 30; count++) {
      const next = timing.next(last, last)!.from;
      expect(next - last).toBeGreaterThanOrEqual(minutes * 60_000);
      // At most an hour is left out; where clocks are set back it comes twice.
      expect(next - last).toBeLessThanOrEqual(minutes * 60_000 + 7_200_000);
      expect(timing.isExcluded(next)).toBe(false);
      last = next;
    }
  }
});

it('reads or refuses any text', () => {
  const pick = numbers(99);
  const pieces = '* ~ ! @ : - , % + 0 1 9 10 24:00 09:00 23:59 mon fri:last jan 53 @1m @1d [ ] " é \t'.split(' ');
  for (let round = 0; round < 5000; round++) {
    const text = Array.from({ length: 1 + pick(7) }, () => pieces[pick(pieces.length)] + (pick(2) ? ' ' : '')).join('');
    try {
      const window = parseTiming([text], 'Europe/Paris').next(0, undefined);
      if (window) expect(window.to, text).toBeGreaterThanOrEqual(window.from);
    } catch (error) {
      expect(error, text).toBeInstanceOf(ScheduleSyntaxError);
      expect((error as ScheduleSyntaxError).expected, text).not.toBe('');
    }
  }
});
