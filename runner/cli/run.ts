import type { LoadedPlaybook } from '../engine/index.ts';
import { listPlays } from './list-plays.ts';
import { readRunCommand } from './read-run-command.ts';
import type { RunFlags } from './run-options.ts';
import type { Session } from './session.ts';
import { showRun } from './show-run.ts';

/** `muster run PLAYBOOK...`: runs playbooks, as ansible-playbook does. */
export const run = async (args: readonly string[]): Promise<number> => {
  const given = readRunCommand(args);
  if (typeof given === 'number') return given;
  const { flags } = given;
  if (isOnlyLooking(flags)) return showRun({ ...given, args, instead: look(flags) });
  return flags.tui ? (await import('./tui.ts')).watchRun(args) : showRun({ ...given, args });
};

/** Nothing is run: there is nothing to keep a record of. */
const isOnlyLooking = ({ listHosts, listTasks, listTags, syntaxCheck }: RunFlags): boolean =>
  Boolean(listHosts || listTasks || listTags || syntaxCheck);

const look =
  (flags: RunFlags) =>
  (session: Session, playbooks: readonly LoadedPlaybook[]): number => {
    if (flags.syntaxCheck) {
      for (const { file } of playbooks) process.stdout.write(`\nplaybook: ${file}\n`);
      return 0;
    }
    const lists = { hosts: flags.listHosts ?? false, tasks: flags.listTasks ?? false, tags: flags.listTags ?? false };
    process.stdout.write(listPlays(playbooks, session.context, lists));
    return 0;
  };
