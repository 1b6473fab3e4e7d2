import type { Dict, Value } from '../values/index.ts';
import { kindOf } from './check-value.ts';
import { loadTask } from './load-task.ts';
import { placeOf } from './loading.ts';
import { readKeywords } from './read-keywords.ts';
import { type LoadScope, makeBlock, noKeywords } from './scope.ts';
import type { BlockNode, TaskNode } from './tree.ts';
import { originOf } from './yaml/index.ts';

/** A play's, role's or file's list of tasks and blocks. Tasks in a row that are in no block share an implicit one. */
export const loadBlocks = (list: readonly Value[], scope: LoadScope): BlockNode[] => {
  const blocks: BlockNode[] = [];
  let implicit: ReturnType<typeof makeBlock> | undefined;
  list.forEach((item, index) => {
    // An empty item is passed over.
    if (item === null) {
      implicit = undefined;
      return;
    }
    if (isBlock(item)) {
      implicit = undefined;
      blocks.push(loadBlock(item, scope));
      return;
    }
    if (implicit === undefined) {
      implicit = makeBlock(scope, noKeywords(), originOf(list as Value[], index) ?? placeOf(item, scope.file), {
        isImplicit: true,
      });
      blocks.push(implicit);
    }
    implicit.block.push(...loadItem(item, list, index, { ...scope, parent: implicit }));
  });
  return blocks;
};

/** Whether an entry of a list of tasks is a block. */
const isBlock = (item: Value): item is Dict =>
  item instanceof Map && (item.has('block') || item.has('rescue') || item.has('always'));

const loadItem = (item: Value, list: readonly Value[], index: number, scope: LoadScope): (BlockNode | TaskNode)[] => {
  if (item instanceof Map) {
    const loaded = isBlock(item) ? loadBlock(item, scope) : loadTask(item, scope);
    return loaded === undefined ? [] : [loaded];
  }
  scope.loading.report({
    message: `a task is ${kindOf(item)}`,
    origin: originOf(list as Value[], index) ?? { file: scope.file, line: 1, column: 1 },
    expected: "a mapping with a module's name and its arguments",
  });
  return [];
};

const loadBlock = (map: Dict, scope: LoadScope): BlockNode => {
  const { loading } = scope;
  const origin = placeOf(map, scope.file);
  const isNested = scope.parent.kind === 'block' && !(scope.parent.isImplicit && scope.parent.imported);
  if (scope.isHandler && isNested && !isTopBlock(scope)) {
    loading.report({ message: 'Using a block as a handler is not supported.', origin, expected: 'tasks only' });
  }
  let made: BlockNode | undefined;
  const read = readKeywords(
    loading,
    map,
    'block',
    scope.file,
    () => false,
    () => made,
  );
  const block = makeBlock(scope, read, origin);
  made = block;
  const inner = { ...scope, parent: block };
  for (const section of ['block', 'rescue', 'always'] as const) {
    const value = map.get(section);
    if (Array.isArray(value)) block[section] = value.flatMap((item, index) => loadItem(item, value, index, inner));
    else if (value === null) {
      loading.report({
        message: `'${section}' is empty`,
        origin: originOf(map, section) ?? origin,
        expected: 'a list of tasks',
      });
    }
    if (section !== 'block' && Array.isArray(value) && value.length > 0 && !isFilled(map.get('block'))) {
      loading.report({
        message: `'${section}' stands without 'block'`,
        origin: block.places.get(section) ?? origin,
        expected: `the tasks that '${section}' is for, in 'block'`,
      });
    }
  }
  return block;
};

// Blocks may stand at the top of a list of handlers, where the parent is the play, the role or an import.
const isTopBlock = ({ parent }: LoadScope): boolean =>
  parent.kind !== 'block' || parent.role !== undefined || parent.imported !== undefined;

const isFilled = (value: Value | undefined): boolean => Array.isArray(value) && value.length > 0;
