import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where base systems are kept between labs: $MUSTER_LAB_CACHE, or the user's cache folder. */
export const cacheDirectory = (): string =>
  process.env.MUSTER_LAB_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'muster-lab');

/** Where running labs live: $MUSTER_LAB_STATE, or a folder of the system. It must be a place that overlayfs can write to. */
export const stateDirectory = (): string => process.env.MUSTER_LAB_STATE ?? '/var/lib/muster-lab';

export const labDirectory = (name: string): string => join(stateDirectory(), name);
