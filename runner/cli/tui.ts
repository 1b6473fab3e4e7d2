import { Command } from 'commander';
import { MusterError, UsageError } from '../errors/index.ts';
import type { RunRequest } from '../tui/sources/run-request.ts';
import { parseCommand } from './parse-command.ts';
import { addCommonOptions, addPlaybookOptions, hideOptions } from './run-options.ts';
import type { Options } from './tui/run-words.ts';

/** `muster tui`: playbooks, inventory, runs, records and schedules, full-screen. */
export const tui = async (args: readonly string[]): Promise<number> => {
  const command = addPlaybookOptions(
    addCommonOptions(
      new Command('muster tui')
        .description('Shows and steers playbooks, inventory, runs, records and schedules, full-screen.')
        .option('--schedules <file>', 'the file of schedules', 'schedules.yml'),
    ),
  );
  // What only a run of its own can do, or what wants the terminal.
  const isOfRun = (long: string): boolean => /^--(tui|output|step|syntax-check|list-.*)$/.test(long);
  const parsed = parseCommand(hideOptions(command, isOfRun), args);
  if (typeof parsed === 'number') return parsed;
  const { schedules, ...options } = parsed.options;
  return open(options, undefined, schedules as string);
};

/** `muster run … --tui`: the run that these words stand for, watched and steered full-screen. Its exit code comes back. */
export const watchRun = async (words: readonly string[]): Promise<number> => {
  const { readWords } = await import('./tui/run-words.ts');
  const { options } = readWords(words);
  return open(options, { playbooks: [], repeats: words });
};

const open = async (base: Options, request: RunRequest | undefined, schedules?: string): Promise<number> => {
  const { stdin, stdout } = process;
  if (!stdin.isTTY || !stdout.isTTY || process.env.TERM === 'dumb') {
    throw new MusterError({ message: 'the TUI needs a terminal', hint: "'muster run' works without one" });
  }
  if (base.output !== undefined) {
    throw new UsageError({
      message: '--output and the TUI both want the terminal',
      hint: "records have all events: 'muster history show'",
    });
  }
  const [{ openTui }, { openServices }, { loadConfig }] = await Promise.all([
    import('../tui/index.ts'),
    import('./tui/services.ts'),
    import('../config/index.ts'),
  ]);
  const config = loadConfig({ warn: () => {} });
  const hasColor = config.forceColor || (!config.noColor && process.env.NO_COLOR === undefined);
  const { exitCode, runId } = await openTui({
    services: openServices(base, schedules),
    request,
    hasColor,
    stdout,
  });
  if (exitCode === undefined) return 0;
  if (runId !== undefined)
    stdout.write(`run ${runId} ended with exit code ${exitCode}; 'muster history show ${runId}' shows it\n`);
  return request === undefined ? 0 : exitCode;
};
