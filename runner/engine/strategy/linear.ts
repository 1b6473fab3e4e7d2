import type { Batch } from '../batch.ts';
import { type HostState, isActive } from '../host-state.ts';
import { comparePositions } from '../program-counter.ts';
import { runStep } from '../step.ts';

/** All hosts do a task before any does the next: those whose next task comes first in the play are worked on. */
export const runLinear = async (batch: Batch): Promise<void> => {
  const states = [...batch.play.states.values()];
  const { gate, stopping } = batch.run.context;
  for (;;) {
    await gate?.passed();
    if (stopping.aborted) return;
    const active = states.filter(isActive);
    if (active.length === 0) return;
    const first = active.reduce((earliest, host) =>
      comparePositions(host.counter.position(), earliest.counter.position()) < 0 ? host : earliest,
    );
    const task = first.counter.peek()!;
    const hosts = active.filter((host) => host.counter.peek() === task);
    await runStep(batch, task, hosts);
    stopOnErrors(batch, states);
  }
};

/** Ends the play for all when more hosts have failed than `max_fail_percentage` allows. */
const stopOnErrors = (batch: Batch, states: readonly HostState[]): void => {
  if (batch.maxFailPercentage === undefined) return;
  const failed = states.filter(({ isDoneFailed }) => isDoneFailed).length;
  if ((failed / states.length) * 100 <= batch.maxFailPercentage) return;
  batch.isBroken = true;
  for (const host of states) {
    if (host.isUnreachable) continue;
    host.hasFailed = true;
    host.hasEndedFailed = true;
    host.hasEnded = true;
    batch.run.lost.failed.add(host.name);
  }
};
