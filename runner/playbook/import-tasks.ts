import { type Dict, textOf, type Value } from '../values/index.ts';
import { kindOf } from './check-value.ts';
import { findTasksFile } from './find-tasks-file.ts';
import { loadBlocks } from './load-tasks.ts';
import type { ReadKeywords } from './read-keywords.ts';
import { type LoadScope, makeBlock, staticVars } from './scope.ts';
import type { BlockNode, TaskNode } from './tree.ts';
import { originOf } from './yaml/index.ts';

const deepestImport = 100;

/** `import_tasks`: a block with the file's tasks, to which the keywords of the import are handed down. */
export const importTasks = (task: TaskNode, scope: LoadScope): BlockNode | undefined => {
  const { loading } = scope;
  const place = task.places.get(task.action) ?? task.origin;
  if (rejectsLoop(task, scope)) return undefined;
  const target = loading.render(
    task.args.get('file')!,
    () => staticVars(scope, task.vars),
    `the file of ${task.action}`,
    place,
  );
  if (target === undefined) return undefined;
  const { file, tried } = findTasksFile(target.trim(), scope, 'import');
  if (file === undefined) {
    loading.report({
      message: `cannot find the file '${target}' to import`,
      origin: place,
      hint: searched(tried),
      isMissing: true,
    });
    return undefined;
  }
  if (scope.includedFrom.length > deepestImport) {
    loading.report({ message: `'${file}' imports itself without end`, origin: place });
    return undefined;
  }
  const block = makeBlock(scope, keywordsOfTask(task), task.origin, { isImplicit: true, imported: 'tasks', file });
  block.block = readTasks(file, { ...scope, parent: block, file, includedFrom: [file, ...scope.includedFrom] }, true);
  return block;
};

/** What was searched, in a hint. */
export const searched = (tried: readonly string[]): string => `looked for ${tried.join(', ')}`;

/** Imports happen once, before the run, so they cannot loop. */
export const rejectsLoop = (task: TaskNode, { loading }: LoadScope): boolean => {
  if (task.loop === undefined) return false;
  loading.report({
    message: `${task.action} cannot loop`,
    origin: task.places.get('loop') ?? task.origin,
    hint: `use ${task.action.replace('import', 'include')}`,
  });
  return true;
};

/** The keywords of a task as those of the block that takes its place. */
export const keywordsOfTask = ({ name, vars, keywords, places }: TaskNode): ReadKeywords => ({
  name,
  vars,
  keywords: new Map(keywords),
  places: new Map(places),
});

/** The tasks of a file. A role's may well be empty, as new ones are; whoever imports a file expects some in it. */
export const readTasks = (file: string, scope: LoadScope, expectsSome = false): BlockNode[] => {
  const value = scope.loading.read(file);
  if (value === undefined) return [];
  if (isEmpty(value)) {
    if (expectsSome) scope.loading.context.warn(`${file} has no tasks`, { file, line: 1, column: 1 });
    return [];
  }
  if (!Array.isArray(value)) {
    scope.loading.report({
      message: `the file is ${kindOf(value)}`,
      origin: originOf(value) ?? { file, line: 1, column: 1 },
      expected: 'a list of tasks',
    });
    return [];
  }
  scope.loading.checkSchema('tasks', value, file);
  return loadBlocks(value, scope);
};

const isEmpty = (value: Value): boolean =>
  value === null || textOf(value) === '' || (Array.isArray(value) && value.length === 0) || (value as Dict).size === 0;
