import { join } from 'node:path';
import { atMostTimes, cpuPerItem, timesFaster } from '../marks.ts';
import { floor, playCommand } from '../runners/index.ts';
import { stateOf } from '../state.ts';
import type { Bench, Case, Scenario } from '../types.ts';
import { applicationItems, applicationScript, writeApplication } from './application.ts';

/** The case of S1, and of S2, where the hosts are as they should be before anybody begins. */
const applicationCase = (bench: Bench, isDone: boolean): Case => {
  const size = Math.max(1, Math.round(10 * bench.scale));
  const { bed } = bench;
  const playbook = writeApplication(join(bench.directory, 'application'));
  const one: Case = {
    title: `${size} hosts, ${applicationItems} items each${isDone ? ', when nothing changes' : ''}`,
    unit: 'hosts',
    size,
    ...(isDone && { smaller: { ansible: 3 } }),
    items: (hosts) => hosts * applicationItems,
    command: (runner, hosts) =>
      runner === 'floor'
        ? floor(bench, 'application', applicationScript(bed.hosts[0]!.name), { hosts })
        : playCommand(runner, bench, { playbook, inventory: bed.inventory(hosts), forks: hosts }),
    state: (hosts) => stateOf(bed.hosts.slice(0, hosts)),
    // What S2 begins with is what the reference run has left.
    ...(!isDone && { prepare: (hosts) => bed.empty(hosts) }),
    marks: (result) => [
      ...atMostTimes(result, 'floor', 2),
      ...timesFaster(result, 'mitogen', 8),
      ...timesFaster(result, 'ansible', 60),
      ...cpuPerItem(result),
    ],
  };
  return one;
};

export const s1: Scenario = {
  id: 'S1',
  title: 'Setting up an application',
  hosts: 10,
  open: async (bench) => ({ cases: [applicationCase(bench, false)] }),
};

export const s2: Scenario = {
  id: 'S2',
  title: 'The same again, when nothing changes',
  hosts: 10,
  open: async (bench) => {
    await bench.bed.empty(10);
    return { cases: [applicationCase(bench, true)] };
  },
};
