import { dirname } from 'node:path';
import { Command } from 'commander';
import { loadConfig } from '../config/index.ts';
import { Past } from '../engine/index.ts';
import { MusterError } from '../errors/index.ts';
import { hashSource } from '../record/hash.ts';
import {
  changedSources,
  checkRuns,
  findRun,
  type RunRecord,
  readJournal,
  readRun,
  runIds,
  whyUnknown,
} from '../record/index.ts';
import type { Manifest } from '../record/manifest.ts';
import type { Resumed } from './open-record.ts';
import { parseCommand } from './parse-command.ts';
import { readRunCommand } from './read-run-command.ts';
import { enterDirectory, recordedWords, withoutWord } from './recorded-command.ts';
import { addCommonOptions } from './run-options.ts';
import { showRun } from './show-run.ts';

const makeCommand = (): Command =>
  addCommonOptions(
    new Command('muster resume')
      .description(
        'Goes on with a run that did not end well: on each host from the first task that did not end well.\nTasks that had ended well are not run again; what they came to is taken from the record.',
      )
      .argument('[run]', 'the beginning of its name, or last, last~1 …; without it, the last one of this directory')
      .option('--force', 'go on although playbooks, inventory or hosts have changed since')
      .option(
        '--rerun-censored',
        'run tasks again whose results would be needed and are not recorded (no_log, secrets)',
      )
      .option('--runs-dir <dir>', 'the directory of the records'),
  ).addHelpText(
    'after',
    "\nThe run's own options count again; those that are given here are added to them. Passwords are asked for again.",
  );

/** `muster resume [RUN]`: goes on with a run that did not end well. */
export const resume = async (args: readonly string[]): Promise<number> => {
  const parsed = parseCommand(makeCommand(), args);
  if (typeof parsed === 'number') return parsed;
  const { force, rerunCensored, runsDir } = parsed.options as { force?: true; rerunCensored?: true; runsDir?: string };
  const config = loadConfig({ warn: (message) => void process.stderr.write(`warning: ${message}\n`) });
  const runs = runsDir ?? config.runsDir;
  const [name] = parsed.args;
  const run = name === undefined ? lastUnfinished(runs, process.cwd()) : findRun(runs, name);
  const manifest = requireUnfinished(run);
  const own = withoutWord(args, name, (words) => {
    const again = parseCommand(makeCommand(), words);
    return typeof again !== 'number' && again.args.length === 0;
  });
  const further = own.filter((word) => word !== '--force' && word !== '--rerun-censored');
  const words = recordedWords(run, manifest, further);
  enterDirectory(manifest);
  const resumed = resumption(run, { isForced: force ?? false, rerunsCensored: rerunCensored ?? false });
  const given = readRunCommand(words);
  if (typeof given === 'number') return given;
  const { size } = resumed.past;
  process.stderr.write(`resuming run ${run.id}: ${size} ${size === 1 ? 'task' : 'tasks'} had ended well\n`);
  return showRun({ ...given, args: words, resumed });
};

/** What is known of a run to go on with it, in its directory. Throws a MusterError when it cannot be gone on with. */
export const resumption = (run: RunRecord, how: Pick<Resumed, 'isForced' | 'rerunsCensored'>): Resumed => {
  const manifest = requireUnfinished(run);
  const lines = readJournal(run.directory);
  if (!lines) {
    throw new MusterError({
      message: `the record of run ${run.id} does not tell all that its tasks came to, so it cannot be resumed`,
      hint: `'muster retry ${run.id}' begins again with the hosts that failed`,
    });
  }
  const past = new Past(lines);
  if (!how.isForced) requireLast(run);
  if (!how.isForced && past.plays.size > 0) requireSame(run, manifest, past);
  return { id: run.id, past, ...how };
};

/** The last run that was begun in a directory and did not end well, and that nothing has gone on with since. */
const lastUnfinished = (runs: string, directory: string): RunRecord => {
  checkRuns(runs);
  const resumed = new Set<string>();
  for (const id of runIds(runs)) {
    const run = readRun(runs, id);
    if (run.manifest?.resumes !== undefined) resumed.add(run.manifest.resumes);
    if (run.manifest?.directory !== directory || resumed.has(id)) continue;
    if (run.status !== 'ok' && run.status !== 'running') return run;
  }
  throw new MusterError({
    message: `no run of ${directory} is to be gone on with`,
    expected: 'a run that failed, was interrupted or broke off',
    hint: "'muster history' lists all runs; 'muster resume RUN' goes on with one of another directory",
  });
};

const requireUnfinished = (run: RunRecord): Manifest => {
  const { id, status, manifest } = run;
  if (!manifest) throw new MusterError({ message: whyUnknown(run), hint: "'muster run' begins it again" });
  if (status === 'ok') throw new MusterError(`run ${id} ended well: there is nothing to go on with`);
  if (status === 'running') {
    throw new MusterError(`run ${id} goes on still: process ${manifest.process.id} on ${manifest.machine}`);
  }
  return manifest;
};

/** What another run has gone on with since is not to be done once more. */
const requireLast = ({ id, directory }: RunRecord): void => {
  const runs = dirname(directory);
  const next = runIds(runs).find((other) => other > id && readRun(runs, other).manifest?.resumes === id);
  if (next === undefined) return;
  throw new MusterError({
    message: `run ${next} has gone on with run ${id}`,
    hint: `'muster resume ${next}' goes on with that one, where it did not end well`,
  });
};

/** Everything that is read again must say what it said. */
const requireSame = ({ id }: RunRecord, { inventory }: Manifest, past: Past): void => {
  // Of sources that were run and not read, only what they are is known.
  const scripts = inventory.filter(({ path, sha256 }) => !past.files.has(path) && hashSource(path).sha256 !== sha256);
  const changed = [...new Set([...changedSources(past.files.values()), ...scripts.map(({ path }) => path)])];
  if (changed.length === 0) return;
  const some = changed.slice(0, 10);
  throw new MusterError({
    message: `changed since run ${id}: ${some.join(', ')}${changed.length > some.length ? ` and ${changed.length - some.length} more` : ''}`,
    hint: `'muster resume ${id} --force' goes on with them as they are now; tasks that had ended well are not run again`,
  });
};
