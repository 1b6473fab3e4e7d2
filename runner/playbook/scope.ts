import type { Origin } from '../errors/index.ts';
import type { Dict, Value } from '../values/index.ts';
import type { Collections } from './collections.ts';
import type { Loading } from './loading.ts';
import type { ReadKeywords } from './read-keywords.ts';
import type { BlockNode, PlayNode, RoleNode, TaskNode } from './tree.ts';
import { knownVarsFiles } from './vars-files.ts';

/** Where tasks are being loaded: everything that what they mean hangs on besides their own text. */
export interface LoadScope {
  readonly loading: Loading;
  readonly collections: Collections;
  readonly play: PlayNode;
  readonly parent: PlayNode | BlockNode | TaskNode;
  readonly role: RoleNode | undefined;
  /** The file that is being read. */
  readonly file: string;
  readonly isHandler: boolean;
  /** Files of the includes and imports around, the innermost first. */
  readonly includedFrom: readonly string[];
}

/** A tree's node while it is being made. */
export type Building<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer Item)[] ? Item[] : T[K] };

/** A block without tasks in it yet. */
export const makeBlock = (
  scope: LoadScope,
  read: ReadKeywords,
  origin: Origin,
  rest: Partial<Pick<BlockNode, 'isImplicit' | 'role' | 'imported' | 'file'>> = {},
): Building<BlockNode> => ({
  kind: 'block',
  parent: scope.parent,
  origin,
  ...read,
  isImplicit: false,
  block: [],
  rescue: [],
  always: [],
  role: undefined,
  imported: undefined,
  file: scope.file,
  ...rest,
});

/** What a block has that nobody wrote. */
export const noKeywords = (): ReadKeywords => ({
  name: undefined,
  vars: new Map(),
  keywords: new Map(),
  places: new Map(),
});

/** The nodes around something, from the innermost to the play. */
export function* around(node: PlayNode | BlockNode | TaskNode): Iterable<PlayNode | BlockNode | TaskNode> {
  for (let next: PlayNode | BlockNode | TaskNode | undefined = node; next; next = next.parent) yield next;
}

/** The `collections` that hold at a place: the nearest written ones; those of its role inside of a role. */
export const collectionsAt = (scope: LoadScope, own: Value | undefined): readonly string[] => {
  if (own !== undefined) return names(own);
  for (const node of around(scope.parent)) {
    const value = node.keywords.get('collections');
    if (value !== undefined) return names(value);
    if (node.kind === 'block' && node.role !== undefined) return node.role.collections;
    if (node.kind === 'task' && scope.role !== undefined) return scope.role.collections;
  }
  return [];
};

const names = (value: Value): string[] =>
  (Array.isArray(value) ? value : [value]).filter((item) => typeof item === 'string');

/** The variables that are known before the run, for names of what is imported: the nearest last. */
export const staticVars = (scope: LoadScope, own: Dict = new Map()): Dict => {
  const { play, role, loading } = scope;
  const layers: Dict[] = [];
  for (const each of role ? [...role.dependents, role] : []) layers.push(each.defaults);
  for (const block of play.roles) if (block.role) layers.push(block.role.defaults);
  layers.push(play.vars, ...play.imports.toReversed().map(({ vars }) => vars));
  for (const block of play.roles) if (block.role) layers.push(block.role.vars);
  layers.push(...knownVarsFiles(loading, play));
  for (const each of role ? [...role.dependents, role] : []) layers.push(each.vars);
  layers.push(
    ...[...around(scope.parent)]
      .filter(({ kind }) => kind !== 'play')
      .toReversed()
      .map(({ vars }) => vars),
  );
  layers.push(own);
  for (const each of role ? [...role.dependents, role] : []) layers.push(each.params);
  const all: Dict = new Map();
  for (const layer of layers) for (const [key, value] of layer) all.set(key, value);
  return all;
};
