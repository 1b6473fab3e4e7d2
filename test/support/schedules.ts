import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '../../runner/config/index.ts';
import type { Clock } from '../../runner/schedule/clock.ts';
import { Daemon } from '../../runner/schedule/daemon/index.ts';
import type { LogEntry } from '../../runner/schedule/log.ts';
import { openContext } from '../../runner/schedule/open-context.ts';
import { loadSchedules } from '../../runner/schedule/source/index.ts';
import type { ScheduleStore } from '../../runner/schedule/state/index.ts';
import { openFolder, type ScratchFolder } from './scratch-folder.ts';

/** Comes back when something holds. It takes a generous while to give up. */
export const until = async (holds: () => boolean | Promise<boolean>, what = 'the condition'): Promise<void> => {
  const end = performance.now() + 150_000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
    await sleep(5);
  }
};

/** A clock that stands still until a test moves it. */
export class SimulatedClock implements Clock {
  #now: number;
  #elapsed = 1000;
  #waiting: (() => void)[] = [];

  constructor(now: string) {
    this.#now = Date.parse(now);
  }

  now = (): number => this.#now;
  elapsed = (): number => this.#elapsed;

  wait(_milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
      this.#waiting.push(resolve);
    });
  }

  /** Time goes by. */
  advance(milliseconds: number): void {
    this.#now += milliseconds;
    this.#elapsed += milliseconds;
    this.#wakeAll();
  }

  /** Somebody sets the clock; no time goes by but the moment that it takes. */
  set(now: string): void {
    this.#now = Date.parse(now);
    this.#elapsed += 1;
    this.#wakeAll();
  }

  /** Whoever waits looks again: waking too early does no harm. */
  #wakeAll(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** A folder with a schedules file, whose playbooks are shell scripts that a stand-in for muster runs. */
export interface ScheduleFolder extends ScratchFolder {
  readonly file: string;
  has(name: string): boolean;
}

export const scheduleFolder = (schedules: string): ScheduleFolder => {
  const folder = openFolder('muster-schedule-');
  const file = folder.write('schedules.yml', schedules);
  folder.write('muster.cfg', '[muster]\nruns_dir = runs\nschedule_state = state/schedules.db\n');
  folder.write('stand-in', '#!/bin/sh\necho "$@" >>calls\n. "./$2"\n', 0o755);
  return { ...folder, file, has: (name) => existsSync(folder.at(name)) };
};

/** A daemon in this process, whose clock is simulated and whose runs are real processes. */
export interface SimulatedDaemon {
  readonly daemon: Daemon;
  readonly clock: SimulatedClock;
  readonly store: ScheduleStore;
  readonly log: LogEntry[];
  /** What was told of by one word, as texts of some fields. */
  told(event: string, ...fields: string[]): string[];
  /** Time goes by; comes back when the daemon has looked. */
  advance(milliseconds: number): Promise<void>;
  /** Time goes by from one due run to the next, each of which ends before it goes on. */
  runUntil(time: string): Promise<void>;
  /** The clock is set. */
  set(time: string): Promise<void>;
  /** Comes back when nothing runs. */
  quiet(): Promise<void>;
  stop(): Promise<void>;
}

export const simulateDaemon = async (
  folder: ScheduleFolder,
  now: string,
  options: { random?: () => number; program?: readonly string[] } = {},
): Promise<SimulatedDaemon> => {
  const clock = new SimulatedClock(now);
  const log: LogEntry[] = [];
  const schedules = loadSchedules(folder.file);
  const context = await openContext(schedules, {
    config: loadConfig({ cwd: folder.path, env: {} }),
    clock,
    random: options.random ?? (() => 0.5),
    program: options.program ?? [folder.at('stand-in')],
    log: (level, event, fields) =>
      void log.push({ time: new Date(clock.now()).toISOString(), level, event, ...fields }),
  });
  const { store } = context;
  const daemon = new Daemon(context);
  const looked = (): Promise<void> => until(() => daemon.idleFor === 0, 'the daemon to look at the clock');
  const quiet = async (): Promise<void> => {
    await until(() => daemon.runningCount === 0, 'the runs to end');
    // What the end of a run brings with it is looked at before anything else.
    await sleep(0);
  };
  const work = daemon.work();
  await looked();
  const advance = async (milliseconds: number): Promise<void> => {
    clock.advance(milliseconds);
    await looked();
  };
  return {
    daemon,
    clock,
    store,
    log,
    told: (event, ...fields) =>
      log.filter((entry) => entry.event === event).map((entry) => fields.map((field) => entry[field]).join(' ')),
    advance,
    quiet,
    runUntil: async (time) => {
      const end = Date.parse(time);
      await quiet();
      while (clock.now() < end) {
        const times = schedules.schedules.flatMap(({ name }) => {
          const state = store.state(name);
          return [state?.nextAt, state?.retryAt].filter((one) => one !== undefined && one > clock.now());
        });
        const next = Math.min(end, ...times.map(Number));
        await advance(next - clock.now());
        await quiet();
      }
    },
    set: async (time) => {
      clock.set(time);
      await looked();
    },
    stop: async () => {
      daemon.stop();
      const ending = setInterval(() => clock.advance(1000), 20);
      await work;
      clearInterval(ending);
      store.close();
    },
  };
};
