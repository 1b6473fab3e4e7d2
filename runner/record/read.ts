import { accessSync, constants, createReadStream, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { MusterError } from '../errors/index.ts';
import type { HostStats, Timed } from '../events/index.ts';
import { type Manifest, type RunStatus, readManifest } from './manifest.ts';
import { isAlive } from './process-start.ts';
import { isRunId, timeOfRun } from './run-id.ts';

/** A record of a run, with as much as there is of it. */
export interface RunRecord {
  readonly id: string;
  readonly directory: string;
  readonly startedAt: number;
  /** `broken`: the run's process ended without saying how the run did. */
  readonly status: RunStatus | 'broken';
  readonly manifest: Manifest | undefined;
  /** What is the matter with the record, where its manifest cannot be read. */
  readonly problem?: string | undefined;
}

/** Throws a MusterError where there are records that cannot be read; that there are none is nothing to complain of. */
export const checkRuns = (runs: string): void => {
  try {
    readdirSync(runs);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') throw new MusterError(`the records of runs cannot be read: ${message}`);
  }
};

/** The names of all records, the latest first. */
export const runIds = (runs: string): string[] => {
  try {
    return readdirSync(runs).filter(isRunId).sort().reverse();
  } catch {
    return [];
  }
};

/** A record by its name. One that cannot be read is `broken`, with its problem. */
export const readRun = (runs: string, id: string): RunRecord => {
  const directory = join(runs, id);
  const { manifest, problem } = readManifest(directory);
  const status = manifest === undefined ? 'broken' : statusOf(manifest);
  const startedAt = manifest ? Date.parse(manifest.startedAt) : timeOfRun(id);
  return { id, directory, startedAt, status, manifest, problem };
};

const statusOf = (manifest: Manifest): RunRecord['status'] =>
  manifest.status === 'running' && !isAlive(manifest) ? 'broken' : manifest.status;

/** The events of a run, in order. What cannot be read, like a last line that was cut, is left out. */
export async function* readEvents({ directory }: RunRecord): AsyncGenerator<Timed> {
  const file = join(directory, 'events.jsonl');
  if (!existsSync(file)) return;
  // A stream would tell of its failure where nobody hears it.
  try {
    accessSync(file, constants.R_OK);
  } catch (error) {
    throw new MusterError(`the events of a run cannot be read: ${(error as Error).message}`);
  }
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    const event = parse(line);
    if (event) yield event;
  }
}

/** Why there is nothing known of a run that could be begun again. */
export const whyUnknown = ({ id, problem }: RunRecord): string =>
  problem === undefined ? `run ${id} broke off before it had begun` : `run ${id} cannot be gone on with: ${problem}`;

const parse = (line: string): Timed | undefined => {
  try {
    const event = JSON.parse(line) as Timed;
    return typeof event?.type === 'string' && typeof event.time === 'number' ? event : undefined;
  } catch {
    return undefined;
  }
};

/** The counters of a run's hosts: as the run gave them, or counted again where it did not come to that. */
export const statsOf = async (run: RunRecord): Promise<Readonly<Record<string, HostStats>>> => {
  if (run.manifest?.stats) return run.manifest.stats;
  const stats: Record<string, HostStats> = {};
  for await (const event of readEvents(run)) {
    if (event.type !== 'host_result') continue;
    stats[event.host] ??= { ok: 0, changed: 0, unreachable: 0, failed: 0, skipped: 0, rescued: 0, ignored: 0 };
    for (const counter of countersOf(event)) stats[event.host]![counter]++;
  }
  return stats;
};

const countersOf = (event: Extract<Timed, { type: 'host_result' }>): (keyof HostStats)[] => {
  if (event.ignored) return ['ok', 'ignored'];
  if (event.rescued) return ['rescued'];
  return event.status === 'changed' ? ['ok', 'changed'] : [event.status];
};
