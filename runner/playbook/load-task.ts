import { dirname } from 'node:path';
import type { Origin } from '../errors/index.ts';
import { didYouMean } from '../errors/index.ts';
import { type Dict, toText, type Value } from '../values/index.ts';
import { isVariableName, kindOf, misfit } from './check-value.ts';
import { importRole } from './import-role.ts';
import { importTasks } from './import-tasks.ts';
import { readIncludeArguments } from './include-arguments.ts';
import { includeKeywords, keywordsOf, loopControlKeywords } from './keywords.ts';
import { shortAction } from './loader-actions.ts';
import { placeOf } from './loading.ts';
import { type ReadKeywords, readKeywords } from './read-keywords.ts';
import { reportUnresolved, resolveAction } from './resolve-action.ts';
import { around, collectionsAt, type LoadScope } from './scope.ts';
import { readActionStatement, readArguments, type TaskArguments } from './task-arguments.ts';
import { isTemplate } from './templates.ts';
import type { BlockNode, Loop, TaskNode } from './tree.ts';
import { keyOriginOf, originOf } from './yaml/index.ts';

/** A task; for a static import the block that it becomes. Undefined when it has mistakes, which are reported. */
export const loadTask = (map: Dict, scope: LoadScope): TaskNode | BlockNode | undefined => {
  const { loading, isHandler } = scope;
  const origin = placeOf(map, scope.file);
  const found = findAction(map, scope, origin);
  const skips = (key: string): boolean => key === found?.key || isLoop(key, scope) || legacy.has(key);
  const read = readKeywords(
    loading,
    map,
    isHandler ? 'handler' : 'task',
    scope.file,
    (key) => skips(key) || (found === undefined && !isKeyword(key, isHandler)),
  );
  const loop = readLoop(map, scope, origin);
  checkDetails(map, scope, read);
  if (found === undefined) return undefined;
  if (map.has('local_action')) read.keywords.set('delegate_to', 'localhost');
  const task: TaskNode = {
    kind: 'task',
    parent: scope.parent as BlockNode,
    origin,
    ...read,
    action: found.action,
    module: found.module,
    actionTemplate: found.template,
    ...found.arguments,
    loop,
    isHandler,
    isImplicit: false,
    role: scope.role,
    file: scope.file,
  };
  return finish(task, scope);
};

/** Names that were keywords once and that are passed over where they do no harm. */
const legacy = new Set(['async_val', 'loop_with']);

const isKeyword = (key: string, isHandler: boolean): boolean => keywordsOf(isHandler ? 'handler' : 'task').has(key);

const isLoop = (key: string, { loading }: LoadScope): boolean =>
  key.startsWith('with_') && loading.context.hasLookup(key.slice('with_'.length));

interface Found {
  /** The key of the task that names the action. */
  readonly key: string;
  readonly action: string;
  readonly module: string;
  readonly template: TaskNode['actionTemplate'];
  readonly arguments: TaskArguments;
}

/** Which of a task's keys is its action. */
const findAction = (map: Dict, scope: LoadScope, origin: Origin): Found | undefined => {
  const { loading, isHandler } = scope;
  const search = {
    loading,
    collections: scope.collections,
    searched: collectionsAt(scope, map.get('collections')),
    folders: libraryFolders(scope),
  };
  const keys = [...map.keys()].filter((key) => typeof key === 'string');
  const statements = keys.filter((key) => key === 'action' || key === 'local_action');
  const unknown = keys.filter((key) => !isKeyword(key, isHandler) && !key.startsWith('with_') && !legacy.has(key));
  const modules = unknown.map((key) => ({ key, resolved: resolveAction(key, search) }));
  const known = modules.filter(({ resolved }) => resolved?.kind === 'module');
  const actions = [...statements, ...known.map(({ key }) => key)];
  if (actions.length > 1) {
    loading.report({
      message: `the task has several actions: ${actions.map((name) => `'${name}'`).join(' and ')}`,
      origin: keyOriginOf(map, actions[1]!) ?? origin,
      expected: 'one action in each task',
      hint: 'make two tasks of it; the second begins with a dash of its own',
    });
    return undefined;
  }
  const further = map.get('args');
  const guard = <T>(key: string, work: (place: Origin) => T): T | undefined => {
    const place = originOf(map, key) ?? origin;
    try {
      return work(place);
    } catch (error) {
      loading.reportError(error, place);
      return undefined;
    }
  };
  const [key] = actions;
  if (key === undefined) {
    reportNoAction(map, modules, scope, origin);
    return undefined;
  }
  if (key === 'action' || key === 'local_action') {
    const said = guard(key, (place) => readActionStatement(map.get(key)!, further, place));
    if (said === undefined) return undefined;
    const resolved = said.template ? undefined : resolveAction(said.action, search);
    // What is named this way is looked for when the task runs, so that it need not exist when it never does.
    const module = resolved?.kind === 'module' ? resolved.module : said.action;
    return { key, action: said.action, module, template: said.template, arguments: said.arguments };
  }
  const { resolved } = known[0]!;
  const args = guard(key, (place) => readArguments(key, map.get(key)!, further, place));
  if (args === undefined || resolved?.kind !== 'module') return undefined;
  return { key, action: key, module: resolved.module, template: undefined, arguments: args };
};

/** Folders of the playbook and of the roles around, where users' own modules may stand. */
const libraryFolders = ({ loading, role, play }: LoadScope): string[] => [
  loading.baseDir,
  dirname(play.file),
  ...[role, ...(role?.dependents ?? []), ...play.roles.map((block) => block.role)].flatMap((each) =>
    each ? [each.path] : [],
  ),
];

const reportNoAction = (
  map: Dict,
  candidates: readonly { key: string; resolved: ReturnType<typeof resolveAction> }[],
  scope: LoadScope,
  origin: Origin,
): void => {
  const { loading, isHandler } = scope;
  // What exists somewhere, but is nothing muster can run, is surely meant as the action.
  const best =
    candidates.find(({ resolved }) => resolved !== undefined) ??
    candidates.find(looksLikeModule(isHandler)) ??
    candidates[0];
  if (best !== undefined) {
    reportUnresolved(loading, best.key, best.resolved, keyOriginOf(map, best.key) ?? origin, isHandler);
    return;
  }
  loading.report({
    message: 'the task has no action',
    origin,
    expected: "a module's name with its arguments",
    hint: map.has('hosts')
      ? 'this looks like a play, which can stand in a playbook only, not in a list of tasks'
      : undefined,
  });
};

/** Rather a module than a keyword with a slip in it. */
const looksLikeModule =
  (isHandler: boolean) =>
  ({ key }: { key: string }): boolean =>
    key.includes('.') || didYouMean(key, keywordsOf(isHandler ? 'handler' : 'task')) === undefined;

/** `loop`, or `with_<lookup>`. */
const readLoop = (map: Dict, scope: LoadScope, origin: Origin): Loop | undefined => {
  const { loading } = scope;
  const keys = [...map.keys()].filter(
    (key): key is string => typeof key === 'string' && (key === 'loop' || key.startsWith('with_')),
  );
  const loops: Loop[] = [];
  for (const key of keys) {
    const value = map.get(key)!;
    const place = keyOriginOf(map, key) ?? origin;
    if (key !== 'loop' && !isLoop(key, scope)) continue;
    if (key !== 'loop' && value === null) {
      loading.report({ message: `'${key}' has no value`, origin: place, expected: 'what to loop over' });
    } else if (value !== null) loops.push({ lookup: key === 'loop' ? undefined : key.slice('with_'.length), value });
  }
  if (loops.length > 1) {
    loading.report({
      message: `the task has several loops: ${keys.map((key) => `'${key}'`).join(' and ')}`,
      origin: keyOriginOf(map, keys[1]!) ?? origin,
      expected: 'one loop in each task',
    });
  }
  return loops[0];
};

/** What keywords hold inside. */
const checkDetails = (map: Dict, { loading }: LoadScope, read: ReadKeywords): void => {
  const control = map.get('loop_control');
  if (control instanceof Map) {
    for (const [key, value] of control) {
      const name = toText(key);
      const known = Object.hasOwn(loopControlKeywords, name) ? loopControlKeywords[name] : undefined;
      const origin = originOf(control, key) ?? read.places.get('loop_control');
      if (known === undefined) {
        loading.report({
          message: `'${name}' is not a setting of loop_control`,
          origin: keyOriginOf(control, key) ?? origin,
          hint: didYouMean(name, Object.keys(loopControlKeywords)),
        });
        continue;
      }
      const expected = misfit(known.type, value);
      if (expected) loading.report({ message: `'${name}' is ${kindOf(value)}`, origin, expected });
    }
  }
  const register = map.get('register');
  if (typeof register === 'string' && !isVariableName(register)) {
    loading.report({
      message: `'${register}' cannot be the name of a variable`,
      origin: read.places.get('register'),
      expected: 'letters, digits and underscores, no digit first, and no word of Python',
    });
  }
};

/** Brings includes and imports into their form, and static imports to what they import. */
const finish = (task: TaskNode, scope: LoadScope): TaskNode | BlockNode | undefined => {
  const action = task.actionTemplate ? '' : shortAction(task.action);
  switch (action) {
    case 'include_role':
      if (scope.isHandler) return rejectAsHandler(task, scope);
      checkIncludeKeywords(task, scope);
      return withArguments(task, scope);
    case 'include_tasks':
      checkIncludeKeywords(task, scope);
      return withArguments(task, scope);
    case 'import_tasks':
    case 'import_role': {
      const prepared = withArguments(task, scope);
      if (prepared === undefined) return undefined;
      return action === 'import_tasks' ? importTasks(prepared, scope) : importRole(prepared, scope);
    }
    case 'include':
      return oldInclude(task, scope);
    default:
      return task;
  }
};

const rejectAsHandler = (task: TaskNode, { loading }: LoadScope): undefined => {
  loading.report({
    message: `${task.action} cannot be a handler`,
    origin: task.origin,
    hint: 'put the tasks into a file of their own and include that with include_tasks',
  });
  return undefined;
};

const withArguments = (task: TaskNode, scope: LoadScope): TaskNode | undefined => {
  const args = readIncludeArguments(task, scope);
  return args && { ...task, args, freeForm: undefined };
};

const checkIncludeKeywords = (task: TaskNode, { loading, isHandler }: LoadScope): void => {
  for (const [key, origin] of task.places) {
    if (!isKeyword(key, isHandler) || includeKeywords.has(key) || (isHandler && key === 'listen')) continue;
    loading.report({
      message: `'${key}' has no effect on ${task.action}`,
      origin,
      hint: `for what is included, write it below 'apply' in the arguments of ${task.action}, or put a block around it`,
    });
  }
};

/** `include`, which is static or dynamic as the case may be, and whose further arguments are variables. */
const oldInclude = (task: TaskNode, scope: LoadScope): TaskNode | BlockNode | undefined => {
  scope.loading.context.warn("'include' is deprecated; use include_tasks or import_tasks", task.origin);
  const vars: Dict = new Map(task.vars);
  for (const [key, value] of task.args) if (key !== 'file' && key !== 'apply') vars.set(key, value);
  const kept = new Map([...task.args].filter(([key]) => key === 'file' || key === 'apply'));
  const prepared = withArguments({ ...task, vars, args: kept }, scope);
  if (prepared === undefined) return undefined;
  const isDynamic =
    isTemplate(prepared.args.get('file')) ||
    prepared.loop !== undefined ||
    [...around(scope.parent)].some(({ kind }) => kind === 'task');
  if (!isDynamic) return importTasks(prepared, scope);
  return { ...prepared, module: 'ansible.builtin.include_tasks' };
};

/** The value of an argument, for those who need it. */
export const argumentOf = (task: TaskNode, name: string): Value | undefined => task.args.get(name);
