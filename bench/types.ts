/** Who takes part: muster, its peers, and the least that OpenSSH and sh can do it with. */
export type RunnerName = 'muster' | 'mitogen' | 'ansible' | 'floor' | 'scp' | 'rsync' | 'one-by-one';

/** A program to run and to measure. */
export interface Command {
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Read from this file; nothing when not given. */
  readonly stdin?: string;
}

/** What one run took; CPU and memory are the controller's, with everything that it started on its side. */
export interface Measurement {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMb: number;
  /** When it began, in milliseconds since 1970. */
  readonly startedAt: number;
}

/** A thing to measure: the same work for every runner, with a way to see that they did the same. */
export interface Case {
  readonly title: string;
  /** What `size` counts: hosts, tasks, files. */
  readonly unit: string;
  readonly size: number;
  /** Runners that would take minutes do less, and the table says so. */
  readonly smaller?: Partial<Record<RunnerName, number>>;
  /** How many rounds at most, where one takes long. */
  readonly rounds?: number;
  /** How many (item, host) pairs a run of this size works on. */
  items(size: number): number;
  /** How a runner does it; undefined when it takes no part. */
  command(runner: RunnerName, size: number): Command | undefined;
  /** Brings about the state that every run starts from. */
  prepare?(size: number): Promise<void>;
  /** What brings about the right state where running the floor would take long. */
  reference?(size: number): Command;
  /** The state that a run left, as text: the same for everybody. */
  state?(size: number): Promise<string>;
  /** Further numbers of the run that has just ended, by their names. */
  observe?(runner: RunnerName, size: number, measured: Measurement): Promise<Readonly<Record<string, number>>>;
  marks?(results: CaseResult): readonly Mark[];
}

/** What one runner took for a case: medians over its rounds. */
export interface Row extends Omit<Measurement, 'startedAt'> {
  readonly runner: RunnerName;
  readonly size: number;
  readonly rounds: number;
  readonly items: number;
  /** Medians of what was observed. */
  readonly observed: Readonly<Record<string, number>>;
}

export interface CaseResult {
  readonly title: string;
  readonly unit: string;
  readonly size: number;
  readonly rows: readonly Row[];
  /** Who took no part or failed, and why. */
  readonly notes: readonly string[];
  readonly marks: readonly Mark[];
}

/** What was aimed at, beside what was reached. */
export interface Mark {
  readonly text: string;
  readonly aim: string;
  readonly reached: string;
  readonly isMet: boolean;
}

export interface ScenarioResult {
  readonly id: string;
  readonly title: string;
  readonly machine: string;
  readonly date: string;
  readonly cases: readonly CaseResult[];
  /** Why it could not be finished. */
  readonly failure?: string;
}

/** What scenarios are opened with. */
export interface Bench {
  /** A scratch directory of this bench. */
  readonly directory: string;
  /** The `bin/muster.js` of a build that nobody else touches. */
  readonly muster: string;
  /** Hosts are the first so many of these. */
  readonly bed: import('./bed.ts').Bed;
  /** Divides sizes where a run is to be short; 1 for the real thing. */
  readonly scale: number;
}

export interface Scenario {
  readonly id: string;
  readonly title: string;
  /** The most hosts that it needs of the bed. */
  readonly hosts: number;
  open(bench: Bench): Promise<OpenScenario>;
}

export interface OpenScenario {
  readonly cases: readonly Case[];
  close?(): Promise<void>;
}
