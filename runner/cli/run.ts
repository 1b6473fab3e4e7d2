import { Command } from 'commander';
import type { LoadedPlaybook } from '../engine/index.ts';
import { findPlaybook } from './find-named.ts';
import { listPlays } from './list-plays.ts';
import { openOutputs } from './open-outputs.ts';
import { parseCommand } from './parse-command.ts';
import { requirePlaybook } from './requirements.ts';
import { addCommonOptions, addPlaybookOptions, type RunFlags, withAliases } from './run-options.ts';
import type { Session } from './session.ts';
import { startRun } from './start-run.ts';
import { withSignals } from './with-signals.ts';

/** `muster run PLAYBOOK...`: runs playbooks, as ansible-playbook does. */
export const run = async (args: readonly string[]): Promise<number> => {
  const command = addPlaybookOptions(
    addCommonOptions(
      new Command('muster run')
        .description('Runs playbooks on hosts.')
        .argument('<playbook...>', 'playbook files, or names below playbooks/'),
    ),
  );
  const parsed = parseCommand(command, args);
  if (typeof parsed === 'number') return parsed;
  const flags = withAliases(parsed.options);
  const files = parsed.args.map(findPlaybook);
  for (const file of files) requirePlaybook(file);
  return withSignals(
    startRun({
      flags,
      files,
      args,
      instead: isOnlyLooking(flags) ? (session, playbooks) => look(session, playbooks, flags) : undefined,
      subscribe: async (bus, config) => {
        for (const reader of await openOutputs(flags, config)) bus.subscribe(reader);
      },
    }),
  );
};

/** Nothing is run: there is nothing to keep a record of. */
const isOnlyLooking = ({ listHosts, listTasks, listTags, syntaxCheck }: RunFlags): boolean =>
  Boolean(listHosts || listTasks || listTags || syntaxCheck);

const look = (session: Session, playbooks: readonly LoadedPlaybook[], flags: RunFlags): number => {
  if (flags.syntaxCheck) {
    for (const { file } of playbooks) process.stdout.write(`\nplaybook: ${file}\n`);
    return 0;
  }
  const lists = { hosts: flags.listHosts ?? false, tasks: flags.listTasks ?? false, tags: flags.listTags ?? false };
  process.stdout.write(listPlays(playbooks, session.context, lists));
  return 0;
};
