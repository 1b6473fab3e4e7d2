import { dirname } from 'node:path';
import { MusterError } from '../errors/index.ts';
import { type Dict, toText, type Value } from '../values/index.ts';
import { Collections } from './collections.ts';
import type { LoadContext } from './context.ts';
import { findTasksFile } from './find-tasks-file.ts';
import { roleUseOf } from './import-role.ts';
import { readTasks, searched } from './import-tasks.ts';
import { fillRole } from './load-role.ts';
import { Loading } from './loading.ts';
import { readKeywords } from './read-keywords.ts';
import { around, type Building, type LoadScope, makeBlock, noKeywords } from './scope.ts';
import type { BlockNode, PlayNode, RoleNode, TaskNode } from './tree.ts';

/** The play that something stands in. */
export const playOf = (node: PlayNode | BlockNode | TaskNode): PlayNode => {
  for (const each of around(node)) if (each.kind === 'play') return each;
  throw new MusterError({ message: 'stands in no play', origin: node.origin });
};

/**
 * The tasks that an `include_tasks` brings in, once its file's name is rendered, as a block below it with the keywords of
 * `apply`. Throws a SourceError.
 */
export const loadIncludedTasks = (include: TaskNode, name: string, context: LoadContext): BlockNode => {
  const scope = scopeOf(include, context);
  const { loading } = scope;
  const block = makeApplied(include, scope);
  const { file, tried } = findTasksFile(name.trim(), scope, 'include');
  if (file === undefined) {
    loading.report({
      message: `cannot find the file '${name}' to include`,
      origin: include.places.get(include.action) ?? include.origin,
      hint: searched(tried),
      isMissing: true,
    });
  } else {
    block.file = file;
    block.block = readTasks(file, { ...scope, parent: block, file, includedFrom: [file, ...scope.includedFrom] });
  }
  loading.finish();
  return block;
};

/** The role that an `include_role` brings in, once its arguments are rendered. Throws a SourceError. */
export const loadIncludedRole = (
  include: TaskNode,
  args: Dict,
  context: LoadContext,
): { readonly block: BlockNode; readonly role: RoleNode } => {
  const scope = scopeOf(include, context);
  const block = makeApplied(include, scope);
  const role = fillRole(block, roleUseOf({ ...include, args }, scope), scope);
  scope.loading.finish();
  return { block, role: role! };
};

const scopeOf = (include: TaskNode, context: LoadContext): LoadScope => {
  const play = playOf(include);
  const loading = new Loading(context, dirname(play.file));
  return {
    loading,
    collections: new Collections(loading, [loading.baseDir]),
    play,
    parent: include,
    role: include.role,
    file: include.file,
    isHandler: include.isHandler,
    includedFrom: filesAround(include),
  };
};

/** The files that includes and imports around a task brought in, up to the role that it stands in. */
const filesAround = (task: TaskNode): string[] => {
  const files: string[] = [];
  for (const node of around(task)) {
    if (node.kind !== 'block') continue;
    if (node.role !== undefined) break;
    const isIncluded = node.imported === 'tasks' || node.parent?.kind === 'task';
    if (isIncluded && files.at(-1) !== node.file) files.push(node.file);
  }
  return files;
};

/** The block for what is included. */
const makeApplied = (include: TaskNode, scope: LoadScope): Building<BlockNode> => {
  const apply = include.args.get('apply');
  if (!(apply instanceof Map)) return makeBlock(scope, noKeywords(), include.origin, { isImplicit: true });
  const read = readKeywords(scope.loading, apply, 'block', include.file);
  return makeBlock(scope, { ...read, name: asText(read.name) }, include.origin, { isImplicit: true });
};

const asText = (name: Value | undefined): Value | undefined =>
  name === null || name === undefined ? undefined : toText(name);
