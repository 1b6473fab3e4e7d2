import { exitCodes } from '../engine/index.ts';
import { openOutputs } from './open-outputs.ts';
import { type RunSettings, startRun } from './start-run.ts';
import { withSignals } from './with-signals.ts';

/** Runs playbooks with the outputs that are asked for. Tells at the end how a run that did not end well can go on. */
export const showRun = async (settings: Omit<RunSettings, 'subscribe'>): Promise<number> => {
  const run = startRun({
    ...settings,
    subscribe: async (bus, config) => {
      for (const reader of await openOutputs(settings.flags, config)) bus.subscribe(reader);
    },
  });
  const exitCode = await withSignals(run);
  if (run.id !== undefined && resumable.has(exitCode)) {
    process.stderr.write(`\nto go on from here: muster resume ${run.id}\n`);
    if (exitCode !== exitCodes.interrupted) {
      process.stderr.write(`to begin again with the hosts that failed: muster retry ${run.id}\n`);
    }
  }
  return exitCode;
};

const resumable = new Set([exitCodes.failedHosts, exitCodes.unreachableHosts, exitCodes.interrupted]);
