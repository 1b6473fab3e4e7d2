import type { Config } from '../config/index.ts';
import { durationText } from '../output/duration-text.ts';
import { localTime } from '../output/local-time.ts';
import { type EventFilter, filterEvents, findRun, type RunRecord, readEvents } from '../record/index.ts';
import { type OutputFlags, openOutputs } from './open-outputs.ts';

/** Shows a run's events again, in the form that is asked for. */
export const historyShow = async (
  runs: string,
  name: string,
  options: OutputFlags & EventFilter,
  config: Config,
): Promise<void> => {
  const run = findRun(runs, name);
  const readers = await openOutputs(options, config, false);
  const isForPrograms = options.output?.some((form) => form === 'jsonl' || form === 'junit') ?? false;
  if (!isForPrograms) process.stdout.write(aboutRun(run));
  const events = readEvents(run);
  const isFiltered = options.host !== undefined || options.failed === true;
  let hasEnded = false;
  for await (const event of isFiltered ? filterEvents(events, options) : events) {
    for (const reader of readers) reader(event);
    hasEnded ||= event.type === 'run_ended';
  }
  if (!hasEnded && !isForPrograms) process.stdout.write(`\nThe record ends here: ${endText(run)}\n`);
};

const endText = ({ status, manifest }: RunRecord): string => {
  if (status === 'running') return 'the run goes on.';
  return status === 'broken'
    ? 'the run broke off without a word.'
    : (manifest?.error ?? 'the run did not come further.');
};

/** What is to be known of a run besides its events. */
const aboutRun = ({ id, startedAt, status, manifest, problem }: RunRecord): string => {
  const duration = manifest?.duration === undefined ? '' : `, ${durationText(manifest.duration)}`;
  const lines = [`run ${id}, ${localTime(startedAt)}, ${status}${duration}`];
  if (problem !== undefined) lines.push(`  ${problem}`);
  if (manifest) {
    const { resumes, git, user, machine, versions, directory, command } = manifest;
    lines.push(
      `  ${command.map((word) => (/^[\w@%+=:,./*-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ')}`,
      `  in ${directory}${git ? ` (git ${git.branch ? `${git.branch} ` : ''}${git.revision.slice(0, 10)})` : ''}`,
      ...(resumes === undefined ? [] : [`  goes on with run ${resumes}`]),
      `  by ${user} on ${machine}, muster ${versions.muster}, node ${versions.node}`,
    );
  }
  return `${lines.join('\n')}\n`;
};
