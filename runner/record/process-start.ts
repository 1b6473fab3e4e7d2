import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Manifest } from './manifest.ts';

/** When a process began, as the kernel counts it: numbers of processes come again, the two together do not. */
export const processStart = (id: number): string | undefined => {
  try {
    const stat = readFileSync(`/proc/${id}/stat`, 'utf8');
    // The name in parentheses may hold blanks and parentheses itself.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
};

/** Whether the process that writes a record still runs; what runs on other machines is believed to. */
export const isAlive = ({ machine, process: { id, startedAt } }: Manifest): boolean => {
  if (machine !== hostname()) return true;
  try {
    process.kill(id, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return startedAt === undefined || processStart(id) === startedAt;
};
