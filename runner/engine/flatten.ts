import type { BlockNode, TaskNode } from '../playbook/tree.ts';

/** Every task below these nodes, in order, those of rescue and always sections too. */
export const flattenTasks = (nodes: readonly (BlockNode | TaskNode)[]): TaskNode[] =>
  nodes.flatMap((node) =>
    node.kind === 'task' ? [node] : flattenTasks([...node.block, ...node.rescue, ...node.always]),
  );
