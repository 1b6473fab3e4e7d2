import { describe, expect, it, vi } from 'vitest';
import { draw, parseTiming } from './timing.ts';

// Years of calendar take their time on a machine that is busy.
vi.setConfig({ testTimeout: 120_000 });

const instant = (text: string): number => Date.parse(text.includes('T') ? text : `${text.replace(' ', 'T')}Z`);
const shown = (time: number | undefined): string | undefined =>
  time === undefined ? undefined : new Date(time).toISOString().replace(/\.000Z$/, 'Z');

const next = (schedule: string | readonly string[], after: string, last?: string, zone = 'UTC'): string | undefined => {
  const timing = parseTiming(typeof schedule === 'string' ? [schedule] : schedule, zone);
  return shown(timing.next(instant(after), last === undefined ? undefined : instant(last))?.from);
};

/** The following runs, each of which begins when it is due. */
const series = (schedule: string | readonly string[], after: string, zone: string, count: number): string[] => {
  const timing = parseTiming(typeof schedule === 'string' ? [schedule] : schedule, zone);
  const found: number[] = [];
  let time = instant(after);
  while (found.length < count) {
    const window = timing.next(time, found.at(-1));
    if (!window) break;
    found.push(window.from);
    time = window.from;
  }
  return found.map((one) => shown(one)!);
};

describe("OpenSVC's language", () => {
  it.each([
    ['once in a range', '09:00-09:20', '2015-02-27 10:00', '2015-02-27 09:05', '2015-02-28T09:00:00Z'],
    ['in a range it has not run in', '09:00-09:20', '2015-02-27 09:10', '2015-02-26 09:05', '2015-02-27T09:10:00Z'],
    ['not twice in a range', '09:00-09:20', '2015-02-27 09:10', '2015-02-27 09:05', '2015-02-28T09:00:00Z'],
    ['for the first time', '09:00-18:00', '2015-02-27 10:00', undefined, '2015-02-27T10:00:00Z'],
    ['at a time', '09:00', '2015-02-27 09:00:30', '2015-02-27 09:00', '2015-02-28T09:00:00Z'],
    ['on a day of the week', '09:00-09:20 mon', '2022-05-20 10:00', '2022-05-16 09:05', '2022-05-23T09:00:00Z'],
    ['in a leap year', '09:00-09:20', '2020-02-28 10:00', '2020-02-28 09:05', '2020-02-29T09:00:00Z'],
    ['in no leap year', '09:00-09:20', '2015-02-28 10:00', '2015-02-28 09:05', '2015-03-01T09:00:00Z'],
    ['after an interval', '@10', '2015-02-27 10:00', '2015-02-27 09:52', '2015-02-27T10:02:00Z'],
    ['after seconds', '@10s', '2015-02-27 10:00:15', '2015-02-27 10:00:08', '2015-02-27T10:00:18Z'],
    ['at once when the interval is over', '@10', '2015-02-27 10:00', '2015-02-27 09:00', '2015-02-27T10:00:00Z'],
    ['at once when it never ran', '@10', '2015-02-27 10:00', undefined, '2015-02-27T10:00:00Z'],
    ['several times in a range', '09:00-10:20@31', '2015-02-27 09:06', '2015-02-27 09:05', '2015-02-27T09:36:00Z'],
    ['at the end of a range', '09:00-10:00@60', '2015-02-27 09:01', '2015-02-27 09:00', '2015-02-27T10:00:00Z'],
    ['not beyond a range', '09:00-10:00@31', '2015-02-27 09:40', '2015-02-27 09:31', '2015-02-28T09:00:00Z'],
    ['after more than a day', '09:00-10:00@2d', '2015-02-27 09:40', '2015-02-27 09:00', '2015-03-01T09:00:00Z'],
    ['once a day', '*', '2015-02-27 10:00', '2015-02-27 09:05', '2015-02-28T09:05:00Z'],
    ['once every friday', '* fri', '2022-05-23 09:06', '2022-05-20 09:05', '2022-05-27T00:00:00Z'],
    ['on the last of the month', '* *:last', '2022-05-23 09:06', '2022-05-20 09:05', '2022-05-31T00:00:00Z'],
    ['on the last but one', '* *:-2', '2022-05-23 09:06', '2022-05-20 09:05', '2022-05-30T00:00:00Z'],
    ['on the 5th', '* *:5', '2022-05-23 09:06', '2022-05-20 09:05', '2022-06-05T00:00:00Z'],
    ['on a friday that is the last', '* fri:last', '2022-05-23 09:06', undefined, '2022-09-30T00:00:00Z'],
    ['on the 31st', '12:00 *:31', '2022-04-01 00:00', undefined, '2022-05-31T12:00:00Z'],
    ['in a week of the year', '12:00 mon 1', '2026-02-01 00:00', undefined, '2027-01-04T12:00:00Z'],
    ['in week 53', '12:00 fri 53', '2022-01-01 00:00', undefined, '2027-01-01T12:00:00Z'],
    ['in even months', '* * * %2', '2022-05-23 09:06', '2022-05-20 09:05', '2022-06-01T00:00:00Z'],
    ['in even months of some', '* * * jan-feb%2', '2022-05-23 09:06', '2022-05-20 09:05', '2023-02-01T00:00:00Z'],
    ['before midnight', '22:00-02:00@60', '2022-05-23 09:00', '2022-05-23 02:00', '2022-05-23T22:00:00Z'],
    ['beyond midnight', '22:00-02:00@60', '2022-05-23 23:30', '2022-05-23 23:10', '2022-05-24T00:10:00Z'],
    ['beyond midnight of its day', '22:00-02:00 mon', '2022-05-24 01:00', '2022-05-16 22:00', '2022-05-24T01:00:00Z'],
    ['not on the day after', '22:00-02:00 tue', '2022-05-24 01:00', '2022-05-17 22:00', '2022-05-24T22:00:00Z'],
    ['once beyond midnight', '22:00-02:00', '2022-05-24 01:00', '2022-05-23 22:00', '2022-05-24T22:00:00Z'],
    ['all but some minutes', '09:20-09:00', '2015-02-27 09:09', '2015-02-26 09:20', '2015-02-27T09:20:00Z'],
    ['on a 29th of February', '12:00 mon:29 * feb', '2022-01-01 00:00', undefined, '2044-02-29T12:00:00Z'],
    ['never', '@0', '2015-02-27 10:00', undefined, undefined],
    ['never, on the 30th of February', '* *:30 * feb', '2015-02-27 10:00', undefined, undefined],
  ])('runs %s', (_name, schedule, after, last, expected) => {
    expect(next(schedule, after, last)).toBe(expected);
  });

  it('heeds lists and exclusions', () => {
    const list = ['* * * jan-feb%2', '! 00:00-11:00'];
    expect(next(list, '2022-05-23 09:06', '2022-05-20 09:05')).toBe('2023-02-01T11:00:00Z');
    expect(next(JSON.stringify(list), '2022-05-23 09:06', '2022-05-20 09:05')).toBe('2023-02-01T11:00:00Z');
    expect(next(['09:00@1d', '17:00'], '2022-05-23 12:00')).toBe('2022-05-23T17:00:00Z');
    expect(next(['@10', '! * sat-sun'], '2026-11-21 12:00', '2026-11-20 23:59')).toBe('2026-11-23T00:00:00Z');
    expect(next(['@10', '! 22:00-06:00'], '2026-11-20 23:00', '2026-11-20 21:55')).toBe('2026-11-21T06:00:00Z');
    expect(next(['@10', '! *'], '2026-11-20 23:00')).toBeUndefined();
    expect(next(['! 22:00-06:00'], '2026-11-20 23:00')).toBeUndefined();
  });

  it('draws a random moment of what is left of the range, outside of what is excluded', () => {
    const timing = parseTiming(['~00:00-06:00', '! 01:00-05:00'], 'UTC');
    const window = timing.next(instant('2026-11-20 00:30'), instant('2026-11-19 03:00'))!;
    expect(window).toEqual({ from: instant('2026-11-20 00:30'), to: instant('2026-11-20 06:00') });
    let seed = 7;
    const random = (): number => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    const drawn = Array.from({ length: 200 }, () => draw(timing, window, random));
    for (const moment of drawn) {
      expect(moment >= window.from && moment < window.to).toBe(true);
      expect(timing.isExcluded(moment)).toBe(false);
    }
    expect(drawn.some((moment) => moment < instant('2026-11-20 01:00'))).toBe(true);
    expect(drawn.some((moment) => moment >= instant('2026-11-20 05:00'))).toBe(true);
    // It has run in this range: the next one is tomorrow's.
    expect(shown(timing.next(drawn[0]!, drawn[0])?.from)).toBe('2026-11-21T00:00:00Z');
  });
});

describe('the days on which clocks change', () => {
  const spring = '2026-03-28T12:00:00Z';
  const autumn = '2026-10-24T12:00:00Z';
  const paris = 'Europe/Paris';

  it('runs what falls into the hour that is left out when the clock is set', () => {
    expect(series('02:30', spring, paris, 3)).toEqual([
      '2026-03-29T01:00:00Z',
      '2026-03-30T00:30:00Z',
      '2026-03-31T00:30:00Z',
    ]);
    expect(series('30 2 * * *', spring, paris, 2)).toEqual(['2026-03-29T01:00:00Z', '2026-03-30T00:30:00Z']);
  });

  it('runs once what falls into the hour that comes twice', () => {
    const once = ['2026-10-25T00:30:00Z', '2026-10-26T01:30:00Z'];
    expect(series('02:30', autumn, paris, 2)).toEqual(once);
    expect(series('02:30-03:30', autumn, paris, 2)).toEqual(once);
    expect(series('30 2 * * *', autumn, paris, 2)).toEqual(once);
  });

  it('keeps intervals as long as they are', () => {
    expect(series('01:00-04:00@60', autumn, paris, 6)).toEqual([
      '2026-10-24T23:00:00Z',
      '2026-10-25T00:00:00Z',
      '2026-10-25T01:00:00Z',
      '2026-10-25T02:00:00Z',
      '2026-10-25T03:00:00Z',
      '2026-10-26T00:00:00Z',
    ]);
    expect(series('01:00-04:00@60', spring, paris, 4)).toEqual([
      '2026-03-29T00:00:00Z',
      '2026-03-29T01:00:00Z',
      '2026-03-29T02:00:00Z',
      '2026-03-29T23:00:00Z',
    ]);
    expect(series('0 * * * *', '2026-10-24T23:30:00Z', paris, 3)).toEqual([
      '2026-10-25T00:00:00Z',
      '2026-10-25T01:00:00Z',
      '2026-10-25T02:00:00Z',
    ]);
  });

  it('ends exclusions on the clock of the zone', () => {
    expect(next(['@10', '! 00:00-03:00'], '2026-10-24T22:30:00Z', '2026-10-24T22:25:00Z', paris)).toBe(
      '2026-10-25T02:00:00Z',
    );
    expect(next(['@10', '! 00:00-03:00'], '2026-03-28T23:30:00Z', '2026-03-28T23:25:00Z', paris)).toBe(
      '2026-03-29T01:00:00Z',
    );
  });

  it('knows zones whose clocks change at midnight, and by half an hour', () => {
    // In Beirut the 29th of March 2026 begins at 01:00.
    expect(series('* sun', '2026-03-28T12:00:00Z', 'Asia/Beirut', 1)).toEqual(['2026-03-28T22:00:00Z']);
    expect(series('00:30', '2026-03-28T12:00:00Z', 'Asia/Beirut', 2)).toEqual([
      '2026-03-28T22:00:00Z',
      '2026-03-29T21:30:00Z',
    ]);
    expect(series('02:15', '2026-10-03T12:00:00Z', 'Australia/Lord_Howe', 2)).toEqual([
      '2026-10-03T15:30:00Z',
      '2026-10-04T15:15:00Z',
    ]);
  });

  it('comes once a day all year round, whatever the zone', () => {
    for (const zone of ['America/New_York', 'America/Santiago', 'Africa/Casablanca']) {
      for (const schedule of ['00:15', '02:30-04:00', '30 2 * * *']) {
        const all = series(schedule, '2026-01-01T12:00:00Z', zone, 366).map(Date.parse);
        const gaps = all.slice(1).map((time, index) => (time - all[index]!) / 3_600_000);
        expect(Math.min(...gaps), `${schedule} in ${zone}`).toBeGreaterThanOrEqual(22.5);
        expect(Math.max(...gaps), `${schedule} in ${zone}`).toBeLessThanOrEqual(25.5);
      }
    }
  });
});

describe("cron's language", () => {
  it('is read, with seconds, names and nicknames', () => {
    expect(next('30 4 * * mon-fri', '2026-11-21 12:00')).toBe('2026-11-23T04:30:00Z');
    expect(next('*/15 * * * * *', '2026-11-21 12:00:01')).toBe('2026-11-21T12:00:15Z');
    expect(next('0 0 L * *', '2026-11-21 12:00')).toBe('2026-11-30T00:00:00Z');
    expect(next('@daily', '2026-11-21 12:00')).toBe('2026-11-22T00:00:00Z');
    expect(next('@midnight', '2026-11-21 12:00')).toBe('2026-11-22T00:00:00Z');
    expect(next('0 0 31 2 *', '2026-11-21 12:00')).toBeUndefined();
  });

  it('takes the moment itself, but not the run that was', () => {
    expect(next('0 12 * * *', '2026-11-21 12:00', '2026-11-20 12:00')).toBe('2026-11-21T12:00:00Z');
    expect(next('0 12 * * *', '2026-11-21 12:00', '2026-11-21 12:00')).toBe('2026-11-22T12:00:00Z');
  });

  it('goes together with exclusions', () => {
    expect(next(['0 * * * *', '! 09:00-18:00 mon-fri'], '2026-11-20 08:30')).toBe('2026-11-20T18:00:00Z');
  });
});

it('tells what cannot be read', () => {
  expect(() => parseTiming(['61 * * * *'], 'UTC')).toThrow(
    "'61 * * * *' is no schedule of cron: Invalid value for minute: 61",
  );
  expect(() => parseTiming(['@1m'], 'Europe/Pariss')).toThrow("there is no time zone 'Europe/Pariss'");
  expect(() => parseTiming(['["a", 5]'], 'UTC')).toThrow('is no list');
});
