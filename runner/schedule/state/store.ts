import { type Claim, type Claimed, leaseLength, type RunResult, type Total } from './claim.ts';
import { openSql, type Sql } from './database.ts';
import { isRunning, type ProcessIdentity } from './identity.ts';
import { type RunState, type ScheduleState, type StopReason, toRunState, toScheduleState } from './rows.ts';

// What is kept of runs that are over; their records have the rest.
const keptRuns = 200;

/** What is known of the schedules of one file, shared by all processes of this machine. */
export class ScheduleStore {
  readonly #sql: Sql;
  readonly #file: string;
  readonly #me: ProcessIdentity;
  readonly #now: () => number;

  constructor(sql: Sql, options: { file: string; me: ProcessIdentity; now: () => number }) {
    this.#sql = sql;
    this.#file = options.file;
    this.#me = options.me;
    this.#now = options.now;
  }

  close(): void {
    this.#sql.close();
  }

  /** Does several things as a whole. */
  atomically<T>(work: () => T): T {
    return this.#sql.atomically(work);
  }

  /** Knows a schedule from now on; it begins paused when the file says so. */
  introduce(name: string, isPaused: boolean): void {
    this.#sql.run('INSERT INTO schedule (file, name, paused) VALUES (?, ?, ?) ON CONFLICT DO NOTHING', [
      this.#file,
      name,
      isPaused ? 1 : 0,
    ]);
  }

  state(name: string): ScheduleState | undefined {
    const row = this.#sql.get('SELECT * FROM schedule WHERE file = ? AND name = ?', [this.#file, name]);
    return row && toScheduleState(row);
  }

  setNext(name: string, defined: string, nextAt: number | undefined): void {
    this.#update(name, 'defined = ?, next_at = ?', [defined, nextAt ?? null]);
  }

  setPaused(name: string, isPaused: boolean): void {
    this.#update(name, 'paused = ?, next_at = NULL, queued_at = NULL, retry_at = NULL', [isPaused ? 1 : 0]);
  }

  setRetry(name: string, at: number, attempt: number): void {
    this.#update(name, 'retry_at = ?, retry_attempt = ?', [at, attempt]);
  }

  setNote(name: string, note: string): void {
    this.#update(name, 'note = ?, noted_at = ?', [note, this.#now()]);
  }

  /** The time that was due goes by without a run; false when another process saw to it. */
  passBy(name: string, expected: number, next: number | undefined): boolean {
    const { changes } = this.#sql.run('UPDATE schedule SET next_at = ? WHERE file = ? AND name = ? AND next_at = ?', [
      next ?? null,
      this.#file,
      name,
      expected,
    ]);
    return changes > 0;
  }

  /** Takes a run on: from here to its end nobody else can begin one of this schedule. */
  claim(claim: Claim): Claimed {
    const { name, reason, next } = claim;
    return this.atomically(() => {
      const state = this.state(name);
      if (state?.isPaused && reason !== 'manual') return { kind: 'paused' };
      if (next && state?.nextAt !== next.expected) return { kind: 'taken' };
      if (reason === 'retry' && state?.retryAt === undefined) return { kind: 'taken' };
      if (reason === 'queue' && state?.queuedAt === undefined) return { kind: 'taken' };
      const active = this.active(name);
      if (next) this.#update(name, 'next_at = ?', [next.at ?? null]);
      if (active) {
        if (claim.overlap === 'queue' || claim.overlap === 'replace') {
          this.#update(name, 'queued_at = ?', [this.#now()]);
        }
        if (claim.overlap === 'replace') this.setStopReason(active.id, 'replaced');
        return { kind: 'busy', run: active };
      }
      this.#update(name, 'last_at = ?, queued_at = NULL, retry_at = NULL', [claim.dueAt]);
      return { kind: 'claimed', run: this.#insertRun(claim) };
    });
  }

  #insertRun({ name, reason, attempt, dueAt }: Claim): RunState {
    const now = this.#now();
    const { machine, boot, id, start } = this.#me;
    const row = this.#sql.get(
      `INSERT INTO run (file, name, reason, attempt, due_at, started_at, machine, boot, owner_pid, owner_start, lease_until)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *`,
      [this.#file, name, reason, attempt, dueAt, now, machine, boot, id, start, now + leaseLength],
    );
    return toRunState(row!);
  }

  /** The run that goes on. */
  active(name: string): RunState | undefined {
    const row = this.#sql.get('SELECT * FROM run WHERE file = ? AND name = ? AND ended_at IS NULL', [this.#file, name]);
    return row && toRunState(row);
  }

  allActive(): RunState[] {
    return this.#sql.all('SELECT * FROM run WHERE file = ? AND ended_at IS NULL', [this.#file]).map(toRunState);
  }

  run(id: number): RunState | undefined {
    const row = this.#sql.get('SELECT * FROM run WHERE id = ?', [id]);
    return row && toRunState(row);
  }

  /** The runs that are over, the latest first; those that something kept from beginning are none. */
  ended(name: string, limit: number): RunState[] {
    return this.#sql
      .all(
        `SELECT * FROM run WHERE file = ? AND name = ? AND ended_at IS NOT NULL AND outcome <> 'skipped'
       ORDER BY id DESC LIMIT ?`,
        [this.#file, name, limit],
      )
      .map(toRunState);
  }

  setChild(id: number, child: ProcessIdentity): void {
    this.#sql.run('UPDATE run SET child_pid = ?, child_start = ? WHERE id = ?', [child.id, child.start, id]);
  }

  setRecord(id: number, record: string): void {
    this.#sql.run('UPDATE run SET record = ? WHERE id = ?', [record, id]);
  }

  /** The first reason counts. */
  setStopReason(id: number, reason: StopReason): void {
    this.#sql.run('UPDATE run SET stop_reason = ? WHERE id = ? AND stop_reason IS NULL', [reason, id]);
  }

  /** Tells that this process still looks after its runs. */
  renewLeases(): void {
    const { machine, boot, id, start } = this.#me;
    this.#sql.run(
      `UPDATE run SET lease_until = ? WHERE ended_at IS NULL AND machine = ? AND boot = ? AND owner_pid = ? AND owner_start = ?`,
      [this.#now() + leaseLength, machine, boot, id, start],
    );
  }

  /** Runs whose owner is gone, of all schedules or of one; they are this process's from now on. */
  adopt(name?: string): RunState[] {
    const isOrphan = (run: RunState): boolean =>
      (name === undefined || run.name === name) && !(isRunning(run.owner) ?? run.leaseUntil > this.#now());
    if (!this.allActive().some(isOrphan)) return [];
    return this.atomically(() =>
      this.allActive().flatMap((run) => {
        if (!isOrphan(run)) return [];
        // A child of another machine, or of this one before it was started anew, is no child of this one.
        const isHere = run.owner.machine === this.#me.machine && run.owner.boot === this.#me.boot;
        if (!isHere) this.#sql.run('UPDATE run SET child_pid = NULL WHERE id = ?', [run.id]);
        this.#own(run.id);
        return [this.run(run.id)!];
      }),
    );
  }

  #own(run: number): void {
    const { machine, boot, id, start } = this.#me;
    this.#sql.run(
      'UPDATE run SET machine = ?, boot = ?, owner_pid = ?, owner_start = ?, lease_until = ? WHERE id = ?',
      [machine, boot, id, start, this.#now() + leaseLength, run],
    );
  }

  /** The run is over. What follows a run is due, until `hooksDone`. */
  finish(id: number, result: RunResult, hasHooks: boolean): RunState {
    const { outcome, exitCode, hosts = 0, changed = 0, failed = 0, unreachable = 0, message } = result;
    return this.atomically(() => {
      const now = this.#now();
      const row = this.#sql.get(
        `UPDATE run SET ended_at = ?, outcome = ?, exit_code = ?, hosts = ?, changed = ?, failed = ?, unreachable = ?,
         message = ?, hooks_due = ? WHERE id = ? RETURNING *`,
        [now, outcome, exitCode ?? null, hosts, changed, failed, unreachable, message ?? null, hasHooks ? 1 : 0, id],
      );
      const run = toRunState(row!);
      this.#count(run.name, outcome, Math.max(0, now - run.startedAt));
      this.#sql.run(
        `DELETE FROM run WHERE file = ? AND name = ? AND ended_at IS NOT NULL AND hooks_due = 0 AND id <=
         (SELECT id FROM run WHERE file = ? AND name = ? ORDER BY id DESC LIMIT 1 OFFSET ?)
         AND id <> coalesce((SELECT max(id) FROM run WHERE file = ? AND name = ? AND outcome = 'ok'), 0)`,
        [this.#file, run.name, this.#file, run.name, keptRuns, this.#file, run.name],
      );
      return run;
    });
  }

  /** Runs whose hooks never ran to their end, because their owner is gone; they are this process's from now on. */
  unhooked(): RunState[] {
    const find = (): RunState[] =>
      this.#sql
        .all('SELECT * FROM run WHERE file = ? AND hooks_due = 1', [this.#file])
        .map(toRunState)
        .filter(({ owner, leaseUntil }) => !(isRunning(owner) ?? leaseUntil > this.#now()));
    if (find().length === 0) return [];
    return this.atomically(() => {
      const runs = find();
      for (const run of runs) this.#own(run.id);
      return runs;
    });
  }

  /** Says that the hooks of a run ran; false when another process was first. */
  hooksDone(id: number): boolean {
    return this.#sql.run('UPDATE run SET hooks_due = 0 WHERE id = ? AND hooks_due = 1', [id]).changes > 0;
  }

  /** Counts what came of a time that was due without a run. */
  countSkipped(name: string): void {
    this.#count(name, 'skipped', 0);
  }

  #count(name: string, outcome: string, milliseconds: number): void {
    this.#sql.run(
      `INSERT INTO total (file, name, outcome, runs, milliseconds) VALUES (?, ?, ?, 1, ?)
       ON CONFLICT DO UPDATE SET runs = runs + 1, milliseconds = milliseconds + excluded.milliseconds`,
      [this.#file, name, outcome, milliseconds],
    );
  }

  totals(): Total[] {
    return this.#sql
      .all('SELECT name, outcome, runs, milliseconds FROM total WHERE file = ?', [this.#file])
      .map((row) => ({
        name: String(row.name),
        outcome: String(row.outcome),
        runs: Number(row.runs),
        milliseconds: Number(row.milliseconds),
      }));
  }

  /** The last run of a schedule that ended well. */
  lastSuccess(name: string): RunState | undefined {
    const row = this.#sql.get(
      "SELECT * FROM run WHERE file = ? AND name = ? AND outcome = 'ok' ORDER BY id DESC LIMIT 1",
      [this.#file, name],
    );
    return row && toRunState(row);
  }

  #update(name: string, assignments: string, values: readonly unknown[]): void {
    this.#sql.run(`UPDATE schedule SET ${assignments} WHERE file = ? AND name = ?`, [...values, this.#file, name]);
  }
}

/** Opens what is known of the schedules of a file. */
export const openStore = async (
  path: string,
  options: { readonly file: string; readonly me: ProcessIdentity; readonly now: () => number },
): Promise<ScheduleStore> => new ScheduleStore(await openSql(path), options);
