import { readBoolean } from '../modules/index.ts';
import { type BlockNode, type PlayNode, type RoleNode, sectionsOf, type TaskNode } from '../playbook/index.ts';
import type { Scope } from '../template/types.ts';
import { type Dict, dict, type Value } from '../values/index.ts';
import type { Run } from './run.ts';

/** All that a play does, as one block: facts, pre_tasks, roles, tasks, post_tasks, and the flushes in between. */
export const rootBlock = (run: Run, node: PlayNode, scope: Scope): BlockNode => {
  const force = forcesHandlers(run, node, scope);
  const section = (blocks: readonly BlockNode[]): BlockNode[] => {
    const flush = implicitTask(node, 'ansible.builtin.meta', 'Flush handlers', 'flush_handlers');
    // Forced handlers run even when the section failed.
    return force ? [implicitBlock(node, blocks, [flush])] : [...blocks, implicitBlock(node, [flush])];
  };
  const facts = gathersFacts(run, node, scope) ? [implicitBlock(node, [gatherFacts(run, node, scope)])] : [];
  return implicitBlock(node, [
    ...facts,
    ...section(node.preTasks),
    ...section([...node.roles, ...node.tasks]),
    ...section(node.postTasks),
  ]);
};

/** Whether handlers run although something failed. */
export const forcesHandlers = (run: Run, node: PlayNode, scope: Scope): boolean =>
  keywordTruth(run, node, 'force_handlers', scope) ?? run.context.options.forceHandlers;

const gathersFacts = (run: Run, node: PlayNode, scope: Scope): boolean =>
  keywordTruth(run, node, 'gather_facts', scope) ?? run.context.options.gathering !== 'explicit';

const keywordTruth = (run: Run, node: PlayNode, keyword: string, scope: Scope): boolean | undefined => {
  const value = node.keywords.get(keyword);
  return value === undefined || value === null ? undefined : readBoolean(run.context.templar.render(value, scope));
};

const gatherFacts = (run: Run, node: PlayNode, scope: Scope): TaskNode => {
  const { options, templar } = run.context;
  const own = (keyword: string): Value | undefined => {
    const value = node.keywords.get(keyword);
    return value === undefined ? undefined : templar.render(value, scope);
  };
  const args = dict({
    gather_subset: own('gather_subset') ?? [...options.gatherSubset],
    gather_timeout: own('gather_timeout') ?? options.gatherTimeout,
    fact_path: own('fact_path'),
  });
  return { ...implicitTask(node, 'ansible.builtin.setup', 'Gathering Facts', undefined), action: 'gather_facts', args };
};

const implicitTask = (node: PlayNode, module: string, name: string, freeForm: string | undefined): TaskNode => ({
  kind: 'task',
  origin: node.origin,
  name,
  keywords: new Map<string, Value>([['tags', ['always']]]),
  vars: new Map(),
  places: new Map(),
  parent: emptyBlock(node),
  action: module.split('.').at(-1)!,
  module,
  actionTemplate: undefined,
  args: new Map() as Dict,
  variableArgs: undefined,
  freeForm,
  loop: undefined,
  isHandler: false,
  isImplicit: true,
  role: undefined,
  file: node.file,
});

const emptyBlock = (node: PlayNode): BlockNode => ({
  kind: 'block',
  origin: node.origin,
  name: undefined,
  keywords: new Map(),
  vars: new Map(),
  places: new Map(),
  parent: node,
  isImplicit: true,
  block: [],
  rescue: [],
  always: [],
  role: undefined,
  imported: undefined,
  file: node.file,
});

const implicitBlock = (
  node: PlayNode,
  block: readonly (BlockNode | TaskNode)[],
  always: readonly TaskNode[] = [],
): BlockNode => ({ ...emptyBlock(node), block, always });

/** The roles that the whole play sees: those of `roles:`, and those that are imported anywhere in it. */
export const rolesOf = (node: PlayNode): RoleNode[] => rolesIn(sectionsOf(node));

/** The roles that blocks bring in, at any depth. */
export const rolesIn = (nodes: readonly (BlockNode | TaskNode)[]): RoleNode[] => {
  const roles = new Set<RoleNode>();
  const visit = (blocks: readonly (BlockNode | TaskNode)[]): void => {
    for (const block of blocks) {
      if (block.kind === 'task') continue;
      if (block.role) roles.add(block.role);
      visit([...block.block, ...block.rescue, ...block.always]);
    }
  };
  visit(nodes);
  return [...roles];
};
