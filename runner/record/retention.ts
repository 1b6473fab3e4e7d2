import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readManifest } from './manifest.ts';
import { isAlive } from './process-start.ts';
import { runIds } from './read.ts';
import { timeOfRun } from './run-id.ts';

export interface Retention {
  /** How many records stay; 0: all. */
  readonly count: number;
  /** How many days a record stays; 0: for good. */
  readonly days: number;
}

const day = 86_400_000;

/** Removes records that are too many or too old, but of no run that goes on. Returns the names of those removed. */
export const removeOldRuns = async (runs: string, { count, days }: Retention, now = Date.now()): Promise<string[]> => {
  const old = runIds(runs).filter(
    (id, index) => (count > 0 && index >= count) || (days > 0 && now - timeOfRun(id) > days * day),
  );
  const removed: string[] = [];
  for (const id of old) {
    const { manifest } = readManifest(join(runs, id));
    if (manifest?.status === 'running' && isAlive(manifest)) continue;
    await rm(join(runs, id), { recursive: true, force: true });
    removed.push(id);
  }
  return removed;
};
