/** A schedule and how it stands. */
export interface ScheduleRow {
  readonly name: string;
  readonly schedule: string;
  /** Milliseconds since 1970. */
  readonly lastRun: number | undefined;
  readonly lastStatus: string | undefined;
  readonly nextRun: number | undefined;
  /** `waiting`, `running`, `paused` … */
  readonly state: string;
  readonly playbook: string;
  readonly isPaused: boolean;
  /** The record of the run that goes on, or else of its last one. */
  readonly lastId: string | undefined;
}

/** Where schedules are looked at and told to do something. */
export interface ScheduleSource {
  list(): Promise<readonly ScheduleRow[]>;
  runNow(name: string): Promise<void>;
  pause(name: string): Promise<void>;
  resume(name: string): Promise<void>;
}
