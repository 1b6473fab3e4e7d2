import type { Filter, Test } from '../define.ts';
import { isMutating } from '../python/index.ts';
import type { BlockBody, Level } from '../runtime/index.ts';
import { Attribute, CallBlock, type Node, nodes, someChild, With } from '../syntax/index.ts';
import type { Evaluate } from './evaluate.ts';

/** The filters and tests that a template may use. */
export interface Registry {
  filter(name: string): Filter | undefined;
  test(name: string): Test | undefined;
  filterNames(): Iterable<string>;
  testNames(): Iterable<string>;
}

/** What is known of the whole template while it is compiled. */
export interface Unit {
  readonly registry: Registry;
  /** All names that the template sets anywhere; every other one can only come from outside. */
  readonly stores: ReadonlySet<string>;
  /** Whether the template calls methods that change lists or dicts, and so has to work on copies of variables. */
  readonly mutates: boolean;
  readonly hasExtends: boolean;
  readonly blocks: Map<string, BlockBody>;
  /** The names of the variables that it reads. */
  readonly reads: Set<string>;
}

/** What the compilation of a part of a template needs to know. */
export interface Part {
  readonly unit: Unit;
  readonly level: Level;
  /** Inside of a lookup's arguments: text literals with `{{ }}` in them are rendered. */
  readonly rendersText?: boolean;
}

export type { Evaluate };

const special = ['loop', 'caller', 'kwargs', 'varargs', 'self', 'super'];

/** Looks through a template for what has to be known before any of it is compiled. */
export const analyze = (root: Node, registry: Registry): Unit => {
  const stores = new Set(special);
  let mutates = false;
  let hasExtends = false;
  const store = (target: Node): void => {
    if (target instanceof nodes.Symbol) stores.add(target.value);
    else if (target instanceof nodes.Pair) store(target.key);
    else if (target instanceof nodes.NodeList) target.children.forEach(store);
  };
  const visit = (node: Node): void => {
    if (node instanceof nodes.Symbol || node instanceof nodes.Literal) return;
    if (node instanceof nodes.Set) node.targets.forEach(store);
    else if (node instanceof nodes.For) store(node.name);
    else if (node instanceof nodes.Macro) {
      store(node.name);
      store(node.args);
    } else if (node instanceof CallBlock) store(node.args);
    else if (node instanceof With) node.targets.forEach(store);
    else if (node instanceof nodes.Import) store(node.target);
    else if (node instanceof nodes.FromImport) {
      for (const pair of node.names.children) if (pair instanceof nodes.Pair) store(pair.value);
    } else if (node instanceof nodes.Extends) hasExtends = true;
    else if (node.constructor === nodes.FunCall)
      mutates ||= mayMutate((node as InstanceType<typeof nodes.FunCall>).name);
    someChild(node, noteForLater);
  };
  // No recursion, since chains of operators may be longer than the stack is deep.
  const waiting: Node[] = [root];
  const noteForLater = (node: Node): false => {
    waiting.push(node);
    return false;
  };
  for (let node = waiting.pop(); node; node = waiting.pop()) visit(node);
  return { registry, stores, mutates, hasExtends, blocks: new Map(), reads: new Set() };
};

const mayMutate = (callee: Node): boolean => {
  if (callee instanceof Attribute) return isMutating(callee.name);
  if (!(callee instanceof nodes.LookupVal)) return false;
  const { val } = callee;
  return !(val instanceof nodes.Literal) || (typeof val.value === 'string' && isMutating(val.value));
};
