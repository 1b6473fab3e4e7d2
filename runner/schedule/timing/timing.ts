import { Cron } from 'croner';
import { zoneNamed } from './local-time.ts';
import { type OpensvcRule, parseOpensvc, ScheduleSyntaxError } from './opensvc.ts';
import { excludedUntil, nextWindow, type Window } from './opensvc-next.ts';

/** A schedule as it was read: it tells when runs may begin. */
export interface Timing {
  /** What it was read from, on one line. */
  readonly text: string;
  /** The earliest window from `after` on for a run whose last one began at `last`; undefined: never. */
  next(after: number, last: number | undefined): Window | undefined;
  /** Whether a run may not begin at a moment, whatever else holds. */
  isExcluded(instant: number): boolean;
}

type Rule = (after: number, last: number | undefined) => Window | undefined;

/** Reads a schedule: expressions of cron or of OpenSVC. Throws ScheduleSyntaxError. */
export const parseTiming = (expressions: readonly string[], timeZone: string | undefined): Timing => {
  const zone = zoneNamed(timeZone);
  if (!zone) throw new ScheduleSyntaxError(`there is no time zone '${timeZone}'`, 'a name like Europe/Paris or UTC');
  const rules: Rule[] = [];
  const exclusions: OpensvcRule[] = [];
  for (const expression of expressions.flatMap(expand)) {
    if (isCron(expression)) {
      rules.push(cronRule(expression, timeZone));
      continue;
    }
    const rule = parseOpensvc(expression);
    if (rule.isExclusion) exclusions.push(rule);
    else rules.push((after, last) => nextWindow(rule, zone, after, last));
  }
  const endOfExclusion = (instant: number): number | undefined => {
    for (const rule of exclusions) {
      const end = excludedUntil(rule, zone, instant);
      if (end !== undefined) return end;
    }
    return undefined;
  };
  return {
    text: expressions.join(', '),
    next: (after, last) => earliest(rules.map((rule) => nextAllowed(rule, after, last, endOfExclusion))),
    isExcluded: (instant) => endOfExclusion(instant) !== undefined,
  };
};

/** A list may be written as JSON in one text, as OpenSVC has it. */
const expand = (text: string): string[] => {
  if (!text.trim().startsWith('[')) return [text];
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list) && list.every((one) => typeof one === 'string')) return list;
  } catch {
    // What is no JSON is no list either.
  }
  throw new ScheduleSyntaxError(`'${text}' is no list`, 'a list of texts, as in ["09:00-12:00@10", "! * sun"]');
};

const nicknames = /^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$/i;

/** Cron has five fields at least, OpenSVC four at most. */
const isCron = (text: string): boolean => nicknames.test(text.trim()) || text.trim().split(/\s+/).length > 4;

const cronExpected = 'minute, hour, day of the month, month and day of the week, as in 30 4 * * mon-fri';

const cronRule = (text: string, timeZone: string | undefined): Rule => {
  let cron: Cron;
  try {
    const pattern = text.trim().replace(/^@midnight$/i, '@daily');
    cron = new Cron(pattern, { paused: true, ...(timeZone !== undefined && { timezone: timeZone }) });
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^Cron\w*: /, '') : String(error);
    throw new ScheduleSyntaxError(`'${text}' is no schedule of cron: ${reason}`, cronExpected);
  }
  return (after, last) => {
    // The library looks for what comes later than a whole second.
    const from = cron.nextRun(new Date(Math.max(after - 1, last ?? 0)))?.getTime();
    return from === undefined ? undefined : { from, to: from };
  };
};

// An exclusion may end where another begins; what is still excluded after so many is excluded for good.
const mostExclusions = 2000;

const nextAllowed = (
  rule: Rule,
  after: number,
  last: number | undefined,
  endOfExclusion: (instant: number) => number | undefined,
): Window | undefined => {
  let start = after;
  for (let count = 0; count < mostExclusions; count++) {
    const window = rule(start, last);
    if (!window) return undefined;
    const end = endOfExclusion(window.from);
    if (end === undefined) return window;
    start = Math.max(end, start + 1);
  }
  return undefined;
};

const earliest = (windows: readonly (Window | undefined)[]): Window | undefined =>
  windows.reduce((best, window) => (window && (!best || window.from < best.from) ? window : best), undefined);

/** A moment of a window that is not excluded, drawn at random; `random` gives numbers from 0 to less than 1. */
export const draw = (timing: Timing, { from, to }: Window, random: () => number): number => {
  if (from === to) return from;
  for (let count = 0; count < 100; count++) {
    const moment = from + Math.floor((random() * (to - from)) / 1000) * 1000;
    if (!timing.isExcluded(moment)) return moment;
  }
  return from;
};
