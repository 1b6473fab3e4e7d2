import { readdirSync, readFileSync } from 'node:fs';
import { cp, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import type { Stage } from './play.ts';

const folder = join(import.meta.dirname, 'situations');

/** What a module is tried with: the arguments of each situation, by its name. */
export interface Tried {
  /** The file's name, which the tasks' names begin with. */
  readonly name: string;
  readonly module: string;
  readonly situations: ReadonlyMap<string, unknown>;
  /** A script for the host that is run before. */
  readonly prepare: string | undefined;
  /** Nothing is tried once more when it was done: situations of its own show that nothing changes then. */
  readonly once: boolean;
  /** Variables of its tasks. */
  readonly vars: Readonly<Record<string, unknown>>;
  /** Where it is tried: on hosts of the lab (those with other systems' package managers, too), or on a copy of this machine. */
  readonly place: 'host' | 'host without Mitogen' | 'managers' | 'managers without Mitogen' | 'copy';
}

const chosen = process.env['MUSTER_TWINS_ONLY']?.split(',') ?? [];

/** The modules that have a file in `situations/`: all, or those that MUSTER_TWINS_ONLY names. */
export const triedModules = (only: readonly string[] = chosen): Tried[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.yml'))
    .map((file) => readTried(basename(file, '.yml')))
    .filter(({ name }) => only.length === 0 || only.includes(name));

const readTried = (name: string): Tried => {
  const {
    _module: module = `ansible.builtin.${name}`,
    _prepare: prepare,
    _place: place = 'host',
    _vars: vars = {},
    _once: once = false,
    ...situations
  } = parse(readFileSync(join(folder, `${name}.yml`), 'utf8')) as Record<string, unknown>;
  return {
    name,
    module: String(module),
    situations: new Map(Object.entries(situations)),
    prepare: prepare === undefined ? undefined : String(prepare),
    once: once === true,
    vars: vars as Tried['vars'],
    place: place as Tried['place'],
  };
};

/** A playbook that tries each situation three times: predicted, really, and once more when all is done. */
export const writePlaybook = async (modules: readonly Tried[], stage: Stage): Promise<string> => {
  const tasks = modules.flatMap(({ name, module, situations, prepare, vars, once }) => [
    ...(prepare === undefined ? [] : [{ name: `${name}: prepare`, 'ansible.builtin.shell': prepare }]),
    ...[...situations].flatMap(([situation, args]) => {
      const task = { [module]: args, ignore_errors: true, diff: true, vars };
      return [
        { name: `${name}: ${situation} (check)`, ...task, check_mode: true },
        { name: `${name}: ${situation}`, ...task },
        ...(once ? [] : [{ name: `${name}: ${situation} (again)`, ...task }]),
      ];
    }),
  ]);
  const play = {
    name: 'Situations',
    hosts: 'twin',
    remote_user: 'deploy',
    become: true,
    gather_facts: true,
    vars: {
      top: '/srv/twin',
      wrong: 'wrong',
      ports: { web: 8080, admin: 8081 },
      note: 'from the play',
      made: { nothing: null, truth: true, list: [1, 'two'] },
    },
    tasks,
  };
  for (const kind of ['files', 'templates']) {
    await cp(join(import.meta.dirname, 'playbook', kind), join(stage.directory, kind), { recursive: true });
  }
  const file = join(stage.directory, 'situations.yml');
  await writeFile(file, JSON.stringify([play]));
  return file;
};
