import { relative } from 'node:path';
import { UsageError } from '../errors/index.ts';
import type { HostStats } from '../events/index.ts';
import { durationText } from '../output/duration-text.ts';
import { localTime } from '../output/local-time.ts';
import { checkRuns, hostMatcher, type RunRecord, readRun, runIds, statsOf } from '../record/index.ts';

export interface ListFilter {
  readonly playbook?: string;
  readonly host?: string;
  readonly status?: string;
  readonly since?: string;
  readonly number: number;
  readonly json?: boolean;
}

const statuses = ['ok', 'failed', 'unreachable', 'interrupted', 'error', 'broken', 'running'];

/** Writes the runs that pass the filter, the latest first. */
export const historyList = async (runs: string, filter: ListFilter): Promise<void> => {
  if (filter.status !== undefined && !statuses.includes(filter.status)) {
    throw new UsageError({
      message: `there is no status '${filter.status}'`,
      expected: `one of ${statuses.join(', ')}`,
    });
  }
  checkRuns(runs);
  const found = await findRuns(runs, filter);
  if (filter.json) {
    for (const { run } of found)
      process.stdout.write(`${JSON.stringify({ ...run.manifest, id: run.id, status: run.status })}\n`);
    return;
  }
  if (found.length === 0) {
    process.stderr.write(
      runIds(runs).length === 0 ? `there are no records of runs in ${runs}\n` : 'no run is like that\n',
    );
    return;
  }
  const rows = found.map(({ run, stats }) => [
    run.id,
    localTime(run.startedAt),
    run.status,
    run.manifest?.duration === undefined ? '-' : durationText(run.manifest.duration),
    hostsText(stats),
    playbooksText(run),
  ]);
  process.stdout.write(table([['RUN', 'WHEN', 'RESULT', 'TIME', 'HOSTS', 'PLAYBOOK'], ...rows]));
};

interface Found {
  readonly run: RunRecord;
  readonly stats: Readonly<Record<string, HostStats>>;
}

const findRuns = async (runs: string, filter: ListFilter): Promise<Found[]> => {
  const since = filter.since === undefined ? 0 : sinceTime(filter.since, Date.now());
  const isMeant = filter.host === undefined ? undefined : hostMatcher(filter.host);
  const found: Found[] = [];
  for (const id of runIds(runs)) {
    if (found.length >= filter.number) break;
    const run = readRun(runs, id);
    if (run.startedAt < since) break;
    if (filter.status !== undefined && run.status !== filter.status) continue;
    const { playbook } = filter;
    if (playbook !== undefined && !run.manifest?.playbooks.some(({ path }) => path.includes(playbook))) continue;
    const stats = await statsOf(run);
    if (isMeant && !Object.keys(stats).some(isMeant)) continue;
    found.push({ run, stats });
  }
  return found;
};

/** `30m`, `12h`, `7d`, `2w` before now, or a date with or without a time, as this machine's clock tells it. */
const sinceTime = (text: string, now: number): number => {
  const ago = /^(\d+)\s*([mhdw])$/.exec(text.trim());
  const minutes = { m: 1, h: 60, d: 1440, w: 10_080 };
  if (ago) return now - Number(ago[1]) * minutes[ago[2] as keyof typeof minutes] * 60_000;
  const date = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d)?))?$/.exec(text.trim());
  const time = date ? Date.parse(`${date[1]}T${date[2] ?? '00:00'}`) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new UsageError({
    message: `--since cannot be '${text}'`,
    expected: '2026-01-31, 2026-01-31 12:30, or 30m, 12h, 7d, 2w',
  });
};

/** `3: 1 changed, 1 failed` */
const hostsText = (stats: Readonly<Record<string, HostStats>>): string => {
  const all = Object.values(stats);
  const count = (counter: keyof HostStats): string[] => {
    const number = all.filter((host) => host[counter] > 0).length;
    return number > 0 ? [`${number} ${counter}`] : [];
  };
  const parts = [...count('changed'), ...count('failed'), ...count('unreachable')];
  return `${all.length}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`;
};

const playbooksText = ({ manifest }: RunRecord): string => {
  if (!manifest) return '-';
  const names = manifest.playbooks.map(({ path }) => path);
  const folder = relative(process.cwd(), manifest.directory);
  return `${names.join(' ')}${manifest.check ? ' (check)' : ''}${folder === '' ? '' : ` in ${manifest.directory}`}`;
};

const table = (rows: readonly (readonly string[])[]): string => {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column]!))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
};
