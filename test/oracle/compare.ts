import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Case } from './cases.ts';
import { here } from './cases.ts';
import type { Said } from './muster.ts';
import { describeTree } from './scratch.ts';
import { transcript } from './transcript.ts';

/** What every run is given, so that nothing of the machine's own comes in. */
export const commonEnvironment: Readonly<Record<string, string>> = {
  ANSIBLE_CONFIG: join(here, 'ansible.cfg'),
  ANSIBLE_HOME: join(tmpdir(), 'muster-oracle-home'),
  ORACLE: 'outside',
  MUSTER_CHECK_MODE_PREDICTS: 'false',
};

export interface Answer {
  readonly text: string;
  readonly log: string;
}

/** Runs a playbook by either program in a scratch directory of its own and tells all that can be compared. */
export const answerOf = async (
  one: Case,
  run: (args: readonly string[], environment: Readonly<Record<string, string>>) => Promise<Said>,
): Promise<Answer> => {
  const work = await realpath(await mkdtemp(join(tmpdir(), 'muster-oracle-')));
  await chmod(work, 0o755);
  try {
    const said = await run(['-i', one.inventory, '-e', `work=${work}`, ...one.options, one.file], one.environment);
    const text = transcript(said.entries, {
      places: { [work]: 'WORK', [dirname(one.file)]: 'HERE' },
      perHost: one.perHost,
      exitCode: said.exitCode,
    });
    const tree = (await describeTree(work)).map((line) => line.replaceAll(work, 'WORK'));
    return { text: `${text}${tree.map((line) => `${line}\n`).join('')}`, log: said.log };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
};
