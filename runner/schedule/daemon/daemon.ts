import type { ScheduleContext } from '../context.ts';
import { insist } from '../insist.ts';
import { checkNext, definedBy, planNext } from '../plan.ts';
import { signalChild } from '../runs/child.ts';
import { followUp, performRun, resumeRun } from '../runs/index.ts';
import type { Claim, RunState, ScheduleState } from '../state/index.ts';
import { isRunning } from '../state/index.ts';
import type { Schedule, Schedules } from '../types.ts';

// Clocks that are set, schedules that are resumed, and daemons that end are noticed no later than this.
const longestSleep = 5000;
const shortestSleep = 500;
// A run that begins so late was missed; what to do then is the schedule's to say.
const grace = 60_000;
// A run that begins so late counts from its beginning, not from when it was due.
const slightlyLate = 5000;
// What the machine's clock may differ from the one that nobody sets, until it counts as set.
const clockTolerance = 2000;

/** Begins runs when they are due, and looks after them. */
export class Daemon {
  #context: ScheduleContext;
  readonly #running = new Map<number, Promise<void>>();
  /** Schedules of the file that have no further time. */
  #never = new WeakSet<Schedule>();
  #wake = new AbortController();
  #isStopping = false;
  #isReplanned = false;
  #clockDifference: number | undefined;
  #lastTick: number;

  constructor(context: ScheduleContext) {
    this.#context = context;
    this.#lastTick = context.clock.elapsed();
  }

  get context(): ScheduleContext {
    return this.#context;
  }

  get runningCount(): number {
    return this.#running.size;
  }

  /** Milliseconds since it last looked at the clock. */
  get idleFor(): number {
    return this.#context.clock.elapsed() - this.#lastTick;
  }

  /** Works until it is stopped, and all its runs have ended. */
  async work(onReady: () => void = () => {}): Promise<void> {
    let isReady = false;
    while (!this.#isStopping) {
      this.#wake = new AbortController();
      const { signal } = this.#wake;
      const { clock } = this.#context;
      this.#tick();
      if (!isReady) onReady();
      isReady = true;
      await clock.wait(this.#timeToSleep(), signal);
    }
    while (this.#running.size > 0) await Promise.all(this.#running.values());
  }

  /** Begins nothing more, and interrupts what runs. Called again, it ends it at once. */
  stop(): void {
    const { store } = this.#context;
    for (const id of this.#running.keys()) {
      if (!this.#isStopping) store.setStopReason(id, 'stopping');
      const child = this.#isStopping ? store.run(id)?.child : undefined;
      if (child) signalChild(child, 'SIGKILL');
    }
    this.#isStopping = true;
    this.#context.stopping.abort();
    this.#wake.abort();
  }

  /** Works with another version of the schedules file from now on; runs that go on are not touched. */
  reload(schedules: Schedules, reveal: ScheduleContext['reveal'] = this.#context.reveal): void {
    this.#context = { ...this.#context, schedules, reveal };
    this.#never = new WeakSet();
    this.#isReplanned = false;
    this.#wake.abort();
  }

  /** Looks once at everything that may be due. */
  #tick(): void {
    const { store, clock, schedules, log } = this.#context;
    this.#lastTick = clock.elapsed();
    if (this.#wasClockSet()) this.#isReplanned = false;
    const attempt = (work: () => void, schedule?: string): void => {
      try {
        work();
      } catch (error) {
        log('error', 'state_failed', { schedule, reason: reasonOf(error) });
      }
    };
    attempt(() => {
      if (this.#running.size > 0) store.renewLeases();
      this.#takeOver();
    });
    if (!this.#isReplanned) {
      attempt(() => {
        this.#replan(...schedules.schedules);
        this.#isReplanned = true;
      });
    }
    for (const schedule of schedules.schedules) attempt(() => this.#look(schedule), schedule.name);
  }

  #wasClockSet(): boolean {
    const { clock, log } = this.#context;
    const difference = clock.now() - clock.elapsed();
    const before = this.#clockDifference;
    this.#clockDifference = difference;
    if (before === undefined || Math.abs(difference - before) < clockTolerance) return false;
    log('warning', 'clock_set', { seconds: Math.round((difference - before) / 1000) });
    return true;
  }

  /** Looks after runs, and what follows them, that another process had begun and is gone. */
  #takeOver(): void {
    const { store } = this.#context;
    for (const run of store.adopt()) {
      const schedule = this.#scheduleOf(run);
      if (schedule) this.#track(run, resumeRun(this.#context, schedule, run));
      else if (!run.child || !isRunning(run.child)) store.finish(run.id, { outcome: 'broken' }, false);
    }
    for (const run of store.unhooked()) {
      const schedule = this.#scheduleOf(run);
      const isRetried = store.state(run.name)?.retryAt !== undefined;
      if (schedule) this.#track(run, followUp(this.#context, schedule, run, isRetried));
      else store.hooksDone(run.id);
    }
  }

  #scheduleOf(run: RunState): Schedule | undefined {
    return this.#context.schedules.schedules.find(({ name }) => name === run.name);
  }

  /** Brings what is known of the next runs into line with the file and the clock. */
  #replan(...all: readonly Schedule[]): void {
    const { store, clock, random } = this.#context;
    // One transaction for all: each of them has to reach the disk.
    store.atomically(() => {
      for (const schedule of all) {
        store.introduce(schedule.name, schedule.paused);
        const state = store.state(schedule.name)!;
        const nextAt = checkNext(schedule, state, clock.now(), random);
        if (nextAt === undefined) this.#never.add(schedule);
        const defined = definedBy(schedule);
        if (nextAt !== state.nextAt || defined !== state.defined) store.setNext(schedule.name, defined, nextAt);
      }
    });
  }

  #look(schedule: Schedule): void {
    const { store, clock } = this.#context;
    const state = store.state(schedule.name);
    if (!state || state.isPaused) return;
    const now = clock.now();
    if (state.nextAt === undefined && !this.#never.has(schedule)) {
      this.#replan(schedule);
      this.#look(schedule);
      return;
    }
    if (state.nextAt !== undefined && state.nextAt <= now) this.#beginDue(schedule, state, state.nextAt, now);
    else if (state.queuedAt !== undefined && !store.active(schedule.name)) {
      this.#begin(schedule, { reason: 'queue', attempt: 1, dueAt: now, overlap: 'refuse' });
    } else if (state.retryAt !== undefined && state.retryAt <= now) {
      const dueAt = state.lastAt ?? now;
      this.#begin(schedule, { reason: 'retry', attempt: state.retryAttempt, dueAt, overlap: 'refuse' });
    }
  }

  #beginDue(schedule: Schedule, state: ScheduleState, due: number, now: number): void {
    const { store, random, log } = this.#context;
    const { name, catchUp } = schedule;
    const late = now - due;
    const isMissed = late > grace;
    if (isMissed && (catchUp === 'skip' || (catchUp !== 'once' && late > catchUp))) {
      const next = planNext(schedule, now, state.lastAt, random);
      if (next === undefined) this.#never.add(schedule);
      if (!store.passBy(name, due, next)) return;
      if (next !== undefined && next <= now) {
        this.#look(schedule);
        return;
      }
      store.countSkipped(name);
      store.setNote(name, `missed the run of ${new Date(due).toISOString()}`);
      log('warning', 'run_missed', { schedule: name, due: new Date(due).toISOString() });
      return;
    }
    const dueAt = late > slightlyLate ? now : due;
    const at = planNext(schedule, now, dueAt, random);
    if (at === undefined) this.#never.add(schedule);
    const reason = isMissed ? 'catch-up' : 'schedule';
    this.#begin(schedule, { reason, attempt: 1, dueAt, next: { expected: due, at }, overlap: schedule.overlap });
  }

  #begin(schedule: Schedule, claim: Omit<Claim, 'name'>): void {
    const { store, log } = this.#context;
    const { name } = schedule;
    const claimed = store.claim({ name, ...claim });
    if (claimed.kind === 'claimed') {
      this.#track(claimed.run, performRun(this.#context, schedule, claimed.run));
      return;
    }
    if (claimed.kind !== 'busy' || claim.overlap === 'refuse') return;
    const before = { schedule: name, process: claimed.run.child?.id };
    if (claim.overlap === 'queue') log('info', 'run_queued', before);
    else if (claim.overlap === 'replace') log('warning', 'run_replaced', before);
    else {
      store.countSkipped(name);
      store.setNote(name, 'left a run out: the one before went on');
      log('warning', 'run_skipped', { schedule: name, reason: 'the run before goes on' });
    }
  }

  /** Waits for the end of a run aside, whatever it is. */
  #track(run: RunState, work: Promise<unknown>): void {
    const { store, log } = this.#context;
    const done = work
      .catch((error: unknown) => {
        const message = reasonOf(error);
        log('error', 'run_lost', { schedule: run.name, reason: message });
        return insist(this.#context, run.name, () => {
          if (store.run(run.id)?.endedAt === undefined) store.finish(run.id, { outcome: 'error', message }, false);
        });
      })
      .then(() => {
        this.#running.delete(run.id);
        this.#wake.abort();
      });
    this.#running.set(run.id, done);
  }

  #timeToSleep(): number {
    const { store, schedules, clock } = this.#context;
    const now = clock.now();
    let times: (number | undefined)[] = [];
    try {
      times = schedules.schedules.flatMap(({ name }) => {
        const state = store.state(name);
        return state && !state.isPaused ? [state.nextAt, state.retryAt] : [];
      });
    } catch {
      // It is told of when the daemon looks at what is due.
    }
    // What is due and did not begin waits for something else.
    const waits = times.filter((time) => time !== undefined).map((time) => (time > now ? time - now : shortestSleep));
    return Math.min(...waits, longestSleep);
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
