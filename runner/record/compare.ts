import type { HostResult, Timed } from '../events/index.ts';

type Status = HostResult['status'];

/** A task that went otherwise on a host in the second run than in the first; undefined: it did not run there. */
export interface Difference {
  readonly task: string;
  readonly before: Status | undefined;
  readonly after: Status | undefined;
  /** Why it failed in the second run. */
  readonly message?: string | undefined;
}

export interface Comparison {
  /** By host, in the order of the hosts' names. */
  readonly hosts: ReadonlyMap<string, readonly Difference[]>;
  /** How many hosts went as before. */
  readonly same: number;
}

/** How a task went on a host, and where it stands. */
export interface TaskOutcome {
  readonly task: string;
  readonly path: string;
  readonly status: Status;
  readonly message: string | undefined;
}

/** By host, and by what tells a task from the others of a run. */
export type Outcomes = Map<string, Map<string, TaskOutcome>>;

/**
 * What went otherwise on which host. Tasks are the same when play and name are, and how often that name came before; or
 * when they stand at the same place.
 */
export const compareRuns = async (first: AsyncIterable<Timed>, second: AsyncIterable<Timed>): Promise<Comparison> => {
  const [before, after] = await Promise.all([outcomesOf(first), outcomesOf(second)]);
  return compareOutcomes(before, after);
};

/** The same for what `outcomesOf` told. */
export const compareOutcomes = (before: Outcomes, after: Outcomes): Comparison => {
  const hosts = new Map<string, Difference[]>();
  let same = 0;
  for (const host of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const differences = compareHost(before.get(host) ?? new Map(), after.get(host) ?? new Map());
    if (differences.length === 0) same++;
    else hosts.set(host, differences);
  }
  return { hosts, same };
};

const compareHost = (before: Map<string, TaskOutcome>, after: Map<string, TaskOutcome>): Difference[] => {
  const gone = [...before].filter(([key]) => !after.has(key)).map(([, outcome]) => outcome);
  const differences: Difference[] = [];
  const add = (old: TaskOutcome | undefined, current: TaskOutcome | undefined): void => {
    if (old?.status === current?.status) return;
    const { task } = (current ?? old)!;
    differences.push({ task, before: old?.status, after: current?.status, message: current?.message });
  };
  for (const [key, current] of after) {
    let old = before.get(key);
    if (!old) {
      // A name with variables in it changes with them; the task then stands at the same place still.
      const place = gone.findIndex(({ path }) => path === current.path);
      if (place !== -1) [old] = gone.splice(place, 1);
    }
    add(old, current);
  }
  for (const old of gone) add(old, undefined);
  return differences;
};

/** How every task of a run went on every host. */
export const outcomesOf = async (events: AsyncIterable<Timed>): Promise<Outcomes> => {
  const outcomes: Outcomes = new Map();
  const plays = new Map<number, string>();
  const tasks = new Map<string, { play: string; name: string; path: string }>();
  for await (const event of events) {
    if (event.type === 'play_started') plays.set(event.play, event.name);
    if (event.type === 'task_started') {
      tasks.set(event.task, { play: plays.get(event.play) ?? '', name: event.name, path: event.path });
    }
    if (event.type !== 'host_result') continue;
    const task = tasks.get(event.task);
    if (!task) continue;
    const ofHost = outcomes.get(event.host) ?? new Map<string, TaskOutcome>();
    outcomes.set(event.host, ofHost);
    const isBad = event.status === 'failed' || event.status === 'unreachable';
    const message = isBad && typeof event.result.msg === 'string' ? event.result.msg : undefined;
    const outcome = { task: task.name, path: task.path, status: event.status, message };
    for (let count = 1; ; count++) {
      const key = JSON.stringify([task.play, task.name, count]);
      if (ofHost.has(key)) continue;
      ofHost.set(key, outcome);
      break;
    }
  }
  return outcomes;
};
