import type { Config } from '../config/index.ts';
import type { JournalLine, Past } from '../engine/index.ts';
import { formatError, MusterError } from '../errors/index.ts';
import type { EventBus } from '../events/index.ts';
import { Secrets } from '../events/secrets.ts';
import { Recorder } from '../record/recorder.ts';
import { removeOldRuns } from '../record/retention.ts';
import { findInventory } from './find-named.ts';
import type { RunFlags } from './run-options.ts';
import type { Session } from './session.ts';
import { version } from './version.ts';

/** A run's record on its way. */
export interface OpenRecord {
  /** The run's name; undefined when there is no record of it. */
  readonly id: string | undefined;
  /** The session is there, and with it all that is known to be secret. */
  know(session: Session): void;
  /** Keeps what is needed to resume the run. */
  note(line: JournalLine): void;
  end(outcome: { readonly exitCode: number; readonly error?: unknown }): Promise<void>;
}

/** A run that is resumed. */
export interface Resumed {
  readonly id: string;
  readonly past: Past;
  /** Tasks are run again whose results would be needed and are not recorded. */
  readonly rerunsCensored: boolean;
  /** Goes on although what is run is not what was recorded. */
  readonly isForced: boolean;
}

/** Begins the record of a run of playbooks. */
export const openRecord = (
  bus: EventBus,
  config: Config,
  flags: RunFlags,
  args: readonly string[],
  playbooks: readonly string[],
  resumed: Resumed | undefined,
): OpenRecord => {
  const runs = flags.runsDir ?? config.runsDir;
  const recorder = new Recorder({
    runs,
    command: ['muster', 'run', ...args],
    playbooks,
    inventory: (flags.inventory ?? config.inventory).map(findInventory),
    check: flags.check ?? false,
    resumes: resumed && { id: resumed.id, lines: resumed.past.lines() },
    version,
    warn: (message) =>
      bus.emit({ type: 'warning', kind: 'warning', message: `${message} (--no-record turns this off)` }),
  });
  bus.subscribe(recorder.take);
  return {
    id: recorder.id,
    note: recorder.note,
    know: ({ secrets, context, config }) => {
      // What was given on the command line is in no file that is kept secret: names have to tell.
      const given = new Secrets();
      given.addAll(context.store.extraVars);
      recorder.maskWith((text) => given.mask(secrets.mask(text)), [...(flags.secret ?? []), ...config.secretVars]);
    },
    end: async ({ exitCode, error }) => {
      recorder.end({ exitCode, ...(error !== undefined && { error: errorText(error) }) });
      const count = flags.keep === undefined ? config.keepRuns : Number(flags.keep);
      // Old records that cannot be removed are no reason to fail a run that went well.
      await removeOldRuns(runs, { count, days: config.keepDays }).catch(() => []);
    },
  };
};

const errorText = (error: unknown): string =>
  error instanceof MusterError ? formatError(error) : error instanceof Error ? error.message : String(error);
