import { spawn } from 'node:child_process';
import { didYouMean, MusterError } from '../errors/index.ts';
import { musterProgram } from './program.ts';
import { rowOf, type ScheduleRow, upcoming } from './rows.ts';
import { loadSchedules } from './source/index.ts';
import { identify, isGoingOn, openStore, type ScheduleStore } from './state/index.ts';
import type { Window } from './timing/index.ts';
import type { Schedule, Schedules } from './types.ts';

/** Shows schedules, and does with them what a person wants; whether a daemon runs or not. */
export interface ScheduleControl {
  readonly schedules: Schedules;
  list(): ScheduleRow[];
  /** The times of its next runs; those that will be drawn at random as the time in which they will come. */
  next(name: string, count: number): Window[];
  /** Starts a run in a process of its own, and does not wait for its end. Throws MusterError when one goes on. */
  runNow(name: string): void;
  pause(name: string): void;
  resume(name: string): void;
  close(): void;
}

export interface ControlOptions {
  /** The schedules file. */
  readonly file: string;
  /** Where what is known of schedules is kept: the setting `scheduleState`. */
  readonly state: string;
  readonly now?: () => number;
  /** The words that start muster. */
  readonly program?: readonly string[];
}

/** The schedule of a name. Throws MusterError when there is none. */
export const findSchedule = ({ schedules }: Schedules, name: string): Schedule => {
  const found = schedules.find((one) => one.name === name);
  if (found) return found;
  const names = schedules.map((one) => one.name);
  throw new MusterError({
    message: `there is no schedule '${name}'`,
    expected: names.length > 0 ? `one of ${names.join(', ')}` : undefined,
    hint: didYouMean(name, names),
  });
};

/** Throws MusterError when a run of the schedule goes on. */
const refuseRunning = (store: ScheduleStore, name: string, now: number): void => {
  const running = store.active(name);
  if (!running || !isGoingOn(running, now)) return;
  throw new MusterError({
    message: `'${name}' is running since ${new Date(running.startedAt).toISOString()}`,
    hint: running.child ? `process ${running.child.id} runs it; an interrupt ends it` : undefined,
  });
};

/** Opens the schedules of a file. Throws a SourceError with the mistakes in it. */
export const openScheduleControl = async (options: ControlOptions): Promise<ScheduleControl> => {
  const { now = Date.now, program = musterProgram() } = options;
  const schedules = loadSchedules(options.file);
  const store = await openStore(options.state, { file: schedules.file, me: identify(), now });
  const setPaused = (name: string, isPaused: boolean): void => {
    findSchedule(schedules, name);
    store.introduce(name, isPaused);
    store.setPaused(name, isPaused);
  };
  return {
    schedules,
    list: () => schedules.schedules.map((schedule) => rowOf(schedule, store, now())),
    next: (name, count) => upcoming(findSchedule(schedules, name), store, now(), count),
    runNow: (name) => {
      findSchedule(schedules, name);
      refuseRunning(store, name, now());
      const [file, ...words] = program;
      spawn(file!, [...words, 'schedule', 'run', name, '--file', schedules.file, '--quiet'], {
        cwd: schedules.folder,
        env: { ...process.env, MUSTER_SCHEDULE_STATE: options.state },
        stdio: 'ignore',
        detached: true,
      }).unref();
    },
    pause: (name) => setPaused(name, true),
    resume: (name) => setPaused(name, false),
    close: () => store.close(),
  };
};
