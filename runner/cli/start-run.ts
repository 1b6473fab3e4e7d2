import { exitCodes, findTaskProblems, Gate, Interruption, type LoadedPlaybook, runPlaybooks } from '../engine/index.ts';
import { MusterError, SourceError } from '../errors/index.ts';
import { readPlaybook, sortProblems } from '../playbook/index.ts';
import { exitCodeOf } from './exit-code.ts';
import { type OpenJournal, openJournal } from './journal.ts';
import type { OpenRecord, Resumed } from './open-record.ts';
import { requireHosts } from './requirements.ts';
import type { RunFlags } from './run-options.ts';
import { openSession, type Session, type SessionOptions } from './session.ts';

export interface RunSettings extends Pick<SessionOptions, 'subscribe' | 'attendant' | 'keepsPlaces'> {
  readonly flags: RunFlags;
  /** The paths of the playbooks. */
  readonly files: readonly string[];
  /** The words behind `muster run`, for the record. */
  readonly args: readonly string[];
  /** The run that this one resumes. */
  readonly resumed?: Resumed | undefined;
  /** Told of the session once it is there. */
  readonly onSession?: ((session: Session) => void) | undefined;
  /** Told of the playbooks once they are loaded. */
  readonly onLoaded?: ((playbooks: readonly LoadedPlaybook[]) => void) | undefined;
  /** What is done once the playbooks are loaded, where that is not to run them. Returns the exit code. */
  readonly instead?: ((session: Session, playbooks: readonly LoadedPlaybook[]) => number) | undefined;
}

/** A run that goes on. */
export interface RunHandle {
  /** The name of its record, once it has one. */
  readonly id: string | undefined;
  /** The exit code. Rejects with what kept the run from beginning. */
  readonly done: Promise<number>;
  /** Lets running tasks come to their end and begins nothing more; asked again, or by `now`, ends what runs. */
  interrupt(how?: 'graceful' | 'now'): void;
  /** Begins no more tasks until `resume`; those that run go on. */
  pause(): void;
  resume(): void;
}

/** Begins a run of playbooks: loads everything, runs, closes. All that happens is told to those who `subscribe`. */
export const startRun = (settings: RunSettings): RunHandle => {
  const interruption = new Interruption();
  const gate = new Gate();
  let record: OpenRecord | undefined;
  let session: Session | undefined;
  const work = async (): Promise<number> => {
    const { flags, files, args, instead } = settings;
    let journal: OpenJournal | undefined;
    try {
      session = await openSession({
        flags,
        playbooks: files,
        signal: interruption.now,
        stopping: interruption.stopping,
        gate,
        attendant: settings.attendant,
        keepsPlaces: settings.keepsPlaces,
        subscribe: async (bus, config) => {
          await settings.subscribe(bus, config);
          if (instead || !(flags.record ?? true) || !config.record) return;
          const { openRecord } = await import('./open-record.ts');
          record = openRecord(bus, config, flags, args, files, settings.resumed);
        },
        journal: () => {
          // What is resumed is resumed without a record, too.
          if (record || settings.resumed) journal = openJournal(record, settings.resumed);
          return journal;
        },
      });
      settings.onSession?.(session);
      record?.know(session);
      requireHosts(session.context.catalog, flags.limit);
      const playbooks = await loadAll(files, session);
      settings.onLoaded?.(playbooks);
      journal?.begin(session.context.catalog);
      const exitCode = instead
        ? instead(session, playbooks)
        : await runPlaybooks(session.context, playbooks, session.constants);
      await record?.end({ exitCode });
      return exitCode;
    } catch (error) {
      await record?.end({ exitCode: error instanceof MusterError ? exitCodeOf(error) : exitCodes.defect, error });
      throw error;
    } finally {
      await session?.close();
    }
  };
  return {
    get id() {
      return record?.id;
    },
    done: work(),
    interrupt: (how) => {
      const isFirst = !interruption.stopping.aborted;
      interruption.interrupt(how);
      gate.open();
      if (isFirst && !interruption.now.aborted) session?.bus.emit({ type: 'warning', kind: 'warning', message: told });
    },
    pause: () => gate.close(),
    resume: () => gate.open(),
  };
};

const told = 'interrupted: what runs comes to its end, nothing more is begun; interrupt again to stop at once';

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
