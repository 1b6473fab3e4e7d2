import { join } from 'node:path';
import type { Bench, Command } from '../types.ts';
import { type Play, playArguments } from './play.ts';

/** A run of muster as users have it: built, with its record. */
export const muster = (bench: Bench, play: Play): Command => ({
  argv: [process.execPath, bench.muster, 'run', ...playArguments(play), '--runs-dir', join(bench.directory, 'runs')],
  env: {
    ANSIBLE_CONFIG: join(bench.directory, 'ansible.cfg'),
    ...(play.strategy && { ANSIBLE_STRATEGY: play.strategy }),
  },
});
