import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Problem } from '../../errors/index.ts';
import { isFullName } from '../../playbook/index.ts';
import type { Schedules } from '../types.ts';

/** Files that schedules name and that are not there; a file's origin is the schedule's. */
export const findMissingFiles = ({ schedules, folder }: Schedules): Problem[] => {
  const isThere = (name: string, below: string, endings: readonly string[]): boolean =>
    existsSync(resolve(folder, name)) ||
    (!/[/,]/.test(name) && ['', ...endings].some((ending) => existsSync(join(folder, below, name + ending))));
  return schedules.flatMap((schedule) => {
    const { name, origin, playbooks, inventory, vaultPasswordFiles, requires } = schedule;
    const needed = [...playbooks, ...requires.flatMap((one) => (one.kind === 'playbook' ? [one.playbook] : []))];
    const missing = [
      ...needed
        .filter((file) => !isThere(file, 'playbooks', ['.yml', '.yaml']) && !isFullName(file))
        .map((file) => `playbook ${file}`),
      ...inventory
        .filter((file) => !file.includes(',') && !isThere(file, 'inventory', ['.ini', '.yml', '.yaml']))
        .map((file) => `inventory ${file}`),
      ...vaultPasswordFiles
        .filter((file) => !file.startsWith('~') && !existsSync(resolve(folder, file)))
        .map((file) => `vault password file ${file}`),
    ];
    return missing.map(
      (what): Problem => ({ message: `'${name}': there is no ${what}`, origin, hint: `looked in ${folder}` }),
    );
  });
};
