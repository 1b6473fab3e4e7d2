import { resolve } from 'node:path';
import { Command } from 'commander';
import { checkTasks, type LoadedPlaybook, runPlaybooks } from '../engine/index.ts';
import { SourceError } from '../errors/index.ts';
import { loadPlaybook } from '../playbook/index.ts';
import { findPlaybook } from './find-named.ts';
import { listPlays } from './list-plays.ts';
import { openOutput } from './open-output.ts';
import { parseCommand } from './parse-command.ts';
import { addCommonOptions, addPlaybookOptions, type RunFlags, withAliases } from './run-options.ts';
import { openSession, type Session } from './session.ts';

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
  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const session = await openSession({
    flags,
    playbooks: files,
    signal: interrupt.signal,
    subscribe: openOutput(flags),
  });
  try {
    return await work(session, files, flags);
  } finally {
    await session.close();
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
};

const work = async (session: Session, files: readonly string[], flags: RunFlags): Promise<number> => {
  const playbooks = loadAll(files, session);
  await checkTasks(
    playbooks.flatMap(({ plays }) => plays),
    session.context.module,
  );
  if (flags.syntaxCheck) {
    for (const { file } of playbooks) process.stdout.write(`\nplaybook: ${file}\n`);
    return 0;
  }
  if (flags.listHosts || flags.listTasks || flags.listTags) {
    const lists = { hosts: flags.listHosts ?? false, tasks: flags.listTasks ?? false, tags: flags.listTags ?? false };
    process.stdout.write(listPlays(playbooks, session.context, lists));
    return 0;
  }
  return runPlaybooks(session.context, playbooks, session.constants);
};

/** All playbooks, or the mistakes in all of them. */
const loadAll = (files: readonly string[], session: Session): LoadedPlaybook[] => {
  const problems: SourceError['problems'][number][] = [];
  const playbooks = files.flatMap((file) => {
    try {
      return [{ file, plays: loadPlaybook(resolve(file), session.loading) }];
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      problems.push(...error.problems);
      return [];
    }
  });
  if (problems.length > 0) throw new SourceError(problems);
  return playbooks;
};
