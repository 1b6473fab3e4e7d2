import { existsSync } from 'node:fs';
import { join } from 'node:path';

const search = (folder: string, extensions: readonly string[], name: string): string => {
  if (existsSync(name) || /[/,]/.test(name)) return name;
  for (const extension of ['', ...extensions]) {
    const path = join(folder, name + extension);
    if (existsSync(path)) return path;
  }
  return name;
};

/** A playbook by its path, or by a bare name that stands below `playbooks/`. */
export const findPlaybook = (name: string): string => search('playbooks', ['.yml', '.yaml'], name);

/** An inventory by its path, or by a bare name that stands below `inventory/`. */
export const findInventory = (name: string): string => search('inventory', ['.ini', '.yml', '.yaml'], name);
