import { Command } from 'commander';
import { loadConfig } from '../config/index.ts';
import { MusterError } from '../errors/index.ts';
import { findRun, type RunRecord, statsOf, whyUnknown } from '../record/index.ts';
import { parseCommand } from './parse-command.ts';
import { readRunCommand } from './read-run-command.ts';
import { enterDirectory, recordedWords, withoutWord } from './recorded-command.ts';
import { addCommonOptions } from './run-options.ts';
import { showRun } from './show-run.ts';

const makeCommand = (): Command =>
  addCommonOptions(
    new Command('muster retry')
      .description('Runs playbooks again from their beginning, on the hosts that failed or could not be reached.')
      .argument('<run>', 'the beginning of its name, or last, last~1 …')
      .option('--runs-dir <dir>', 'the directory of the records'),
  ).addHelpText(
    'after',
    "\nThe run's own options count again but for its limit; those that are given here are added to them.",
  );

/** `muster retry RUN`: runs playbooks again on the hosts that failed or could not be reached. */
export const retry = async (args: readonly string[]): Promise<number> => {
  const parsed = parseCommand(makeCommand(), args);
  if (typeof parsed === 'number') return parsed;
  const config = loadConfig({ warn: (message) => void process.stderr.write(`warning: ${message}\n`) });
  const [name] = parsed.args;
  const run = findRun((parsed.options as { runsDir?: string }).runsDir ?? config.runsDir, name!);
  const further = withoutWord(args, name, (words) => !words.some((word) => word === name));
  if (run.manifest) enterDirectory(run.manifest);
  const words = await retryWords(run, further);
  const given = readRunCommand(words);
  return typeof given === 'number' ? given : showRun({ ...given, args: words });
};

/**
 * The words behind `muster run` that run an earlier run again on the hosts that failed or could not be reached.
 * Paths count from the directory of that run. Throws a MusterError when there are no such hosts, or when a secret of its
 * command line is not among `further` words.
 */
export const retryWords = async (run: RunRecord, further: readonly string[] = []): Promise<string[]> => {
  const { manifest, id } = run;
  if (!manifest) throw new MusterError({ message: whyUnknown(run), hint: "'muster run' begins it again" });
  const stats = await statsOf(run);
  const hosts = Object.keys(stats).filter((host) => stats[host]!.failed > 0 || stats[host]!.unreachable > 0);
  if (hosts.length === 0) {
    throw new MusterError({
      message: `in run ${id} no host failed or was unreachable`,
      hint: run.status === 'ok' ? undefined : `'muster resume ${id}' goes on with it`,
    });
  }
  return [...recordedWords(run, manifest, further), '--limit', hosts.join(',')];
};
