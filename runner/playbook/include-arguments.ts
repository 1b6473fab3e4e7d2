import { didYouMean } from '../errors/index.ts';
import { type Dict, textOf, toText, type Value } from '../values/index.ts';
import { kindOf, misfit } from './check-value.ts';
import { shortAction } from './loader-actions.ts';
import type { LoadScope } from './scope.ts';
import type { TaskNode } from './tree.ts';
import { keyOriginOf, originOf } from './yaml/index.ts';

const roleArguments = [
  ...['name', 'role', 'tasks_from', 'vars_from', 'defaults_from', 'handlers_from'],
  ...['allow_duplicates', 'rolespec_validate'],
];

const known: Readonly<Record<string, readonly string[]>> = {
  include: ['file', 'apply'],
  include_tasks: ['file', 'apply'],
  import_tasks: ['file'],
  include_role: [...roleArguments, 'apply', 'public'],
  import_role: roleArguments,
};

/** The arguments of an include or import, checked: of tasks always with `file`, of a role with `name`. */
export const readIncludeArguments = (task: TaskNode, { loading }: LoadScope): Dict | undefined => {
  const action = shortAction(task.action);
  const names = known[action]!;
  const place = task.places.get(task.action) ?? task.places.get('action') ?? task.origin;
  const args: Dict = new Map(task.args);
  for (const key of args.keys()) {
    const name = toText(key);
    if (names.includes(name)) continue;
    loading.report({
      message: `'${name}' is not an argument of ${task.action}`,
      origin: keyOriginOf(task.args, key) ?? place,
      expected: names.join(', '),
      hint: didYouMean(name, names) ?? (name === 'vars' ? 'vars is a keyword: indent it like the action' : undefined),
    });
  }
  const apply = args.get('apply');
  if (apply !== undefined && !(apply instanceof Map) && apply !== null) {
    loading.report({
      message: `'apply' is ${kindOf(apply)}`,
      origin: originOf(task.args, 'apply') ?? place,
      expected: 'a mapping of keywords',
    });
  }
  const isRole = action.endsWith('_role');
  const target = isRole ? 'name' : 'file';
  const named = isRole ? (args.get('name') ?? args.get('role')) : (emptyAsAbsent(task.freeForm) ?? args.get('file'));
  if (named === undefined || named === null || named === '') {
    loading.report({
      message: `${task.action} does not say what`,
      origin: place,
      expected: isRole ? "the role's name in 'name'" : 'the name of a file',
    });
    return undefined;
  }
  args.delete('role');
  args.set(target, named);
  for (const [key, value] of args) {
    if (typeof key !== 'string' || !(key.endsWith('_from') || key === target)) continue;
    if (misfit('text', value) !== undefined || textOf(value) === undefined) {
      loading.report({
        message: `'${key}' is ${kindOf(value)}`,
        origin: originOf(task.args, key) ?? place,
        expected: 'text',
      });
    }
  }
  return args;
};

const emptyAsAbsent = (value: Value | undefined): Value | undefined =>
  value === undefined || value === null || textOf(value)?.trim() === '' ? undefined : value;
