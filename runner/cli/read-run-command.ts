import { Command } from 'commander';
import { findPlaybook } from './find-named.ts';
import { parseCommand } from './parse-command.ts';
import { requirePlaybook } from './requirements.ts';
import { addCommonOptions, addPlaybookOptions, type RunFlags, withAliases } from './run-options.ts';

/** What the words behind `muster run` come to. */
export interface RunCommand {
  readonly flags: RunFlags;
  /** The paths of the playbooks. */
  readonly files: readonly string[];
}

/** Reads the words behind `muster run`; or gives an exit code, when they only ask for help. */
export const readRunCommand = (args: readonly string[]): RunCommand | number => {
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
  return { flags: withAliases(parsed.options), files };
};
