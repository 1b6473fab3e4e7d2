import { type Dict, dict } from '../values/index.ts';
import { isIpAddress } from './address.ts';
import type { Inventory } from './inventory.ts';
import type { Host } from './model.ts';

/** The variables that a host has by being in the inventory. */
export const hostMagic = (host: Host, inventory: Inventory): Dict =>
  dict({
    ...(!host.isImplicit && { inventory_file: host.file ?? null, inventory_dir: host.directory ?? null }),
    inventory_hostname: host.name,
    inventory_hostname_short: isIpAddress(host.name) ? host.name : host.name.split('.')[0]!,
    group_names: groupNames(host, inventory),
  });

/** The names of a host's groups but `all`, sorted. */
export const groupNames = (host: Host, inventory: Inventory): string[] =>
  [...inventory.groupsOf(host)]
    .map(({ name }) => name)
    .filter((name) => name !== 'all')
    .sort();
