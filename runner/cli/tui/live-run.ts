import type { LoadedPlaybook } from '../../engine/index.ts';
import type { Reader } from '../../events/index.ts';
import type { ScreenAttendant } from '../../tui/sources/attendant.ts';
import type { RunRequest } from '../../tui/sources/run-request.ts';
import type { LiveRun } from '../../tui/sources/services.ts';
import type { Resumed } from '../open-record.ts';
import { readRunCommand } from '../read-run-command.ts';
import type { Session } from '../session.ts';
import { startRun } from '../start-run.ts';
import { runVariables, ToldVariables } from './run-variables.ts';
import { type Options, wordsOf } from './run-words.ts';
import { levelsAt } from './variable-levels.ts';

/** Begins a run as a request wants it; `base` are options that hold for all runs. */
export const beginRun = (
  request: RunRequest,
  base: Options,
  attendant: ScreenAttendant,
  reader: Reader,
  resumed?: Resumed,
): LiveRun => {
  const words = wordsOf(request, base);
  const read = readRunCommand(words);
  if (typeof read === 'number') throw new Error('the words of a request never ask for help');
  attendant.prepare(request.answers ?? new Map());
  const told = new ToldVariables();
  let session: Session | undefined;
  let playbooks: readonly LoadedPlaybook[] = [];
  const handle = startRun({
    ...read,
    args: words,
    attendant,
    resumed,
    keepsPlaces: true,
    onSession: (opened) => {
      session = opened;
    },
    onLoaded: (loaded) => {
      playbooks = loaded;
    },
    subscribe: (bus) => {
      bus.subscribe(told.take);
      bus.subscribe(reader);
    },
  });
  // A password that was wrong is asked for again the next time.
  handle.done.catch(() => attendant.forgetPasswords());
  return {
    done: handle.done,
    get id() {
      return handle.id;
    },
    pause: () => handle.pause(),
    resume: () => handle.resume(),
    interrupt: (how) => {
      handle.interrupt(how);
      attendant.abandon();
    },
    variables: async (host, path) => (session ? runVariables(session, told, host, levelsAt(playbooks, path)) : []),
  };
};
