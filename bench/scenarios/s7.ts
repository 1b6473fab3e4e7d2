import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type HelperProcess, startHelper } from '../helper-process.ts';
import { rowOf } from '../marks.ts';
import { countingRoundTrips, floor, playCommand } from '../runners/index.ts';
import { stateOf } from '../state.ts';
import type { Bench, Case, Mark, Scenario } from '../types.ts';
import { applicationItems, applicationScript, writeApplication } from './application.ts';

const latencies = [50, 200];

/** The application of S1 on one host that is `latency` milliseconds away, there and back. */
const distantCase = (bench: Bench, latency: number, proxy: HelperProcess, port: number): Case => {
  const { bed } = bench;
  const playbook = writeApplication(join(bench.directory, 'application'));
  const waits = join(bench.directory, 'waits.json');
  return {
    title: `1 host, ${applicationItems} items, a link of ${latency} ms`,
    unit: 'hosts',
    size: 1,
    rounds: 3,
    items: () => applicationItems,
    command: (runner) => {
      if (runner === 'floor') {
        return floor(bench, 'distant', applicationScript(bed.hosts[0]!.name), { hosts: 1, port });
      }
      const command = playCommand(runner, bench, { playbook, inventory: bed.inventory(1, port), forks: 1 });
      return command && runner === 'muster' ? countingRoundTrips(command, waits) : command;
    },
    prepare: async () => {
      await bed.empty(1);
      // What was counted until now was somebody else's.
      await roundTrips(proxy);
    },
    state: () => stateOf(bed.hosts.slice(0, 1)),
    observe: async (runner) => ({
      'round trips': await roundTrips(proxy),
      ...(runner === 'muster' && { 'waits once connected': await waitsOf(waits) }),
    }),
    marks: (result): Mark[] => {
      const mine = rowOf(result, 'muster');
      if (!mine) return [];
      const trips = mine.observed['round trips']!;
      const most = (trips * latency * 1.1) / 1000;
      return [
        {
          text: `time beside ${trips} round trips`,
          aim: `at most ${most.toFixed(2)} s`,
          reached: `${mine.seconds.toFixed(2)} s`,
          isMet: mine.seconds <= most,
        },
      ];
    },
  };
};

const roundTrips = async (proxy: HelperProcess): Promise<number> => {
  proxy.write('');
  return Number(await proxy.read());
};

/** How many round trips muster itself knows of: a channel costs two, everything else one. */
const waitsOf = async (file: string): Promise<number> => {
  const counts = JSON.parse(await readFile(file, 'utf8')) as Record<string, number>;
  return Object.entries(counts).reduce((sum, [kind, count]) => sum + (kind === 'channel' ? 2 : 1) * count, 0);
};

export const s7: Scenario = {
  id: 'S7',
  title: 'Far away',
  hosts: 1,
  open: async (bench) => {
    const proxies: HelperProcess[] = [];
    const cases: Case[] = [];
    const { hosts, port } = bench.bed;
    for (const latency of latencies) {
      const args = [hosts[0]!.address, String(port), String(latency)];
      const proxy = startHelper(new URL('../delay-proxy.ts', import.meta.url), args);
      proxies.push(proxy);
      cases.push(distantCase(bench, latency, proxy, Number(await proxy.read())));
    }
    return {
      cases,
      close: async () => {
        for (const proxy of proxies) await proxy.close();
      },
    };
  },
};
