import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Target } from '../../../connection/index.ts';
import { ModuleFailure } from '../../../errors/index.ts';
import { toText, type Value } from '../../../values/index.ts';
import type { Controller } from '../../define.ts';

/**
 * Where the two sides of a transfer are: the controller and the target over the task's connection, both on the target, or
 * the target (a delegate) and the task's own host, to which rsync connects by itself.
 */
export type Places = 'connection' | 'target' | { readonly address: string };

/** Where the two sides of a task's transfer are. */
export const placesOf = (delegatedTo: string | undefined, target: Target, controller: Controller): Places => {
  if (delegatedTo === undefined) return target.isLocal ? 'target' : 'connection';
  const name = textVariable(controller, 'inventory_hostname');
  const address = textVariable(controller, 'ansible_host') ?? name;
  if (delegatedTo === name || delegatedTo === address) return 'target';
  return { address: address ?? '' };
};

/** A variable as text; undefined for none, and for an empty one. */
export const textVariable = (controller: Controller, name: string): string | undefined => {
  const value: Value | undefined = controller.variable(name);
  return value === undefined || value === null || value === '' ? undefined : toText(value);
};

/** A path on the controller: a relative one is looked for as other modules do; one that is not there lies by the playbook. */
export const localPath = async (path: string, controller: Controller): Promise<string> => {
  const expanded = path.replace(/^~(?=\/|$)/, homedir());
  if (path.includes(':') || isAbsolute(expanded)) return expanded;
  const slash = path.endsWith('/') ? '/' : '';
  const found = await controller.find('files', path.replace(/(?<=.)\/+$/, '')).catch((error: unknown) => {
    if (!(error instanceof ModuleFailure)) throw error;
    return join(textVariable(controller, 'playbook_dir') ?? '.', path).replace(/\/+$/, '');
  });
  return found + slash;
};
