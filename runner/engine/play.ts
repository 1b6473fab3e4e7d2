import { dirname } from 'node:path';
import { MusterError } from '../errors/index.ts';
import { type PlayNode, playVars } from '../playbook/index.ts';
import { type Dict, isOmitted, toText, type Value } from '../values/index.ts';
import type { LayeredScope } from '../variables/index.ts';
import { runBatch } from './batch.ts';
import { batchesOf } from './batches.ts';
import { orderHosts } from './order.ts';
import { PlayRun } from './play-run.ts';
import { askVariables } from './prompts.ts';
import { warnOfReservedNames } from './reserved-names.ts';
import { recordedOrder } from './restore/recorded-order.ts';
import { rolesOf, rootBlock } from './root-block.ts';
import type { Run } from './run.ts';
import { varsFilesFor } from './vars-files.ts';

/** Runs one play, batch by batch. */
export const runPlay = async (run: Run, node: PlayNode): Promise<void> => {
  const { context } = run;
  const number = ++run.plays;
  const directory = dirname(node.file);
  const own = playVars(node);
  const vars: Dict = new Map([
    ...own,
    ...(await askVariables(context, node, number, run.scopes.ofPlay(directory, own))),
  ]);
  const scope = run.scopes.ofPlay(directory, vars);
  const pattern = context.templar.render(node.hosts, scope);
  warnOfReservedNames(context, scope);
  const name = playName(run, node, pattern, scope);
  const selected = context.catalog.select(pattern);
  const hosts = recordedOrder(context, number, name, orderHosts(selected, playText(run, node, 'order', scope), node));
  if (hosts.length === 0) {
    context.bus.emit({ type: 'play_skipped', play: number, name });
    return;
  }
  const play = new PlayRun({
    node,
    number,
    name,
    vars,
    hosts: selected,
    roles: rolesOf(node),
    varsFiles: (host) => varsFilesFor(run, play, host),
  });
  const serial = node.keywords.get('serial');
  const root = rootBlock(run, node, scope);
  const written = serial === undefined ? undefined : context.templar.render(serial, scope);
  const sizes = written === undefined || isOmitted(written) ? undefined : written;
  for (const batch of batchesOf(hosts, sizes, node.places.get('serial'))) {
    play.openBatch(batch);
    const lostBefore = lostCount(run);
    const isBroken = await runBatch(run, play, root);
    if (isBroken || lostCount(run) - lostBefore === batch.length) {
      run.isOver = true;
      run.isBroken = isBroken;
      return;
    }
    if (play.isOver || context.stopping.aborted) return;
    for (const host of batch) if (play.isLost(host)) play.removed.add(host);
  }
};

const lostCount = ({ lost }: Run): number => lost.failed.size + lost.unreachable.size;

/** The play's name; without one, what its hosts are. */
const playName = (run: Run, node: PlayNode, pattern: Value, scope: LayeredScope): string => {
  if (node.name === undefined || node.name === null || node.name === '') return patternText(pattern);
  try {
    return toText(run.context.templar.render(node.name, scope, { failOnUndefined: false }));
  } catch (error) {
    if (error instanceof MusterError) return toText(node.name);
    throw error;
  }
};

const patternText = (pattern: Value): string =>
  Array.isArray(pattern) ? pattern.map(toText).join(',') : toText(pattern);

const playText = (run: Run, node: PlayNode, keyword: string, scope: LayeredScope): string | undefined => {
  const value = node.keywords.get(keyword);
  return value === undefined || value === null ? undefined : toText(run.context.templar.render(value, scope));
};
