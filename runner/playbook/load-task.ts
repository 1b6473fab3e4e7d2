import type { Dict } from '../values/index.ts';
import { isVariableName } from './check-value.ts';
import { findAction } from './find-action.ts';
import { finishTask } from './includes.ts';
import { isLegacyKeyword, isTaskKeyword } from './keywords.ts';
import { placeOf } from './loading.ts';
import { checkLoopControl, isLoop, readLoop } from './loops.ts';
import { type ReadKeywords, readKeywords } from './read-keywords.ts';
import type { LoadScope } from './scope.ts';
import type { BlockNode, TaskNode } from './tree.ts';

/** A task; for a static import the block that it becomes. Undefined when it has mistakes, which are reported. */
export const loadTask = (map: Dict, scope: LoadScope): TaskNode | BlockNode | undefined => {
  const { loading, isHandler } = scope;
  const origin = placeOf(map, scope.file);
  const found = findAction(map, scope, origin);
  let task: TaskNode | undefined;
  const skips = (key: string): boolean => key === found?.key || isLoop(key, scope) || isLegacyKeyword(key);
  const read = readKeywords(
    loading,
    map,
    isHandler ? 'handler' : 'task',
    scope.file,
    (key) => skips(key) || (found === undefined && !isTaskKeyword(key, isHandler)),
    () => task,
  );
  const loop = readLoop(map, scope, origin);
  checkLoopControl(map.get('loop_control'), scope, read.places.get('loop_control'));
  checkRegister(map, scope, read);
  if (found === undefined) return undefined;
  if (map.has('local_action')) read.keywords.set('delegate_to', 'localhost');
  task = {
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
  return finishTask(task, scope);
};

/** The variable for the result must be one that templates can use. */
const checkRegister = (map: Dict, { loading }: LoadScope, read: ReadKeywords): void => {
  const register = map.get('register');
  if ((typeof register === 'string' || typeof register === 'number') && !isVariableName(register)) {
    loading.report({
      message: `Invalid variable name in 'register' specified: '${register}'`,
      origin: read.places.get('register'),
      expected: 'letters, digits and underscores, no digit first, and no word of Python',
    });
  }
};
