import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { HostCatalog } from '../engine/index.ts';
import { didYouMean, MusterError } from '../errors/index.ts';
import { isFullName } from '../playbook/index.ts';

/** Throws MusterError when a playbook's file is not there. One that is named by its collection is looked for later. */
export const requirePlaybook = (file: string): void => {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats?.isDirectory()) {
    throw new MusterError({ message: `the playbook ${file} is a directory`, expected: 'a YAML file with plays' });
  }
  if (stats || isFullName(file)) return;
  const folder = dirname(file);
  const near = didYouMean(basename(file), playbooksIn(folder));
  throw new MusterError({
    message: `there is no playbook ${file}`,
    hint: near ?? (folder === '.' ? `looked in ${process.cwd()} and its folder playbooks` : undefined),
  });
};

const playbooksIn = (folder: string): string[] => {
  try {
    return readdirSync(join(folder)).filter((name) => /\.(ya?ml|json)$/.test(name));
  } catch {
    return [];
  }
};

/** Throws MusterError when --limit leaves nobody of an inventory that has hosts. */
export const requireHosts = (catalog: HostCatalog, limit: string | undefined): void => {
  const hosts = [...catalog.hosts()];
  if (limit === undefined || hosts.length === 0 || catalog.select('all').length > 0) return;
  throw new MusterError({
    message: `--limit '${limit}' leaves no host of the inventory`,
    expected: 'a pattern of hosts or groups of the inventory',
    hint: didYouMean(limit, [...hosts, ...catalog.groups().keys()]) ?? "'muster inventory --graph' shows them",
  });
};
