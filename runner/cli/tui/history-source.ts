import { relative, resolve } from 'node:path';
import { MusterError } from '../../errors/index.ts';
import type { Timed } from '../../events/index.ts';
import { findRun, type RunRecord, readEvents, readRun, runIds, statsOf, whyUnknown } from '../../record/index.ts';
import type { RunRequest } from '../../tui/sources/run-request.ts';
import type { HistoryRow, PlaybookRow, Repetition } from '../../tui/sources/services.ts';
import { recordedWords } from '../recorded-command.ts';
import { findPlaybooks, playNames } from './find-playbooks.ts';

const most = 200;

/** The latest records, the newest first. */
export const historyRows = (runs: string): Promise<HistoryRow[]> =>
  Promise.all(
    runIds(runs)
      .slice(0, most)
      .map(async (id): Promise<HistoryRow> => {
        const run = readRun(runs, id);
        const { startedAt, status, manifest } = run;
        return {
          id,
          startedAt,
          status,
          duration: manifest?.duration,
          playbooks: manifest?.playbooks.map(({ path }) => path) ?? [],
          isCheck: manifest?.check ?? false,
          stats: await statsOf(run),
        };
      }),
  );

/** The events of a record. */
export const eventsOf = (runs: string, id: string): AsyncIterable<Timed> => readEvents(findRun(runs, id));

/** The playbooks below the working directory, with how each ran last. */
export const playbookRows = (runs: string): PlaybookRow[] => {
  const last = new Map<string, RunRecord>();
  for (const id of runIds(runs).slice(0, most).reverse()) {
    const run = readRun(runs, id);
    for (const { path } of run.manifest?.playbooks ?? []) last.set(resolve(run.manifest!.directory, path), run);
  }
  return findPlaybooks(process.cwd()).map((path) => {
    const run = last.get(resolve(path));
    return { path, plays: playNames(path), lastRun: run && { status: run.status, startedAt: run.startedAt } };
  });
};

/**
 * What repeats a run: its command line, on all of its hosts or on those that failed or were unreachable; or what goes on
 * with it from where it stopped.
 */
export const repetition = async (runs: string, id: string, how: Repetition): Promise<RunRequest> => {
  const run = findRun(runs, id);
  const { manifest } = run;
  if (!manifest) throw new MusterError(whyUnknown(run));
  // Its paths count from there, and what is shown here is of this directory.
  if (resolve(manifest.directory) !== process.cwd()) {
    throw new MusterError({
      message: `run ${run.id} was started in ${manifest.directory}`,
      hint: `cd ${relative(process.cwd(), manifest.directory)}`,
    });
  }
  const { retryWords } = await import('../retry.ts');
  const words = how === 'failed' ? await retryWords(run) : recordedWords(run, manifest, []);
  return { playbooks: [], repeats: words, ...(how === 'rest' && { resumes: run.id }) };
};
