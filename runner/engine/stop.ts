import { dirname } from 'node:path';
import { playVars } from '../playbook/index.ts';
import type { Batch } from './batch.ts';
import { forcesHandlers } from './root-block.ts';
import { runStep } from './step.ts';

/** The handlers that wait when a run is interrupted, where handlers are forced. */
export const runForcedHandlers = async (batch: Batch): Promise<void> => {
  const { run, play } = batch;
  const scope = run.scopes.ofPlay(dirname(play.node.file), playVars(play.node));
  if (run.context.signal.aborted || !forcesHandlers(run, play.node, scope)) return;
  batch.isClosing = true;
  for (const handler of play.handlers) {
    const hosts = [...play.states.values()].filter((host) => !host.isUnreachable && host.notified.has(handler));
    if (hosts.length === 0 || run.context.signal.aborted) continue;
    for (const host of hosts) {
      host.counter.end();
      host.hasEnded = false;
    }
    await runStep(batch, handler, hosts);
  }
};
