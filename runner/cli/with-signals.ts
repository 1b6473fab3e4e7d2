import { exitCodes } from '../engine/index.ts';
import { exit } from './exit.ts';
import type { RunHandle } from './start-run.ts';

/**
 * Waits for a run, which SIGINT (Ctrl-C) and SIGTERM interrupt: the first one gracefully, the second one at once. A third
 * one does not wait for connections to be closed either.
 */
export const withSignals = async (run: RunHandle): Promise<number> => {
  let count = 0;
  const stop = (): void => {
    count++;
    if (count <= 2) run.interrupt();
    else void exit(exitCodes.interrupted);
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    return await run.done;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
};
