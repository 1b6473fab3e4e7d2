import { Command } from 'commander';
import { type Config, loadConfig } from '../config/index.ts';
import { UsageError } from '../errors/index.ts';
import { removeOldRuns } from '../record/index.ts';
import { historyDiff } from './history-diff.ts';
import { historyList } from './history-list.ts';
import { historyShow } from './history-show.ts';
import { runCommand } from './parse-command.ts';

const append = (value: string, earlier: readonly string[] = []): string[] => [...earlier, value];
const count = (_value: string, earlier = 0): number => earlier + 1;

/** `muster history`: lists, shows, compares and removes the records of earlier runs. */
export const history = (args: readonly string[]): Promise<number> => {
  const config = loadConfig({ warn: (message) => void process.stderr.write(`warning: ${message}\n`) });
  // Options of the list are no options of the commands below it.
  const command = new Command('muster history').description('Earlier runs.').enablePositionalOptions();
  const runsOf = ({ runsDir }: { runsDir?: string }): string => runsDir ?? config.runsDir;
  const withRuns = (one: Command): Command => one.option('--runs-dir <dir>', 'the directory of the records');

  withRuns(command)
    .option('--playbook <text>', 'only runs of playbooks whose path has this in it')
    .option('--host <pattern>', 'only runs that worked on these hosts; names with * and ?, separated by commas')
    .option(
      '--status <status>',
      'only runs that ended so: ok, failed, unreachable, interrupted, error, broken, running',
    )
    .option('--since <time>', 'only runs since then: 2026-01-31, 2026-01-31 12:30, or 30m, 12h, 7d, 2w ago')
    .option('-n, --number <number>', 'at most so many', wholeNumber('-n'), 20)
    .option('--json', 'the manifests, one a line')
    .action((options) => historyList(runsOf(options), options));

  withRuns(command.command('show').description('shows a run again'))
    .argument('<run>', 'the beginning of its name, or last, last~1 …')
    .option('--output <form>', 'as for muster run', append)
    .option('-v, --verbose', 'tell more; repeatable', count)
    .option('--host <pattern>', 'only these hosts; names with * and ?, separated by commas')
    .option('--failed', 'only failures')
    .action((name, options) => historyShow(runsOf(options), name, options, config));

  withRuns(command.command('diff').description('tells what went otherwise on which host in the second run'))
    .argument('<first>', 'the beginning of its name, or last, last~1 …')
    .argument('<second>', 'the same')
    .option('--host <pattern>', 'only these hosts; names with * and ?, separated by commas')
    .action((first, second, options) => historyDiff(runsOf(options), first, second, options, config));

  withRuns(command.command('prune').description('removes old records'))
    .option('--keep <number>', 'how many stay', wholeNumber('--keep'))
    .option('--days <number>', 'how many days a record stays', wholeNumber('--days'))
    .action((options) => prune(runsOf(options), options, config));

  return runCommand(command, args);
};

const prune = async (runs: string, options: { keep?: number; days?: number }, config: Config): Promise<void> => {
  const { keep = config.keepRuns, days = config.keepDays } = options;
  const removed = await removeOldRuns(runs, { count: keep, days });
  process.stdout.write(`${removed.length} ${removed.length === 1 ? 'record' : 'records'} removed\n`);
};

const wholeNumber =
  (option: string) =>
  (value: string): number => {
    if (/^\d+$/.test(value)) return Number(value);
    throw new UsageError({ message: `${option} cannot be '${value}'`, expected: 'a whole number' });
  };
