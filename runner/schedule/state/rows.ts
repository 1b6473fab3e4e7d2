import type { ProcessIdentity } from './identity.ts';

/** How a run ended. `skipped`: it did not begin, because something that it requires does not hold. */
export type RunOutcome =
  | 'ok'
  | 'failed'
  | 'unreachable'
  | 'error'
  | 'timeout'
  | 'interrupted'
  | 'replaced'
  | 'broken'
  | 'skipped';

/** Why a run began. */
export type RunReason = 'schedule' | 'catch-up' | 'queue' | 'retry' | 'manual';

/** Why a run is being stopped. */
export type StopReason = 'timeout' | 'replaced' | 'stopping';

/** What is known of a schedule besides its definition. Times are milliseconds since 1970. */
export interface ScheduleState {
  readonly name: string;
  /** What `nextAt` was worked out from. */
  readonly defined: string;
  readonly nextAt: number | undefined;
  /** When the last run was due, or began unasked: intervals count from here. */
  readonly lastAt: number | undefined;
  readonly isPaused: boolean;
  /** A run waits for the end of the one before. */
  readonly queuedAt: number | undefined;
  readonly retryAt: number | undefined;
  /** The attempt that comes at `retryAt`. */
  readonly retryAttempt: number;
  /** The last thing that happened instead of a run. */
  readonly note: string | undefined;
  readonly notedAt: number | undefined;
}

/** A run of a schedule. */
export interface RunState {
  readonly id: number;
  readonly name: string;
  readonly reason: RunReason;
  readonly attempt: number;
  readonly dueAt: number;
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  /** Who looks after it. */
  readonly owner: ProcessIdentity;
  /** An owner on another machine is believed to be alive until then. */
  readonly leaseUntil: number;
  readonly child: ProcessIdentity | undefined;
  /** The name of the record. */
  readonly record: string | undefined;
  readonly outcome: RunOutcome | undefined;
  readonly exitCode: number | undefined;
  readonly hosts: number;
  readonly changed: number;
  readonly failed: number;
  readonly unreachable: number;
  /** Why it failed, as far as that can be said in a line. */
  readonly message: string | undefined;
  readonly stopReason: StopReason | undefined;
}

type Cell = string | number | null | undefined;
export type Row = Readonly<Record<string, Cell>>;

const number = (cell: Cell): number | undefined => (typeof cell === 'number' ? cell : undefined);
const text = (cell: Cell): string | undefined => (typeof cell === 'string' ? cell : undefined);

/** A row of the table of schedules. */
export const toScheduleState = (row: Row): ScheduleState => ({
  name: String(row.name),
  defined: String(row.defined),
  nextAt: number(row.next_at),
  lastAt: number(row.last_at),
  isPaused: row.paused === 1,
  queuedAt: number(row.queued_at),
  retryAt: number(row.retry_at),
  retryAttempt: Number(row.retry_attempt),
  note: text(row.note),
  notedAt: number(row.noted_at),
});

const processOf = (row: Row, prefix: string): ProcessIdentity | undefined => {
  const id = number(row[`${prefix}_pid`]);
  if (id === undefined) return undefined;
  return { machine: String(row.machine), boot: String(row.boot), id, start: String(row[`${prefix}_start`]) };
};

/** A row of the table of runs. */
export const toRunState = (row: Row): RunState => ({
  id: Number(row.id),
  name: String(row.name),
  reason: String(row.reason) as RunReason,
  attempt: Number(row.attempt),
  dueAt: Number(row.due_at),
  startedAt: Number(row.started_at),
  endedAt: number(row.ended_at),
  owner: processOf(row, 'owner')!,
  leaseUntil: Number(row.lease_until),
  child: processOf(row, 'child'),
  record: text(row.record),
  outcome: text(row.outcome) as RunOutcome | undefined,
  exitCode: number(row.exit_code),
  hosts: Number(row.hosts),
  changed: Number(row.changed),
  failed: Number(row.failed),
  unreachable: Number(row.unreachable),
  message: text(row.message),
  stopReason: text(row.stop_reason) as StopReason | undefined,
});
