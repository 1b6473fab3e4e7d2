import type { JsonObject } from '../values/index.ts';

/** The version of the event format; it grows when a field changes its meaning or goes. */
const eventVersion = 1;

/** How a task ended on a host, or one item of its loop. */
export type ResultStatus = 'ok' | 'changed' | 'failed' | 'skipped' | 'unreachable';

/** Per host, the counters of ansible-playbook's recap. */
export interface HostStats {
  ok: number;
  changed: number;
  unreachable: number;
  failed: number;
  skipped: number;
  rescued: number;
  ignored: number;
}

export interface RunStarted {
  readonly type: 'run_started';
  readonly version: typeof eventVersion;
  readonly playbooks: readonly string[];
  readonly check: boolean;
  readonly diff: boolean;
  /** The name of the run that this one goes on with. What had ended well then is not told again. */
  readonly resumes?: string;
}

export interface PlaybookStarted {
  readonly type: 'playbook_started';
  readonly file: string;
  /** How many plays it has. */
  readonly plays: number;
}

export interface PlayStarted {
  readonly type: 'play_started';
  readonly play: number;
  readonly name: string;
  readonly hosts: readonly string[];
  readonly strategy: string;
  readonly check: boolean;
}

/** The play's pattern matched no host, so it did not start. */
export interface PlaySkipped {
  readonly type: 'play_skipped';
  readonly play: number;
  readonly name: string;
}

export interface TaskStarted {
  readonly type: 'task_started';
  readonly task: string;
  readonly play: number;
  readonly name: string;
  /** The module's full name. */
  readonly module: string;
  readonly isHandler: boolean;
  readonly check: boolean;
  /** `file:line` of the task. */
  readonly path: string;
  readonly tags: readonly string[];
  /** The hosts that run it, as far as they are known when it starts. */
  readonly hosts: readonly string[];
}

export interface HostStarted {
  readonly type: 'host_started';
  readonly task: string;
  readonly host: string;
}

/** A piece of a running command's output: whole lines, without their line ends. */
export interface Output {
  readonly type: 'output';
  readonly task: string;
  readonly host: string;
  readonly stream: 'stdout' | 'stderr';
  readonly lines: readonly string[];
}

/** What an error that is meant for people tells besides the result's `msg`. */
export interface ErrorDetails {
  /** `file:line:column`. */
  readonly place?: string;
  /** The lines of the source around the place, with a caret. */
  readonly frame?: string;
  readonly expected?: string;
  readonly hint?: string;
}

interface Outcome {
  readonly task: string;
  readonly host: string;
  readonly status: ResultStatus;
  readonly result: JsonObject;
  readonly delegatedTo?: string | undefined;
  /** The failure does not count: ignore_errors or ignore_unreachable. */
  readonly ignored: boolean;
  /** The task shows a diff: --diff, or its diff keyword. */
  readonly showsDiff: boolean;
  /** Whether people see the result: always (debug), when they ask for more (-v), or not even then (facts). */
  readonly visibility: 'always' | 'verbose' | 'never';
  /** Why it was skipped, where that is not simply that its conditions do not hold. */
  readonly reason?: string | undefined;
  /** Of a failure that is a mistake in a source, or has a remedy. */
  readonly details?: readonly ErrorDetails[] | undefined;
}

export interface ItemResult extends Outcome {
  readonly type: 'item_result';
  /** What stands for the item: loop_control's label, or the item. */
  readonly label: string;
}

export interface HostResult extends Outcome {
  readonly type: 'host_result';
  /** The results of a loop's items were reported by events of their own. */
  readonly isLoop: boolean;
  /** Milliseconds from its start on the host to its end. */
  readonly duration: number;
  /** A rescue section takes the failure up. */
  readonly rescued: boolean;
}

export interface Retry {
  readonly type: 'retry';
  readonly task: string;
  readonly host: string;
  readonly name: string;
  /** How many tries are left. */
  readonly left: number;
  readonly result: JsonObject;
}

export interface AsyncPoll {
  readonly type: 'async_poll';
  readonly task: string;
  readonly host: string;
  readonly job: string;
  readonly started: number;
  readonly finished: number;
}

/** A dynamic include found its file. */
export interface Included {
  readonly type: 'included';
  readonly task: string;
  readonly file: string;
  readonly hosts: readonly string[];
  readonly label: string | undefined;
}

export interface HandlerNotified {
  readonly type: 'handler_notified';
  readonly host: string;
  readonly handler: string;
}

export interface Warning {
  readonly type: 'warning';
  readonly kind: 'warning' | 'deprecation' | 'error';
  readonly message: string;
}

/** A meta task was done on a host, or left out because of its conditions. */
export interface MetaDone {
  readonly type: 'meta';
  readonly task: string;
  readonly host: string;
  readonly action: string;
  readonly done: boolean;
  /** What was done, or why not. */
  readonly message: string;
}

/** Every host of the batch has failed or cannot be reached. */
export interface NoMoreHosts {
  readonly type: 'no_more_hosts';
}

/** Waiting for a person: a pause, a prompt. */
export interface Waiting {
  readonly type: 'waiting';
  readonly task: string;
  readonly host: string;
  readonly message: string;
}

export interface RunEnded {
  readonly type: 'run_ended';
  readonly stats: Readonly<Record<string, HostStats>>;
  /** What set_stats collected: per host, and `_run` for the whole. */
  readonly custom: JsonObject;
  readonly exitCode: number;
  /** Milliseconds. */
  readonly duration: number;
}

export type RunEvent =
  | RunStarted
  | PlaybookStarted
  | PlayStarted
  | PlaySkipped
  | TaskStarted
  | HostStarted
  | Output
  | ItemResult
  | HostResult
  | Retry
  | AsyncPoll
  | Included
  | HandlerNotified
  | Warning
  | MetaDone
  | NoMoreHosts
  | Waiting
  | RunEnded;

/** An event as readers get it: numbered from 1 in its run, with the time it happened (milliseconds since 1970). */
export type Timed<E extends RunEvent = RunEvent> = E & { readonly seq: number; readonly time: number };
