import type { HostStats, Reader } from '../../events/index.ts';
import type { FormField, RunRequest } from './run-request.ts';
import type { ScheduleSource } from './schedules.ts';
import type { VariableRow } from './variables.ts';

/** A playbook that can be run. */
export interface PlaybookRow {
  readonly path: string;
  /** Its plays as they are named, or the hosts that they are for. */
  readonly plays: readonly string[];
  /** How its last run ended. */
  readonly lastRun: { readonly status: string; readonly startedAt: number } | undefined;
}

/** A group or host of the inventory, as a row of a tree. */
export interface InventoryRow {
  readonly kind: 'group' | 'host';
  readonly name: string;
  readonly depth: number;
  /** How many hosts are in the group. */
  readonly hosts: number;
}

/** A record of a run. */
export interface HistoryRow {
  readonly id: string;
  readonly startedAt: number;
  readonly status: string;
  readonly duration: number | undefined;
  readonly playbooks: readonly string[];
  readonly isCheck: boolean;
  readonly stats: Readonly<Record<string, HostStats>>;
}

/** Something that a run asks of whoever watches. */
export interface PendingQuestion {
  readonly kind: 'ask' | 'pause' | 'command';
  readonly text: string;
  readonly isSecret: boolean;
  readonly default: string | undefined;
  /** What is typed has to be typed twice. */
  readonly confirm: boolean;
  /** When a pause ends by itself, in milliseconds since 1970. */
  readonly until?: number | undefined;
  /** What was said in the conversation so far. */
  readonly said: readonly string[];
}

/** A run that was started here. */
export interface LiveRun {
  /** The exit code. Rejects with what kept the run from beginning. */
  readonly done: Promise<number>;
  /** The name of its record. */
  readonly id: string | undefined;
  /** Begins no more tasks until `resume`. */
  pause(): void;
  resume(): void;
  /** Lets running tasks end, and begins nothing more; asked again, or by `now`, ends what runs. */
  interrupt(how?: 'graceful' | 'now'): void;
  /** What a host's variables are now; seen from a task, `file:line`, as far as that is in the playbooks. */
  variables(host: string, path?: string): Promise<readonly VariableRow[]>;
}

/** Where questions come up, and answers go. */
export interface Asking {
  readonly question: PendingQuestion | undefined;
  /** Answers the question; undefined aborts. */
  answer(text: string | undefined): void;
  /** Called when there is a question, another one, or none any more. */
  onQuestion(listener: () => void): void;
}

/** On all of its hosts, on those only that failed or were unreachable, or from where it stopped on each. */
export type Repetition = 'all' | 'failed' | 'rest';

/** What the front end shows and does, apart from terminal and keys. */
export interface Services {
  readonly asking: Asking;
  playbooks(): Promise<readonly PlaybookRow[]>;
  /** What can be said about a run of a playbook before it starts. */
  form(path: string): Promise<readonly FormField[]>;
  inventory(): Promise<readonly InventoryRow[]>;
  inventoryVariables(row: InventoryRow): Promise<readonly VariableRow[]>;
  history(): Promise<readonly HistoryRow[]>;
  /** The events of a record from its beginning on. */
  events(id: string): AsyncIterable<Parameters<Reader>[0]>;
  /** Whether the run of a record goes on, in whatever process. */
  isGoingOn(id: string): boolean;
  start(request: RunRequest, reader: Reader): LiveRun;
  /** The request that repeats a run. */
  repeat(id: string, how: Repetition): Promise<RunRequest>;
  readonly schedules: ScheduleSource;
}
