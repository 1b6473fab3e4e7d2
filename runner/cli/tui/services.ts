import { loadConfig } from '../../config/index.ts';
import type { EventBus } from '../../events/index.ts';
import { findRun, readRun } from '../../record/index.ts';
import { ScreenAttendant } from '../../tui/sources/attendant.ts';
import type { Services } from '../../tui/sources/services.ts';
import type { Resumed } from '../open-record.ts';
import { readRunCommand } from '../read-run-command.ts';
import { resumption } from '../resume.ts';
import { openSession, type Session } from '../session.ts';
import { eventsOf, historyRows, playbookRows, repetition } from './history-source.ts';
import { openInventory, type ShownInventory } from './inventory-source.ts';
import { beginRun } from './live-run.ts';
import { formFields } from './playbook-form.ts';
import { type Options, wordsOf } from './run-words.ts';
import { scheduleSource } from './schedule-source.ts';

/** All that the front end shows and does, for the working directory; `base` are the options of its command line. */
export const openServices = (base: Options, schedulesFile?: string): Services => {
  const config = loadConfig({ warn: () => {} });
  const runs = (base.runsDir as string | undefined) ?? config.runsDir;
  const attendant = new ScreenAttendant();
  let inventory: ShownInventory | undefined;
  const flagsFor = (playbook: string) => {
    const read = readRunCommand(wordsOf({ playbooks: [playbook] }, base));
    if (typeof read === 'number') throw new Error('the words of a request never ask for help');
    return read;
  };
  return {
    asking: attendant,
    playbooks: async () => playbookRows(runs),
    form: async (path) => {
      const { flags, files } = flagsFor(path);
      const session = await openQuietly(files, flags, attendant);
      try {
        return formFields(files[0]!, flags, session);
      } finally {
        await session.close();
      }
    },
    inventory: async () => {
      // No playbook is needed to read the inventory.
      inventory = await openInventory(base, attendant.askPassword);
      return inventory.rows;
    },
    inventoryVariables: async (row) => inventory?.variables(row) ?? [],
    history: () => historyRows(runs),
    events: (id) => eventsOf(runs, id),
    isGoingOn: (id) => readRun(runs, id).status === 'running',
    start: (request, reader) =>
      beginRun(
        request,
        base,
        attendant,
        reader,
        request.resumes === undefined ? undefined : resumedFrom(runs, request.resumes),
      ),
    repeat: (id, how) => repetition(runs, id, how),
    schedules: scheduleSource(config, schedulesFile),
  };
};

/** What is known of a run that is gone on with; one that has changed since is for the command line, which tells what. */
const resumedFrom = (runs: string, id: string): Resumed =>
  resumption(findRun(runs, id), { isForced: false, rerunsCensored: false });

/** A session that nobody hears anything of: to look at playbooks, not to run them. */
const openQuietly = (
  playbooks: readonly string[],
  flags: Parameters<typeof openSession>[0]['flags'],
  attendant: ScreenAttendant,
): Promise<Session> =>
  openSession({
    // Passwords to log in with are asked for when something is run.
    flags: { ...flags, askPass: false, askBecomePass: false },
    playbooks,
    signal: new AbortController().signal,
    attendant,
    subscribe: (_bus: EventBus) => {},
  });
