import { type Command, CommanderError } from 'commander';
import { didYouMean, UsageError } from '../errors/index.ts';
import { versionText } from './version.ts';

/** A command line taken apart; or an exit code, when it only asked for help. */
export const parseCommand = (
  command: Command,
  args: readonly string[],
): { readonly options: Record<string, unknown>; readonly args: readonly string[] } | number => {
  command
    .version(versionText(), '--version', 'show the version')
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  try {
    command.parse(spreadRepeats(args), { from: 'user' });
    return { options: command.opts(), args: command.args };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    throw wrongOption(error, command);
  }
};

/** Parses a command line and does what it says; for commands with an action of their own, and with subcommands. */
export const runCommand = async (command: Command, args: readonly string[]): Promise<number> => {
  for (const one of [command, ...command.commands]) one.exitOverride().configureOutput({ writeErr: () => {} });
  try {
    await command.parseAsync(spreadRepeats(args), { from: 'user' });
    return 0;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    if (error.code === 'commander.help') {
      const names = command.commands.map((one) => one.name());
      throw new UsageError({ message: `${command.name()} needs a command`, expected: `one of ${names.join(', ')}` });
    }
    throw wrongOption(error, command);
  }
};

/** `-vvv` is three times -v. */
const spreadRepeats = (args: readonly string[]): string[] =>
  args.flatMap((arg) => (/^-v{2,}$/.test(arg) ? Array.from({ length: arg.length - 1 }, () => '-v') : [arg]));

const wrongOption = (error: CommanderError, command: Command): UsageError => {
  const unknown = /unknown option '([^']+)'/.exec(error.message)?.[1];
  const names = command.options.flatMap(({ long }) => long ?? []);
  return new UsageError({
    message: error.message.replace(/^error: /, '').replace(/\n.*$/s, ''),
    hint: (unknown && didYouMean(unknown, names)) ?? `'${command.name()} --help' lists what there is`,
  });
};
