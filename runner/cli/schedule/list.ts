import type { ScheduleRow } from '../../schedule/index.ts';
import { columns, type FileOption, timeText, windowText, withControl } from './open.ts';

/** Writes a line for each schedule. */
export const scheduleList = (options: FileOption & { readonly json?: boolean }): Promise<void> =>
  withControl(options, (control) => {
    const rows = control.list();
    if (options.json) for (const row of rows) process.stdout.write(`${JSON.stringify(plain(row))}\n`);
    else if (rows.length === 0) process.stderr.write(`there are no schedules in ${options.file}\n`);
    else process.stdout.write(columns([['ACTION', 'LAST RUN', 'NEXT RUN', 'SCHEDULE'], ...rows.map(cells)]));
  });

const cells = ({ name, lastRun, running, nextAt, nextLatest, state, schedule, timeZone }: ScheduleRow): string[] => [
  name,
  lastRun ? `${timeText(lastRun.startedAt, timeZone)} ${lastRun.outcome}` : '-',
  running ? 'running' : nextText(state, nextAt, nextLatest, timeZone),
  timeZone === undefined ? schedule : `${schedule} (${timeZone})`,
];

const nextText = (
  state: ScheduleRow['state'],
  nextAt: number | undefined,
  latest: number | undefined,
  timeZone: string | undefined,
): string => {
  if (state === 'paused' || state === 'queued') return state;
  if (nextAt === undefined) return 'never';
  if (latest !== undefined) return windowText({ from: nextAt, to: latest }, timeZone);
  return `${timeText(nextAt, timeZone)}${state === 'retrying' ? ' (retry)' : ''}`;
};

const iso = (time: number | undefined): string | undefined =>
  time === undefined ? undefined : new Date(time).toISOString();

/** The same for programs. */
const plain = ({
  name,
  description,
  playbooks,
  schedule,
  timeZone,
  state,
  lastRun,
  running,
  nextAt,
  note,
}: ScheduleRow) => ({
  name,
  description,
  playbooks,
  schedule,
  time_zone: timeZone,
  state,
  next_run: iso(nextAt),
  running_since: iso(running?.startedAt),
  note,
  last_run: lastRun && {
    run: lastRun.record,
    outcome: lastRun.outcome,
    reason: lastRun.reason,
    attempt: lastRun.attempt,
    started: iso(lastRun.startedAt),
    ended: iso(lastRun.endedAt),
    hosts: lastRun.hosts,
    changed: lastRun.changed,
    failed: lastRun.failed,
    unreachable: lastRun.unreachable,
    message: lastRun.message,
  },
});
