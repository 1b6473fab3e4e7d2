import type { Json, JsonObject } from '../../runner/values/index.ts';
import type { Entry } from '../oracle/entries.ts';

/** What one task did on the host, or one item of its loop. */
export interface Outcome {
  /** The task's name, with the item's label and a number where a name comes again. */
  readonly task: string;
  readonly module: string;
  /** `ok`, `changed`, `failed`, `failed, ignored`, `skipped`. */
  readonly status: string;
  readonly result: JsonObject;
}

/** All outcomes of a run in their order, with `places` put in for what is each twin's own. */
export const outcomesOf = (
  entries: readonly Entry[],
  modules: ReadonlyMap<string, string>,
  places: Readonly<Record<string, string>>,
): Outcome[] => {
  const names = new Map<string, string>();
  const counts = new Map<string, number>();
  const outcomes: Outcome[] = [];
  for (const entry of entries) {
    if (entry.kind === 'task') names.set(entry.task, entry.name);
    if (entry.kind !== 'result' && entry.kind !== 'item') continue;
    const name = names.get(entry.task) ?? entry.task;
    const full = entry.kind === 'item' ? `${name} (${entry.label})` : name;
    const count = (counts.get(full) ?? 0) + 1;
    counts.set(full, count);
    outcomes.push({
      task: count === 1 ? full : `${full} #${count}`,
      module: modules.get(name) ?? '',
      status: entry.ignored ? `${entry.status}, ignored` : entry.status,
      result: steady(entry.result, places) as JsonObject,
    });
  }
  return outcomes;
};

// Times, numbers that the system gives, and what tells about the program and not about the host.
const volatile = new Set([
  ...[
    'start',
    'stop',
    'end',
    'delta',
    'elapsed',
    'atime',
    'mtime',
    'ctime',
    'birthtime',
    'inode',
    'ino',
    'dev',
    'device',
  ],
  ...['cache_update_time', 'ansible_job_id', 'results_file'],
  // The items' results come one by one, and the status says what these say.
  ...[
    'results',
    'failed',
    'skipped',
    'skip_reason',
    'changed',
    'failed_when_result',
    'finished',
    'started',
    'attempts',
  ],
  ...['invocation', 'warnings', 'deprecations', 'exception', 'module_stdout', 'module_stderr'],
  ...['ansible_loop_var', '_ansible_no_log'],
]);

const steady = (value: Json, places: Readonly<Record<string, string>>, name = ''): Json => {
  if (name === 'diff') return steady(changesIn(value), places);
  if (typeof value === 'string') return steadyText(value, places);
  if (Array.isArray(value)) {
    const items = value.map((item) => steady(item, places));
    // Ansible takes what dnf did from a set.
    return name === 'results' ? items.map((item) => JSON.stringify(item)).sort() : items;
  }
  if (value === null || typeof value !== 'object') return value;
  const kept: JsonObject = {};
  for (const inner of Object.keys(value).sort()) {
    if (!volatile.has(inner) || isOfPackages(inner, value[inner]!))
      kept[steadyText(inner, places)] = steady(value[inner]!, places, inner);
  }
  return kept;
};

/** Modules of packages tell under the name of a loop's results what they did or found. */
const isOfPackages = (name: string, value: Json): boolean =>
  name === 'results' &&
  Array.isArray(value) &&
  value.every((one) => typeof one === 'string' || (isObject(one) && ('envra' in one || 'repoid' in one)));

/** What a diff says, whatever its form: headers name the programs' own files. */
const changesIn = (diff: Json): Json =>
  (Array.isArray(diff) ? diff : [diff])
    .map((one): Json => {
      if (one === null || typeof one !== 'object' || Array.isArray(one)) return one;
      const { before = '', after = '', prepared } = one;
      return prepared === undefined ? { before, after } : { prepared };
    })
    .filter((one) => !isEmpty(one));

const isEmpty = (one: Json): boolean => {
  if (one === null || typeof one !== 'object' || Array.isArray(one)) return false;
  return !('prepared' in one) && JSON.stringify(one.before) === JSON.stringify(one.after);
};

/** A text without names that are made up, moments, and what is each twin's own. */
export const steadyText = (text: string, places: Readonly<Record<string, string>>): string => {
  let plain = text.replaceAll('\r\n', '\n');
  for (const [own, stand] of Object.entries(places)) plain = plain.replaceAll(own, stand);
  return (
    plain
      // Backups of files.
      .replace(/\.\d+\.\d{4}-\d\d-\d\d@\d\d:\d\d:\d\d~/g, '.BACKUP~')
      // The program's name for a module, which may be the short one.
      .replace(/^remote module \((\w+\.)*/, 'remote module (')
      .replace(/\bj\d+\.\d+$/, 'JOB')
      .replace(/twin\.[a-z0-9_]{8}\.dir/g, 'twin.RANDOM.dir')
      .replace(/^\/tmp\/ansible\.\w+$/, '/tmp/ansible.RANDOM')
      .replace(/(\/(?:temps|nowhere)\/[\w ]+\.)\w{8}/, '$1RANDOM')
  );
};

/** Says of a value (`stat.mode`) of an outcome that it is meant to differ. */
export type IsMeant = (outcome: Outcome, value: string, mine: Json | undefined, its: Json) => boolean;

/** The differences between what two runs did, one line each. What muster tells beyond Ansible's values is no difference. */
export const differences = (ours: readonly Outcome[], theirs: readonly Outcome[], isMeant: IsMeant): string[] => {
  const lines: string[] = [];
  const left = new Map(theirs.map((outcome) => [outcome.task, outcome]));
  for (const our of ours) {
    const their = left.get(our.task);
    left.delete(our.task);
    if (!their) {
      lines.push(`${our.task}: only muster ran it`);
      continue;
    }
    if (our.status !== their.status && !isMeant(our, 'status', our.status, their.status)) {
      lines.push(`${our.task} [${our.module}]: ${our.status}, but Ansible ${their.status}`);
    }
    for (const [value, mine, its] of unequal(our.result, their.result)) {
      if (!isMeant(our, value, mine, its)) {
        lines.push(`${our.task} [${our.module}] ${value}: ${show(mine)}, but Ansible ${show(its)}`);
      }
    }
  }
  for (const task of left.keys()) lines.push(`${task}: only Ansible ran it`);
  return lines;
};

/** Each value of Ansible's that muster gives otherwise or not at all, with its path. */
const unequal = (mine: JsonObject, its: JsonObject, path = ''): [string, Json | undefined, Json][] =>
  Object.keys(its).flatMap((name): [string, Json | undefined, Json][] => {
    const [left, right] = [mine[name], its[name]!];
    const full = path === '' ? name : `${path}.${name}`;
    if (isObject(left) && isObject(right)) return unequal(left, right, full);
    return JSON.stringify(left) === JSON.stringify(right) ? [] : [[full, left, right]];
  });

const isObject = (value: Json | undefined): value is JsonObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

const show = (value: Json | undefined): string => (value === undefined ? 'nothing' : JSON.stringify(value));
