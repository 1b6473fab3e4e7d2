import stringWidth from 'string-width';
import type { HostStats, RunEnded } from '../../events/index.ts';
import { durationText } from '../duration-text.ts';
import { truncate, wrap } from '../fit.ts';
import { type Color, paint, type Screen } from '../screen.ts';
import { entryLines } from '../value-lines.ts';
import { hostList } from './group.ts';
import type { ConsoleOptions } from './options.ts';

/** A failure as the end of the run tells it again. */
export interface Failure {
  readonly task: string;
  readonly path: string;
  readonly message: string;
  readonly hosts: string[];
}

export interface TaskTime {
  readonly name: string;
  readonly duration: number;
}

// Tasks are slow enough to be named from a second on.
const slow = 1000;
const mostSlow = 5;
// With more hosts, those of which the same is to be said share a line.
const mostHosts = 25;

/** The slowest tasks. */
export const slowestText = (times: readonly TaskTime[], screen: Screen): string[] => {
  const slowest = times
    .filter(({ duration }) => duration >= slow)
    .sort((left, right) => right.duration - left.duration)
    .slice(0, mostSlow);
  if (slowest.length === 0) return [];
  const width = Math.max(...slowest.map(({ duration }) => durationText(duration).length));
  return [
    '',
    paint(screen, 'bold', 'SLOWEST TASKS'),
    ...slowest.map(
      ({ name, duration }) =>
        `  ${durationText(duration).padStart(width)}  ${truncate(name, Math.max(10, screen.width - width - 5))}`,
    ),
  ];
};

const byName = new Intl.Collator('en', { numeric: true }).compare;

/** What failed, once more: by now it may have scrolled away. */
export const failuresText = (failures: readonly Failure[], screen: Screen): string[] => {
  if (failures.length === 0) return [];
  const width = screen.isTerminal ? screen.width : Number.POSITIVE_INFINITY;
  const fold = (text: string, indent: number): string =>
    ' '.repeat(indent) + (width === Number.POSITIVE_INFINITY ? text : wrap(text, width, indent));
  return [
    '',
    paint(screen, 'bold', 'FAILURES'),
    ...failures.flatMap(({ task, path, message, hosts }) => [
      fold(`${task}${path ? ` (${path})` : ''}`, 2),
      paint(screen, 'red', fold(`${hosts.toSorted(byName).join(', ')}: ${message}`, 4)),
    ]),
  ];
};

const counters: readonly (readonly [keyof HostStats, Color])[] = [
  ['ok', 'green'],
  ['changed', 'yellow'],
  ['unreachable', 'brightRed'],
  ['failed', 'red'],
  ['skipped', 'cyan'],
  ['rescued', 'green'],
  ['ignored', 'blue'],
];

/** A line a host with its counters. */
export const recapText = (stats: RunEnded['stats'], screen: Screen, verbosity: number): string[] => {
  const hosts = Object.keys(stats).sort(byName);
  if (hosts.length === 0) return [];
  const rows = hosts.length > mostHosts && verbosity === 0 ? sharedRows(stats, hosts) : hosts.map((host) => [host]);
  const names = rows.map((row) => truncate(rowName(row, stats), Math.max(12, Math.floor(screen.width * 0.6))));
  const nameWidth = Math.max(...names.map((name) => stringWidth(name)));
  const columns = counters
    .map(([counter, color]) => ({ counter, color, most: Math.max(...hosts.map((host) => stats[host]![counter])) }))
    .filter(({ counter, most }) => most > 0 || counter === 'ok');
  const isTable =
    nameWidth + columns.reduce((sum, { counter, most }) => sum + counter.length + String(most).length + 3, 4) <
    screen.width;
  const lines = rows.map((row, index) => {
    const own = stats[row[0]!]!;
    const cells = columns.map(({ counter, color, most }) => {
      const cell = `${counter} ${String(own[counter]).padStart(isTable ? String(most).length : 1)}`;
      if (own[counter] === 0 && counter !== 'ok') return isTable ? ' '.repeat(cell.length) : '';
      return paint(screen, own[counter] > 0 ? color : undefined, cell);
    });
    const name = paint(screen, hostColor(own), names[index]!);
    const padding = ' '.repeat(Math.max(0, nameWidth - stringWidth(names[index]!)));
    if (isTable) return `  ${name}${padding}  ${cells.join('  ')}`.trimEnd();
    return `  ${name}\n    ${wrap(cells.filter((cell) => cell !== '').join(', '), screen.width, 4)}`;
  });
  return ['', paint(screen, 'bold', 'RECAP'), ...lines];
};

const hostColor = ({ failed, unreachable, changed }: HostStats): Color =>
  failed || unreachable ? 'red' : changed ? 'yellow' : 'green';

const rowName = (row: readonly string[], stats: RunEnded['stats']): string => {
  const { failed, unreachable } = stats[row[0]!]!;
  return failed || unreachable ? row.join(', ') : hostList(row, 3);
};

/** Hosts with the same counters, together; failed ones last, where they are seen. */
const sharedRows = (stats: RunEnded['stats'], hosts: readonly string[]): string[][] => {
  const rows = new Map<string, string[]>();
  for (const host of hosts) {
    const { failed, unreachable } = stats[host]!;
    const key = failed || unreachable ? host : JSON.stringify(stats[host]);
    rows.set(key, [...(rows.get(key) ?? []), host]);
  }
  const isBad = ([host]: string[]): boolean => stats[host!]!.failed + stats[host!]!.unreachable > 0;
  return [...rows.values()].sort((left, right) => Number(isBad(left)) - Number(isBad(right)));
};

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** The last line: how it went as a whole. */
export const verdictText = ({ stats, exitCode, duration }: RunEnded, tasks: number, screen: Screen): string[] => {
  const all = Object.values(stats);
  const count = (test: (host: HostStats) => boolean): number => all.filter(test).length;
  const failed = count((host) => host.failed > 0);
  const unreachable = count((host) => host.unreachable > 0);
  const changed = count((host) => host.changed > 0);
  const parts = [
    plural(all.length, 'host'),
    ...(changed > 0 ? [`${changed} changed`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(unreachable > 0 ? [`${unreachable} unreachable`] : []),
    `${plural(tasks, 'task')} in ${durationText(duration)}`,
  ];
  const word = exitCode === 0 ? 'OK' : exitCode === 99 ? 'INTERRUPTED' : 'FAILED';
  const text = `${word}: ${parts.join(', ')}`;
  const color: Color = exitCode === 0 ? (changed > 0 ? 'yellow' : 'green') : 'red';
  return ['', paint(screen, color, screen.isTerminal ? wrap(text, screen.width, 2) : text)];
};

/** What set_stats collected. */
export const customStatsText = (custom: RunEnded['custom'], screen: Screen, options: ConsoleOptions): string[] => {
  if (!options.showsCustomStats || Object.keys(custom).length === 0) return [];
  const lines = Object.keys(custom)
    .sort()
    .flatMap((host) => entryLines(host === '_run' ? 'RUN' : host, custom[host]!));
  return ['', paint(screen, 'bold', 'CUSTOM STATS'), ...lines.map((line) => `  ${line}`)];
};
