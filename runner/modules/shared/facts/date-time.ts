import type { Collector } from './collector.ts';

const twoDigits = (value: number): string => String(value).padStart(2, '0');

export const dateTime: Collector = {
  name: 'date_time',
  // The last line of a zone file is its rule, which names both of the zone's abbreviations.
  quick: ({ mark }) =>
    `${mark('date')}; date '+%Y|%m|%A|%w|%W|%d|%H|%M|%S|%s|%Z|%z|%N'; ${mark('zone')}; if [ -n "$TZ" ]; then echo "$TZ"; else tail -n 1 /etc/localtime 2>/dev/null; fi`,
  read: (dump) => {
    const [year, month, weekday, weekdayNumber, week, day, hour, minute, second, epoch, zone, offset, nanoseconds] = (
      dump.section('date') ?? ''
    )
      .trim()
      .split('|');
    // Busybox may not know %N.
    const micro = /^\d{9}$/.test(nanoseconds ?? '') ? nanoseconds!.slice(0, 6) : '000000';
    const utc = new Date(Number(epoch) * 1000);
    const utcDate = `${utc.getUTCFullYear()}-${twoDigits(utc.getUTCMonth() + 1)}-${twoDigits(utc.getUTCDate())}`;
    const utcTime = `${twoDigits(utc.getUTCHours())}:${twoDigits(utc.getUTCMinutes())}:${twoDigits(utc.getUTCSeconds())}`;
    const local = `${year}${month}${day}T${hour}${minute}${second}`;
    return {
      date_time: {
        year,
        month,
        weekday,
        weekday_number: weekdayNumber,
        weeknumber: week,
        day,
        hour,
        minute,
        second,
        epoch,
        epoch_int: epoch,
        date: `${year}-${month}-${day}`,
        time: `${hour}:${minute}:${second}`,
        iso8601_micro: `${utcDate}T${utcTime}.${micro}Z`,
        iso8601: `${utcDate}T${utcTime}Z`,
        iso8601_basic: `${local}${micro}`,
        iso8601_basic_short: local,
        tz: zone,
        tz_dst: summerName(dump.section('zone') ?? '') ?? zone,
        tz_offset: offset,
      },
    };
  },
};

/** The abbreviation of summer time in a rule such as CET-1CEST,M3.5.0,M10.5.0/3. */
const summerName = (rule: string): string | undefined =>
  /^(?:<[^>]+>|[A-Za-z]+)[-+]?[\d:]+(?:<([^>]+)>|([A-Za-z]+))/
    .exec(rule.trim())
    ?.slice(1)
    .find((name) => name !== undefined);
