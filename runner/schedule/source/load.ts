import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Problem, SourceError } from '../../errors/index.ts';
import { checkBySchema } from '../../playbook/schema/index.ts';
import { sortProblems } from '../../playbook/sort-problems.ts';
import { keyOriginOf, loadYaml, originOf, readSource, reasonOf } from '../../playbook/yaml/index.ts';
import { type Dict, Template, type Value } from '../../values/index.ts';
import type { Schedule, Schedules } from '../types.ts';
import { readMailServer } from './read-hooks.ts';
import { readSchedule } from './read-schedule.ts';
import { schedulesSchema } from './schema.ts';

/** A schedule, and the entry of the file that it was read from. */
interface Read {
  readonly entry: Dict;
  readonly schedule: Schedule;
}

/** Reads a schedules file. Throws a SourceError with every mistake in it. */
export const loadSchedules = (path: string): Schedules => {
  const file = realPath(path);
  // What is encrypted stays so: it is decrypted by the run, or by the hook, that needs it.
  const root = loadYaml(readSource(path), path, { decrypt: () => '', duplicateKeys: 'error' });
  const problems = checkBySchema('schedules', schedulesSchema, root, path);
  if (problems.length > 0) throw new SourceError(problems);
  const { schedules, mail, defaults } = Object.fromEntries(root as Dict) as Record<string, Value | undefined>;
  const read: Read[] = [];
  const places = new Map<string, number>();
  findTemplates(root, problems);
  for (const entry of schedules as Dict[]) {
    const schedule = readSchedule(entry, defaults as Dict | undefined, mail !== undefined, problems);
    if (!schedule) continue;
    const first = places.get(schedule.name);
    if (first !== undefined) {
      problems.push({
        message: `there are two schedules '${schedule.name}'; the other one is in line ${first}`,
        origin: originOf(entry, 'name'),
      });
    }
    places.set(schedule.name, schedule.origin?.line ?? 1);
    read.push({ entry, schedule });
  }
  findUnknown(read, problems);
  if (problems.length > 0) throw new SourceError(sortProblems(problems));
  const all = read.map(({ schedule }) => schedule);
  return {
    file,
    folder: dirname(file),
    schedules: all,
    mail: mail === undefined ? undefined : readMailServer(mail as Dict),
  };
};

const realPath = (path: string): string => {
  try {
    return realpathSync(path);
  } catch (error) {
    throw new SourceError({
      message: `the schedules file ${path} cannot be read: ${reasonOf(error)}`,
      expected: 'schedules.yml in this folder, or another one by --file',
      isMissing: true,
    });
  }
};

// What has its own meaning for braces: the run renders variables, and commands may be for programs that render.
const braced = new Set<Value>(['extra_vars', 'options', 'command']);

/** Tells of every template where nothing is rendered. */
const findTemplates = (value: Value | undefined, problems: Problem[]): void => {
  const entries: Iterable<[Value, Value]> = value instanceof Map ? value : Array.isArray(value) ? value.entries() : [];
  for (const [key, item] of entries) {
    if (braced.has(key)) continue;
    if (!(item instanceof Template)) findTemplates(item, problems);
    else {
      problems.push({
        message: `${typeof key === 'string' ? `'${key}' of a schedule` : 'this'} is not rendered`,
        origin: originOf(value!, key),
        hint: 'variables belong into extra_vars and the inventory',
      });
    }
  }
};

/** Requirements of schedules that the file does not have, or that wait for each other. */
const findUnknown = (read: readonly Read[], problems: Problem[]): void => {
  const byName = new Map(read.map(({ schedule }) => [schedule.name, schedule]));
  const needed = (name: string): string[] =>
    (byName.get(name)?.requires ?? []).flatMap((one) => (one.kind === 'schedule' ? [one.name] : []));
  for (const {
    entry,
    schedule: { name, requires },
  } of read) {
    for (const one of requires) {
      if (one.kind !== 'schedule') continue;
      const origin = originOf(entry, 'requires') ?? keyOriginOf(entry, 'name');
      if (!byName.has(one.name)) {
        problems.push({
          message: `'${name}' requires '${one.name}', which is no schedule of this file`,
          origin,
          expected: `one of ${[...byName.keys()].join(', ')}`,
        });
      } else if (reaches(one.name, name, needed)) {
        problems.push({ message: `'${name}' and '${one.name}' require each other: neither could ever run`, origin });
      }
    }
  }
};

const reaches = (from: string, to: string, needed: (name: string) => string[]): boolean => {
  const seen = new Set<string>();
  const open = [from];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name === to) return true;
    if (seen.has(name)) continue;
    seen.add(name);
    open.push(...needed(name));
  }
  return false;
};
