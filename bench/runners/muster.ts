import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bench, Command } from '../types.ts';
import { type Play, playArguments, playEnvironment } from './play.ts';

/** A run of muster as users have it: built, with its record. */
export const muster = (bench: Bench, play: Play): Command => ({
  argv: [process.execPath, bench.muster, 'run', ...playArguments(play), '--runs-dir', join(bench.directory, 'runs')],
  env: {
    ...playEnvironment,
    ANSIBLE_CONFIG: join(bench.directory, 'ansible.cfg'),
    ...(play.strategy && { ANSIBLE_STRATEGY: play.strategy }),
  },
});

/** The same run, which also writes down how often it waited for hosts, by kind, as JSON. */
export const countingRoundTrips = (command: Command, file: string): Command => {
  const [node, ...rest] = command.argv as [string, ...string[]];
  const counter = fileURLToPath(new URL('./count-round-trips.js', import.meta.url));
  return { ...command, argv: [node, '--import', counter, ...rest], env: { ...command.env, BENCH_ROUND_TRIPS: file } };
};
