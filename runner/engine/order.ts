import { SourceError } from '../errors/index.ts';
import type { PlayNode } from '../playbook/tree.ts';
import { compareText } from '../values/index.ts';

const orders: Readonly<Record<string, (hosts: string[]) => string[]>> = {
  inventory: (hosts) => hosts,
  sorted: (hosts) => hosts.sort(compareText),
  reverse_sorted: (hosts) => hosts.sort(compareText).reverse(),
  reverse_inventory: (hosts) => hosts.reverse(),
  shuffle: (hosts) => {
    for (let index = hosts.length - 1; index > 0; index--) {
      const other = Math.floor(Math.random() * (index + 1));
      [hosts[index], hosts[other]] = [hosts[other]!, hosts[index]!];
    }
    return hosts;
  },
};

/** A play's hosts in the order that its `order` keyword asks for. */
export const orderHosts = (hosts: readonly string[], order: string | undefined, node: PlayNode): readonly string[] => {
  if (order === undefined || order === 'None' || order === '') return hosts;
  const arrange = orders[order];
  if (!arrange) {
    throw new SourceError({
      message: `Invalid 'order' specified for inventory hosts: ${order}`,
      origin: node.places.get('order') ?? node.origin,
      expected: `one of ${Object.keys(orders).join(', ')}`,
    });
  }
  return arrange([...hosts]);
};
