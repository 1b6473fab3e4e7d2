import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { expandPath } from './convert.ts';

interface Places {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly warn: (message: string) => void;
}

const othersMayWrite = 0o002;

/** The ansible.cfg or muster.cfg that counts: that of the environment, of this directory, of the user, of the system. */
export const findConfigFile = (name: 'ansible.cfg' | 'muster.cfg', { cwd, env, warn }: Places): string | undefined => {
  const named = env[name === 'ansible.cfg' ? 'ANSIBLE_CONFIG' : 'MUSTER_CONFIG'];
  const candidates: string[] = [];
  if (named !== undefined) {
    const path = expandPath(named, { cwd, env });
    candidates.push(isDirectory(path) ? join(path, name) : path);
  }
  const here = join(cwd, name);
  const mode = statSync(cwd, { throwIfNoEntry: false })?.mode ?? 0;
  const isOpen = (mode & othersMayWrite) !== 0;
  if (!isOpen) candidates.push(here);
  candidates.push(
    join(env.HOME || homedir(), `.${name}`),
    `/etc/${name === 'ansible.cfg' ? 'ansible' : 'muster'}/${name}`,
  );

  const found = candidates.find(isReadable);
  if (isOpen && isReadable(here) && (named === undefined || found !== candidates[0])) {
    warn(
      `${here} is ignored, because everybody may write to the directory ${cwd}; chmod o-w it, or name the file in ${name === 'ansible.cfg' ? 'ANSIBLE_CONFIG' : 'MUSTER_CONFIG'}`,
    );
  }
  return found;
};

const isDirectory = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

const isReadable = (path: string): boolean => {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
};
