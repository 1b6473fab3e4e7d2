import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { here } from './cases.ts';

/** Ansible's answers as they were recorded: a playbook's transcript, with the hash of what it was made from. */
export type Recorded = Record<string, { readonly hash: string; readonly text: string }>;

/** live: ask Ansible and hold what is recorded to it. recorded: only look it up. record: ask Ansible and write it down. */
export type Mode = 'live' | 'recorded' | 'record';

export const oracleMode = (): Mode => {
  const wanted = process.env.MUSTER_ORACLE;
  if (wanted === 'live' || wanted === 'recorded' || wanted === 'record') return wanted;
  if (wanted !== undefined && wanted !== '')
    throw new Error(`MUSTER_ORACLE is live, recorded or record, not '${wanted}'`);
  return 'recorded';
};

const fileOf = (name: string): string => join(here, 'answers', `${name}.json`);

export const readAnswers = (name: string): Recorded => {
  try {
    return JSON.parse(readFileSync(fileOf(name), 'utf8')) as Recorded;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
};

export const writeAnswers = (name: string, answers: Recorded): void => {
  mkdirSync(join(here, 'answers'), { recursive: true });
  writeFileSync(fileOf(name), `${JSON.stringify(answers, undefined, 1)}\n`);
};
