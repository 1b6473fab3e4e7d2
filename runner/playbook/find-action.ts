import { dirname } from 'node:path';
import { didYouMean, type Origin } from '../errors/index.ts';
import type { Dict } from '../values/index.ts';
import { isLegacyKeyword, isTaskKeyword, keywordsOf } from './keywords.ts';
import { reportUnresolved, resolveAction } from './resolve-action.ts';
import { collectionsAt, type LoadScope } from './scope.ts';
import { readActionStatement, readArguments, type TaskArguments } from './task-arguments.ts';
import type { TaskNode } from './tree.ts';
import { keyOriginOf, originOf } from './yaml/index.ts';

/** The action of a task. */
export interface FoundAction {
  /** The key of the task that names the action. */
  readonly key: string;
  readonly action: string;
  readonly module: string;
  readonly template: TaskNode['actionTemplate'];
  readonly arguments: TaskArguments;
}

/** Which of a task's keys is its action. */
export const findAction = (map: Dict, scope: LoadScope, origin: Origin): FoundAction | undefined => {
  const { loading, isHandler } = scope;
  if (map.has('hosts')) {
    loading.report({
      message: 'a play stands in a list of tasks',
      origin,
      expected: 'tasks',
      hint: 'plays stand in playbooks only; use import_playbook there',
    });
    return undefined;
  }
  const search = {
    loading,
    collections: scope.collections,
    searched: collectionsAt(scope, map.get('collections')),
    folders: () => libraryFolders(scope),
  };
  const keys = [...map.keys()].filter((key) => typeof key === 'string');
  const statements = keys.filter((key) => key === 'action' || key === 'local_action');
  const unknown = keys.filter(
    (key) => !isTaskKeyword(key, isHandler) && !key.startsWith('with_') && !isLegacyKeyword(key),
  );
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
  });
};

/** Rather a module than a keyword with a slip in it. */
const looksLikeModule =
  (isHandler: boolean) =>
  ({ key }: { key: string }): boolean =>
    key.includes('.') || didYouMean(key, keywordsOf(isHandler ? 'handler' : 'task')) === undefined;
