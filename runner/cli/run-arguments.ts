import { Command } from 'commander';
import { findPlaybook } from './find-named.ts';
import { parseCommand } from './parse-command.ts';
import { requirePlaybook } from './requirements.ts';
import { addCommonOptions, addPlaybookOptions, type RunFlags, withAliases } from './run-options.ts';

/** What the words behind `muster run` ask for. */
export interface RunArguments {
  readonly flags: RunFlags;
  /** The paths of the playbooks. */
  readonly files: readonly string[];
  /** The words themselves. */
  readonly args: readonly string[];
}

/** Reads the words behind `muster run`; an exit code when there is nothing more to do, as after --help. */
export const readRunArguments = (args: readonly string[]): RunArguments | number => {
  const command = addPlaybookOptions(
    addCommonOptions(
      new Command('muster run')
        .description('Runs playbooks on hosts.')
        .argument('<playbook...>', 'playbook files, or names below playbooks/'),
    ),
  );
  const parsed = parseCommand(command, args);
  if (typeof parsed === 'number') return parsed;
  const files = parsed.args.map(findPlaybook);
  for (const file of files) requirePlaybook(file);
  return { flags: withAliases(parsed.options), files, args };
};
