import { readdirSync, readFileSync } from 'node:fs';
import { identify, type ProcessIdentity } from '../state/index.ts';

/** The variable of the environment by which a process is known as that of a run. */
export const runVariable = 'MUSTER_SCHEDULE_RUN';

/** What the variable holds. */
export const runToken = (file: string, run: number): string => `${run}:${file}`;

/** The process of a run whose owner was gone before it could note it down. */
export const findChild = (token: string): ProcessIdentity | undefined => {
  const wanted = `${runVariable}=${token}`;
  for (const name of readProcesses()) {
    try {
      const environment = readFileSync(`/proc/${name}/environ`, 'utf8').split('\0');
      const parent = readFileSync(`/proc/${name}/stat`, 'utf8');
      // What the process itself has started inherits the variable; the process leads its session.
      const session = parent.slice(parent.lastIndexOf(')') + 2).split(' ')[3];
      if (environment.includes(wanted) && session === name) return identify(Number(name));
    } catch {
      // It is another user's, or has ended.
    }
  }
  return undefined;
};

const readProcesses = (): string[] => {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
};
