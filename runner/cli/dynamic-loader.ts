import { readFileSync } from 'node:fs';
import type { DynamicLoader } from '../engine/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import { type LoadContext, loadIncludedRole, loadIncludedTasks, loadYamlFile } from '../playbook/index.ts';
import type { Dict } from '../values/index.ts';
import type { VaultSecrets } from '../vault/index.ts';

/** What tasks read while they run. `noteContent` is told of each file that is brought to hosts, as it lies on the disk. */
export const dynamicLoader = (
  loading: LoadContext,
  vault: VaultSecrets,
  noteContent: (path: string, bytes: Buffer) => void,
): DynamicLoader => ({
  tasks: (file, include) => loadIncludedTasks(include, file, loading),
  role: (include, args) => loadIncludedRole(include, args, loading),
  varsFile: (path) => (loadYamlFile(path, { vault, warn: (message) => loading.warn(message) }) ?? new Map()) as Dict,
  read: async (path, decrypt) => {
    const bytes = readLocal(path);
    noteContent(path, bytes);
    if (!decrypt || bytes.subarray(0, 14).toString('latin1') !== '$ANSIBLE_VAULT') return bytes;
    if (vault.identities.length === 0)
      throw new ModuleFailure(`A vault password or secret must be specified to decrypt ${path}`);
    return vault.decryptFile(bytes, path);
  },
});

const readLocal = (path: string): Buffer => {
  try {
    return readFileSync(path);
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new ModuleFailure(
      isMissing
        ? `Could not find or access '${path}' on the muster controller.`
        : `the file ${path} cannot be read: ${(error as Error).message}`,
    );
  }
};
