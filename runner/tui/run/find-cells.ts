import { joinAtStars, literalSource } from '../../values/index.ts';
import { type Cell, cell, cellNames, isFailure } from './cell.ts';
import { cellKey, hostOfKey, type RunState, taskOfKey } from './run-state.ts';

/** What is looked for in a run: all of it must hold for a cell. */
export interface CellFilter {
  /** A part of a host's name, or a pattern with stars. */
  readonly host?: string | undefined;
  readonly task?: string | undefined;
  readonly kind?: Cell | undefined;
  /** Part of a host's name, a task's name or a failure's message. */
  readonly text?: string | undefined;
}

/** Reads `host:web* task:install status:failed some text`. */
export const readFilter = (text: string): CellFilter | undefined => {
  const filter: { -readonly [K in keyof CellFilter]: CellFilter[K] } = {};
  const rest: string[] = [];
  for (const word of text.trim().split(/\s+/)) {
    const [, name, value = ''] = /^(host|task|status):(.*)$/.exec(word) ?? [];
    if (name === 'host' || name === 'task') filter[name] = value;
    else if (name === 'status') filter.kind = kindOf(value);
    else if (word !== '') rest.push(word);
  }
  if (rest.length > 0) filter.text = rest.join(' ');
  return Object.keys(filter).length > 0 ? filter : undefined;
};

/** A kind by the beginning of its name; one that there is not matches nothing. */
const kindOf = (name: string): Cell => {
  const index = cellNames.findIndex((one) => one !== 'none' && one.startsWith(name.toLowerCase()));
  return (index <= 0 ? cell.none : index) as Cell;
};

/** The rows and columns that a filter leaves; undefined: all of them. */
export interface Shown {
  readonly hosts: readonly number[] | undefined;
  readonly tasks: readonly number[] | undefined;
}

/** Those with a cell that matches. Counts of rows and columns answer this; only failures' messages are gone through. */
export const findShown = (run: RunState, filter: CellFilter | undefined): Shown => {
  if (filter === undefined) return { hosts: undefined, tasks: undefined };
  const { matrix } = run;
  const { kind } = filter;
  const matchesHost = matcher(filter.host);
  const matchesTask = matcher(filter.task);
  let hosts = indexesOf(run.hosts, (name) => matchesHost(name));
  let tasks = indexesOf(run.tasks, ({ name }) => matchesTask(name));
  if (kind !== undefined) {
    hosts = hosts.filter((host) => matrix.ofHost(host, kind) > 0);
    tasks = tasks.filter((task) => matrix.ofTask(task, kind) > 0);
    // The few that a host's pattern leaves may have the status elsewhere.
    if (filter.host !== undefined)
      tasks = tasks.filter((task) => hosts.some((host) => matrix.get(host, task) === kind));
    if (filter.task !== undefined)
      hosts = hosts.filter((host) => tasks.some((task) => matrix.get(host, task) === kind));
  }
  return filter.text === undefined ? { hosts, tasks } : withText(run, filter.text, hosts, tasks);
};

const withText = (run: RunState, text: string, hosts: readonly number[], tasks: readonly number[]): Shown => {
  const matches = matcher(text);
  const named = hosts.filter((host) => matches(run.hosts[host]!));
  const titled = tasks.filter((task) => matches(run.tasks[task]!.name));
  if (named.length > 0 || titled.length > 0) {
    return { hosts: named.length > 0 ? named : hosts, tasks: titled.length > 0 ? titled : tasks };
  }
  const keys = [...run.messages].filter(([, message]) => matches(message)).map(([key]) => key);
  const saidBy = new Set(keys.map(hostOfKey));
  const saidIn = new Set(keys.map(taskOfKey));
  return { hosts: hosts.filter((host) => saidBy.has(host)), tasks: tasks.filter((task) => saidIn.has(task)) };
};

const indexesOf = <T>(all: readonly T[], matches: (one: T) => boolean): number[] => {
  const found: number[] = [];
  for (let index = 0; index < all.length; index++) if (matches(all[index]!)) found.push(index);
  return found;
};

/** Whether a text holds another one in whatever case, or is like a pattern with stars. */
const matcher = (wanted: string | undefined): ((text: string) => boolean) => {
  if (wanted === undefined || wanted === '') return () => true;
  if (wanted.includes('*')) {
    const quoted = wanted.split('*').map(literalSource);
    const pattern = new RegExp(`^${joinAtStars(quoted)}$`, 'is');
    return (text) => pattern.test(text);
  }
  const lower = wanted.toLowerCase();
  return (text) => text.toLowerCase().includes(lower);
};

export interface Position {
  readonly host: number;
  readonly task: number;
}

/** The next cell (or the one before) that a jump goes to: one that the filter means, or without one a failure. */
export const findNext = (
  run: RunState,
  filter: CellFilter | undefined,
  from: Position,
  step: 1 | -1,
): Position | undefined => {
  const shown = findShown(run, filter);
  const hosts = shown.hosts ?? run.hosts.map((_, index) => index);
  const tasks = shown.tasks ?? run.tasks.map((_, index) => index);
  const isMeant = meaning(run, filter);
  const count = hosts.length * tasks.length;
  if (count === 0) return undefined;
  const hostAt = placeOf(hosts, from.host);
  const taskAt = placeOf(tasks, from.task);
  // Tasks in their order, in each the hosts; around once.
  const start = taskAt * hosts.length + hostAt;
  for (let away = 1; away <= count; away++) {
    const at = (((start + step * away) % count) + count) % count;
    const task = tasks[Math.floor(at / hosts.length)]!;
    const host = hosts[at % hosts.length]!;
    if (isMeant(host, task)) return { host, task };
  }
  return undefined;
};

/** Where a number stands in a list, or the next one after it. */
export const placeOf = (list: readonly number[], wanted: number): number => {
  const index = list.findIndex((one) => one >= wanted);
  return index === -1 ? 0 : index;
};

const meaning = (run: RunState, filter: CellFilter | undefined): ((host: number, task: number) => boolean) => {
  const { matrix, messages } = run;
  if (filter?.kind !== undefined) return (host, task) => matrix.get(host, task) === filter.kind;
  if (filter === undefined) return (host, task) => isFailure(matrix.get(host, task));
  const matches = matcher(filter.text);
  return (host, task) => {
    if (matrix.get(host, task) === cell.none) return false;
    if (filter.text === undefined) return true;
    const { name } = run.tasks[task]!;
    return matches(run.hosts[host]!) || matches(name) || matches(messages.get(cellKey(host, task)) ?? '');
  };
};
