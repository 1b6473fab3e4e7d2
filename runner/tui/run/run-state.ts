import type { HostStats } from '../../events/index.ts';
import { KeptOutput } from './kept-output.ts';
import { KeptResults } from './kept-results.ts';
import { Matrix } from './matrix.ts';

/** A task of a run: a column of the matrix. */
export interface TaskColumn {
  readonly name: string;
  readonly module: string;
  /** `file:line` */
  readonly path: string;
  readonly play: number;
  readonly isHandler: boolean;
  readonly startedAt: number;
  /** The time of its last result. */
  lastAt: number;
}

export interface PlayInfo {
  readonly number: number;
  readonly name: string;
  /** The column of its first task. */
  readonly firstTask: number;
  readonly hosts: number;
}

/** A run as it is shown: what its events have told so far. It is filled in place; `version` says that it has changed. */
export interface RunState {
  version: number;
  /** How many events were taken in. */
  events: number;
  playbooks: readonly string[];
  check: boolean;
  /** How many plays the playbooks have that were begun. */
  plannedPlays: number;
  readonly plays: PlayInfo[];
  readonly hosts: string[];
  readonly hostIndex: Map<string, number>;
  readonly tasks: TaskColumn[];
  readonly taskIndex: Map<string, number>;
  readonly matrix: Matrix;
  readonly results: KeptResults;
  readonly output: KeptOutput;
  /** What failures say, by cell. */
  readonly messages: Map<number, string>;
  /** Warnings and errors of the run as a whole. */
  readonly notes: { readonly kind: 'warning' | 'deprecation' | 'error'; readonly text: string }[];
  /** How many hosts failed or cannot be reached. */
  lostHosts: number;
  startedAt: number | undefined;
  /** The time of the last event. */
  time: number;
  exitCode: number | undefined;
  stats: Readonly<Record<string, HostStats>> | undefined;
}

/** A run of which nothing is known. */
export const newRun = (): RunState => ({
  version: 0,
  events: 0,
  playbooks: [],
  check: false,
  plannedPlays: 0,
  plays: [],
  hosts: [],
  hostIndex: new Map(),
  tasks: [],
  taskIndex: new Map(),
  matrix: new Matrix(),
  results: new KeptResults(),
  output: new KeptOutput(),
  messages: new Map(),
  notes: [],
  lostHosts: 0,
  startedAt: undefined,
  time: 0,
  exitCode: undefined,
  stats: undefined,
});

/** A cell as one number, for maps. */
export const cellKey = (host: number, task: number): number => task * 0x100000 + host;
export const hostOfKey = (key: number): number => key % 0x100000;
export const taskOfKey = (key: number): number => Math.floor(key / 0x100000);
