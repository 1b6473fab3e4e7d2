// Those who take part: what they run, and whether they are there.
import { spawnSync } from 'node:child_process';
import type { Bench, Command, RunnerName } from '../types.ts';
import { ansible, mitogen, mitogenStrategies } from './ansible.ts';
import { muster } from './muster.ts';
import type { Play } from './play.ts';

export { floor, perHost, withoutConnections } from './floor.ts';
export { countingRoundTrips } from './muster.ts';
export type { Play } from './play.ts';

export const runnerNames: readonly RunnerName[] = [
  'muster',
  'mitogen',
  'ansible',
  'floor',
  'scp',
  'rsync',
  'one-by-one',
];

/** What tables call them. */
export const runnerTitles: Readonly<Record<RunnerName, string>> = {
  muster: 'muster',
  mitogen: 'ansible-playbook, mitogen',
  ansible: 'ansible-playbook, pipelining',
  floor: 'floor',
  scp: 'scp',
  rsync: 'rsync',
  'one-by-one': 'scp, a file at a time',
};

/** How many rounds each gets when the command line does not say: the slow ones vary little beside what they take. */
export const usualRounds: Readonly<Record<RunnerName, number>> = {
  muster: 5,
  floor: 5,
  mitogen: 2,
  ansible: 1,
  scp: 3,
  rsync: 3,
  'one-by-one': 1,
};

/** How a runner of playbooks runs one; undefined for the others. */
export const playCommand = (runner: RunnerName, bench: Bench, play: Play): Command | undefined => {
  if (runner === 'muster') return muster(bench, play);
  if (runner === 'ansible') return ansible(bench, play);
  if (runner === 'mitogen') return mitogen(bench, play);
  return undefined;
};

/** What a runner lacks on this machine. */
export const missingFor = (runner: RunnerName): string | undefined => {
  const programs = {
    ansible: 'ansible-playbook',
    mitogen: 'ansible-playbook',
    scp: 'scp',
    rsync: 'rsync',
    floor: 'ssh',
    'one-by-one': 'scp',
  };
  const program = runner === 'muster' ? undefined : programs[runner];
  if (program && spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0) return `${program} is not installed`;
  if (runner === 'mitogen' && !mitogenStrategies()) return 'the package ansible-mitogen is not installed';
  return undefined;
};
