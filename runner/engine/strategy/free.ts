import pLimit from 'p-limit';
import type { Batch } from '../batch.ts';
import { isActive } from '../host-state.ts';
import { runStep } from '../step.ts';

/** Each host goes through the play as fast as it can; `pinned` lets `forks` hosts go through it whole before others begin. */
export const runFree = async (batch: Batch, pinned: boolean): Promise<void> => {
  const limit = pLimit(pinned ? batch.run.context.options.forks : Number.POSITIVE_INFINITY);
  await Promise.all(
    [...batch.play.states.values()].map((host) =>
      limit(async () => {
        const { gate, stopping } = batch.run.context;
        for (;;) {
          await gate?.passed();
          if (!isActive(host) || batch.isBroken || stopping.aborted) return;
          await runStep(batch, host.counter.peek()!, [host]);
        }
      }),
    ),
  );
};
