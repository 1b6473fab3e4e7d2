// Inventories of every kind, sound and broken, which muster and Ansible read.
import { iniInventories } from './ini.ts';
import { otherInventories } from './other.ts';
import type { Inventories } from './types.ts';
import { yamlInventories } from './yaml.ts';

export const inventories: Inventories = { ...iniInventories, ...yamlInventories, ...otherInventories };
