import { type Dict, toText, type Value } from '../values/index.ts';
import { keywordOf } from './keywords.ts';
import { shortAction } from './loader-actions.ts';
import { around } from './scope.ts';
import type { BlockNode, PlayNode, TaskNode } from './tree.ts';

/**
 * What hands keywords down to a node, the innermost first: itself, its blocks, roles and static imports, and the play. A
 * dynamic include hands nothing down to what it brought in, but what is around it does.
 */
export function* bearersOf(node: PlayNode | BlockNode | TaskNode): Iterable<PlayNode | BlockNode | TaskNode> {
  for (const each of around(node)) if (each === node || each.kind !== 'task') yield each;
}

/** A keyword as it holds for a node: the nearest value, or all values, the outermost first, of one that adds up. */
export const inherited = (node: PlayNode | BlockNode | TaskNode, name: string): Value | undefined => {
  const how = keywordOf(name)?.inherits;
  if (how === undefined) return node.keywords.get(name);
  if (how === 'nearest') {
    for (const each of bearersOf(node)) {
      const value = each.keywords.get(name);
      if (value !== undefined) return value;
    }
    return undefined;
  }
  const values: Value[] = [];
  for (const each of bearersOf(node)) {
    const value = each.keywords.get(name);
    if (value === undefined || value === null) continue;
    values.unshift(...(Array.isArray(value) ? value : [value]));
  }
  return values;
};

/** All tags of a node, its own first; also those of the imports of its playbook. They may still be Templates. */
export const tagsOf = (node: PlayNode | BlockNode | TaskNode): Value[] => {
  const tags = new Map<string, Value>();
  const add = (tag: Value): void => {
    tags.set(toText(tag), tag);
  };
  for (const each of bearersOf(node)) {
    for (const tag of (each.keywords.get('tags') ?? []) as Value[]) add(tag);
    if (each.kind === 'play') for (const { tags: more } of each.imports) more.forEach(add);
  }
  return [...tags.values()];
};

/** The variables of a play: those of the import_playbook statements around it are stronger than its own, the outermost most. */
export const playVars = ({ vars, imports }: PlayNode): Dict =>
  new Map([...vars, ...imports.toReversed().flatMap((imported) => [...imported.vars])]);

/**
 * How a task is called when it runs: its name or else its action, with its role in front. An include_role does not show the
 * role that it stands in but the one that it brings in.
 */
export const nameOf = (task: TaskNode): string => {
  const hasName = task.name !== undefined && task.name !== null && task.name !== '';
  const name = hasName ? toText(task.name!) : task.action;
  if (shortAction(task.action) === 'include_role') {
    return hasName ? name : `${name} : ${toText(task.args.get('name') ?? '')}`;
  }
  return task.role ? `${task.role.name} : ${name}` : name;
};

/** How --list-tasks calls a task: one without a name is its action, without the role in front. */
export const listNameOf = (task: TaskNode): string =>
  task.name === undefined || task.name === null || task.name === '' ? task.action : nameOf(task);

/** Every task of a play as it is before the run, in the order in which they run; dynamic includes stand for themselves. */
export function* tasksOf(nodes: Iterable<BlockNode | TaskNode>): Iterable<TaskNode> {
  for (const node of nodes) {
    if (node.kind === 'task') yield node;
    else {
      yield* tasksOf(node.block);
      yield* tasksOf(node.rescue);
      yield* tasksOf(node.always);
    }
  }
}

/** The parts of a play in the order in which they run. */
export const sectionsOf = (play: PlayNode): readonly BlockNode[] => [
  ...play.preTasks,
  ...play.roles,
  ...play.tasks,
  ...play.postTasks,
];
