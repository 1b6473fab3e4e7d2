import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import {
  compareOutcomes,
  type Difference,
  type Outcomes,
  outcomesOf,
  type RunRecord,
  readEvents,
  type TaskOutcome,
} from '../../record/index.ts';

/** What is otherwise on a host than it was in the last report. */
export interface Drift extends Pick<Difference, 'task' | 'message'> {
  readonly host: string;
  /** `ok`: nothing is to be done any more, or nothing was. */
  readonly before: 'ok' | 'changed' | 'failed' | 'unreachable';
  readonly after: 'ok' | 'changed' | 'failed' | 'unreachable';
}

/** What differs from the last report; `keep` makes this one the last. */
export interface DriftReport {
  readonly drifts: readonly Drift[];
  keep(): void;
}

const kindOf = (status: Difference['after']): Drift['after'] =>
  status === 'changed' || status === 'failed' || status === 'unreachable' ? status : 'ok';

/** Compares a run with what was last reported, which `file` holds. */
export const findDrift = async (run: RunRecord, file: string): Promise<DriftReport> => {
  const before = readOutcomes(file);
  const current = await outcomesOf(readEvents(run));
  const after = withUnseen(before, current);
  const drifts: Drift[] = [];
  for (const [host, differences] of compareOutcomes(before, after).hosts) {
    for (const { task, message, ...difference } of differences) {
      const [was, is] = [kindOf(difference.before), kindOf(difference.after)];
      if (was !== is) drifts.push({ host, task, before: was, after: is, message });
    }
  }
  return { drifts, keep: () => writeOutcomes(file, after) };
};

/** What was not looked at this time is as it was: hosts that were out of reach, and tasks behind a failed one. */
const withUnseen = (before: Outcomes, current: Outcomes): Outcomes => {
  const all: Outcomes = new Map(current);
  for (const [host, known] of before) {
    const seen = current.get(host);
    if (seen && ![...seen.values()].some(isEnd)) continue;
    const unseen = [...known].filter(([key, { status }]) => !seen || (!seen.has(key) && status !== 'unreachable'));
    all.set(host, new Map([...(seen ?? []), ...unseen]));
  }
  return all;
};

const isEnd = ({ status }: TaskOutcome): boolean => status === 'failed' || status === 'unreachable';

const readOutcomes = (file: string): Outcomes => {
  if (!existsSync(file)) return new Map();
  const hosts = JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as [string, [string, TaskOutcome][]][];
  return new Map(hosts.map(([host, outcomes]) => [host, new Map(outcomes)]));
};

const writeOutcomes = (file: string, outcomes: Outcomes): void => {
  const hosts = [...outcomes].map(([host, ofHost]) => [host, [...ofHost]]);
  writeFileSync(`${file}.new`, gzipSync(JSON.stringify(hosts)), { mode: 0o600 });
  renameSync(`${file}.new`, file);
};

/** A line for each. */
export const driftLines = (drifts: readonly Drift[]): string[] =>
  drifts.map(({ host, task, before, after, message }) => {
    const reason = message === undefined ? '' : `: ${message.split('\n')[0]}`;
    return `${host}: ${task}: ${before} -> ${after}${reason}`;
  });
