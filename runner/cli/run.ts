import { Command } from 'commander';
import { exitCodes, findTaskProblems, type LoadedPlaybook, runPlaybooks } from '../engine/index.ts';
import { MusterError, SourceError } from '../errors/index.ts';
import { readPlaybook, sortProblems } from '../playbook/index.ts';
import { exitCodeOf } from './exit-code.ts';
import { findPlaybook } from './find-named.ts';
import { listPlays } from './list-plays.ts';
import { openOutputs } from './open-outputs.ts';
import type { OpenRecord } from './open-record.ts';
import { parseCommand } from './parse-command.ts';
import { requireHosts, requirePlaybook } from './requirements.ts';
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
  for (const file of files) requirePlaybook(file);
  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  let record: OpenRecord | undefined;
  let session: Session | undefined;
  try {
    session = await openSession({
      flags,
      playbooks: files,
      signal: interrupt.signal,
      subscribe: async (bus, config) => {
        for (const reader of await openOutputs(flags, config)) bus.subscribe(reader);
        if (isOnlyLooking(flags) || !(flags.record ?? true) || !config.record) return;
        const { openRecord } = await import('./open-record.ts');
        record = openRecord(bus, config, flags, args, files);
      },
    });
    record?.know(session);
    requireHosts(session.context.catalog, flags.limit);
    const exitCode = await work(session, files, flags);
    await record?.end({ exitCode });
    return exitCode;
  } catch (error) {
    await record?.end({ exitCode: error instanceof MusterError ? exitCodeOf(error) : exitCodes.defect, error });
    throw error;
  } finally {
    await session?.close();
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
};

/** Nothing is run: there is nothing to keep a record of. */
const isOnlyLooking = ({ listHosts, listTasks, listTags, syntaxCheck }: RunFlags): boolean =>
  Boolean(listHosts || listTasks || listTags || syntaxCheck);

const work = async (session: Session, files: readonly string[], flags: RunFlags): Promise<number> => {
  const playbooks = await loadAll(files, session);
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

/** All playbooks, checked as far as that can be done before the run. Throws a SourceError with the mistakes in all of them. */
const loadAll = async (files: readonly string[], session: Session): Promise<LoadedPlaybook[]> => {
  const read = files.map((file) => ({ file, ...readPlaybook(file, session.loading) }));
  const plays = read.flatMap((playbook) => playbook.plays);
  const problems = [
    ...read.flatMap((playbook) => playbook.problems),
    ...(await findTaskProblems(plays, session.context.module)),
  ];
  if (problems.length > 0) throw new SourceError(sortProblems(problems));
  return read;
};
