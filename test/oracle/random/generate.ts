import type { Json } from '../../../runner/values/index.ts';
import { type Dice, openDice } from './dice.ts';

type Task = Record<string, Json>;

/** A playbook made up by chance: its files by name, `site.yml` among them, and the options that it is run with. */
export interface Generated {
  readonly files: Readonly<Record<string, string>>;
  readonly options: readonly string[];
}

/** What is being made up. */
interface Draft {
  readonly dice: Dice;
  readonly files: Record<string, Json>;
  /** Tasks so far: they are named by their number, and a playbook ends when there are enough. */
  count: number;
  /** The tasks belong to an included file or a role, which includes nothing more. */
  depth: number;
}

const enough = 12;
const conditions = ['rank == 1', 'rank != 2', 'rank > 1', "color == 'red'", 'flag is defined', 'out is not failed'];
const handlers = ['first', 'second', 'third'];

/** The playbook of a seed; always the same one. JSON is YAML too, so that is how the files are written. */
export const generate = (seed: number): Generated => {
  const dice = openDice(seed);
  const draft: Draft = { dice, files: {}, count: 0, depth: 0 };
  const plays = Array.from({ length: dice.chance(30) ? 2 : 1 }, () => makePlay(draft));
  draft.files['site.yml'] = plays;
  return {
    files: Object.fromEntries(
      Object.entries(draft.files).map(([name, content]) => [name, `${JSON.stringify(content, undefined, 1)}\n`]),
    ),
    options: makeOptions(dice),
  };
};

const makeOptions = (dice: Dice): string[] => {
  if (dice.chance(12)) return ['--tags', dice.pick(['a', 'b', 'a,b', 'tagged', 'untagged'])];
  if (dice.chance(8)) return ['--skip-tags', dice.pick(['a', 'b'])];
  if (dice.chance(5)) return ['--force-handlers'];
  return dice.chance(5) ? ['--limit', 'h1,h3'] : [];
};

const makePlay = (draft: Draft): Json => {
  const { dice } = draft;
  const play: Task = {
    hosts: dice.pick(['web', 'web', 'all:!lost', 'h1:db', 'h1']),
    ...(dice.chance(10) && { serial: dice.pick<Json>([1, 2, '50%', [1, 2]]) }),
    // In a later play a host that failed before can end it for all, by a forced flush of its handlers.
    ...(dice.chance(8) && draft.count === 0 && { any_errors_fatal: true }),
    ...(dice.chance(6) && { max_fail_percentage: dice.pick([0, 30, 50]) }),
    ...(dice.chance(8) && { force_handlers: true }),
    ...(dice.chance(8) && { ignore_errors: true }),
    ...(dice.chance(25) && { vars: { flag: 'play' } }),
  };
  const limit = draft.count + enough;
  if (dice.chance(15)) play.roles = [makeRole(draft)];
  play.tasks = makeTasks(draft, dice.number(3, 6), limit, 0);
  play.handlers = handlers.map((name) => makeHandler(draft, name));
  return play;
};

const makeTasks = (draft: Draft, length: number, limit: number, level: number): Task[] => {
  const tasks: Task[] = [];
  for (let index = 0; index < length && draft.count < limit; index++) tasks.push(makeTask(draft, limit, level));
  return tasks.length > 0 ? tasks : [{ debug: { msg: 'filler' } }];
};

const makeTask = (draft: Draft, limit: number, level: number): Task => {
  const { dice } = draft;
  if (level < 3 && dice.chance(28)) return makeBlock(draft, limit, level);
  if (draft.depth < 2 && dice.chance(16)) return makeInclude(draft, limit);
  const name = `task ${++draft.count}`;
  const kind = dice.number(1, 100);
  if (kind <= 22) return { name, fail: { msg: `${name} {{ rank }}` }, ...keywords(dice, 75) };
  if (kind <= 34) return { name, set_fact: { flag: `${name} {{ rank }}` }, ...keywords(dice, 30) };
  if (kind <= 42) return { name, debug: { msg: "{{ flag | default('no flag') }}" }, ...keywords(dice, 20) };
  if (kind <= 45)
    return {
      name,
      meta: dice.pick(['end_host', 'clear_host_errors', 'noop']),
      when: dice.pick(conditions.slice(0, 4)),
    };
  const loop: Task = dice.chance(20) ? { loop: dice.pick<Json>([[1, 2], ['x'], [], '{{ [rank, 3] }}']) } : {};
  const text = 'loop' in loop ? `${name} {{ item }}` : name;
  return { name, debug: { msg: `${text} {{ inventory_hostname }}` }, ...loop, ...verdict(dice), ...keywords(dice, 30) };
};

/** changed_when, failed_when and what hangs on the result. */
const verdict = (dice: Dice): Task => ({
  ...(dice.chance(35) && { changed_when: dice.pick<Json>([true, true, 'rank == 1']), notify: notified(dice) }),
  ...(dice.chance(10) && { failed_when: dice.pick<Json>([false, 'rank == 2', true]) }),
  ...(dice.chance(15) && { register: 'out' }),
});

const notified = (dice: Dice): Json => dice.pick<Json>(['first', 'second', ['third', 'first'], 'topic']);

const keywords = (dice: Dice, conditional: number): Task => ({
  ...(dice.chance(conditional) && { when: dice.pick(conditions) }),
  ...(dice.chance(10) && { ignore_errors: true }),
  ...(dice.chance(8) && { run_once: true }),
  ...(dice.chance(4) && { any_errors_fatal: true }),
  ...(dice.chance(15) && { tags: dice.pick<Json>(['a', 'b', ['a', 'b'], 'always', 'never']) }),
  ...(dice.chance(6) && { vars: { flag: 'task' } }),
});

const makeBlock = (draft: Draft, limit: number, level: number): Task => {
  const { dice } = draft;
  const inside = (): Task[] => makeTasks(draft, dice.number(1, 3), limit, level + 1);
  return {
    ...(dice.chance(20) && { when: dice.pick(conditions) }),
    ...(dice.chance(10) && { tags: dice.pick(['a', 'b', 'always']) }),
    ...(dice.chance(6) && { ignore_errors: true }),
    ...(dice.chance(10) && { vars: { flag: 'block' } }),
    block: inside(),
    ...(dice.chance(60) && { rescue: inside() }),
    ...(dice.chance(40) && { always: inside() }),
  };
};

const makeInclude = (draft: Draft, limit: number): Task => {
  const { dice } = draft;
  const name = `include ${++draft.count}`;
  const more = {
    ...(dice.chance(30) && { when: dice.pick(conditions) }),
    ...(dice.chance(20) && { vars: { flag: 'include' } }),
    ...(dice.chance(15) && { tags: dice.pick(['a', 'b', 'always']) }),
  };
  if (dice.chance(25))
    return { name, [dice.pick(['include_role', 'import_role'])]: { name: makeRole(draft) }, ...more };
  const file = `tasks/file${draft.count}.yml`;
  draft.files[file] = inner(draft, limit);
  if (dice.chance(40)) return { name, import_tasks: file, ...more };
  return { name, include_tasks: file, ...(dice.chance(20) && { loop: ['p', 'q'] }), ...more };
};

const inner = (draft: Draft, limit: number): Json => {
  draft.depth++;
  const tasks = makeTasks(draft, draft.dice.number(1, 3), limit, 1);
  draft.depth--;
  return tasks;
};

const makeRole = (draft: Draft): string => {
  const name = `role${++draft.count}`;
  draft.files[`roles/${name}/tasks/main.yml`] = inner(draft, draft.count + 3);
  if (draft.dice.chance(50)) draft.files[`roles/${name}/defaults/main.yml`] = { flag: 'default' };
  if (draft.dice.chance(40)) {
    draft.files[`roles/${name}/handlers/main.yml`] = [
      { name: `${name} handler`, debug: { msg: name }, listen: 'topic' },
    ];
  }
  return name;
};

const makeHandler = ({ dice }: Draft, name: string): Task => ({
  name,
  ...(dice.chance(12) ? { fail: { msg: name } } : { debug: { msg: `${name} {{ rank }}` } }),
  ...(dice.chance(20) && { when: dice.pick(conditions.slice(0, 4)) }),
  ...(dice.chance(20) && { changed_when: true, notify: name === 'first' ? 'third' : 'first' }),
  ...((name === 'third' || dice.chance(30)) && { listen: 'topic' }),
});
