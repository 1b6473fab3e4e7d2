import { existsSync, mkdirSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import type { JournalLine } from '../engine/restore/journal.ts';
import type { Reader, Timed } from '../events/index.ts';
import { EventLog } from './event-log.ts';
import { gitRevision } from './git-revision.ts';
import { hashSource } from './hash.ts';
import { JournalFile } from './journal-file.ts';
import { type Manifest, statusOfExit, writeManifest } from './manifest.ts';
import { maskCommand } from './mask-command.ts';
import { processStart } from './process-start.ts';
import { nextRunId, runId } from './run-id.ts';

export interface RecordOptions {
  /** The directory of all records. */
  readonly runs: string;
  /** The whole command line. */
  readonly command: readonly string[];
  readonly playbooks: readonly string[];
  readonly inventory: readonly string[];
  readonly check: boolean;
  /** The run that this one resumes, and what it came to. */
  readonly resumes?: { readonly id: string; readonly lines: Iterable<JournalLine> } | undefined;
  readonly version: string;
  /** Told once when recording is not possible, or no longer. */
  readonly warn: (message: string) => void;
}

/** Writes a run's record while the run goes on. Whatever happens to it, the run goes on. */
export class Recorder {
  readonly #options: RecordOptions;
  readonly #startedAt = Date.now();
  #mask: ((text: string) => string) | undefined;
  #directory: string | undefined;
  #log: EventLog | undefined;
  #journal: JournalFile | undefined;
  #manifest: Manifest | undefined;
  /** What ended the run before its time, as the events tell it. */
  #error: string | undefined;
  #hasFailed = false;

  constructor(options: RecordOptions) {
    this.#options = options;
    this.#try(() => {
      const { id, directory } = makeDirectory(options.runs, this.#startedAt);
      this.#directory = directory;
      this.#journal = new JournalFile(directory, options.resumes?.lines ?? [], (error) => this.#fail(error));
      this.#manifest = this.#begin(id);
      writeManifest(directory, this.#manifest);
      this.#log = new EventLog(join(directory, 'events.jsonl'), (error) => this.#fail(error));
    });
  }

  /** The run's name; undefined when there is no record of it. */
  get id(): string | undefined {
    return this.#manifest?.id;
  }

  /** Keeps what is needed to resume the run. It is safe from the end of the process when this comes back. */
  readonly note = (line: JournalLine): void => this.#journal?.write(line);

  readonly take: Reader = (event: Timed) => {
    this.#log?.append(`${JSON.stringify(event)}\n`, event.type === 'host_result' || event.type === 'run_ended');
    if (event.type === 'run_ended') this.#update({ stats: event.stats });
    if (event.type === 'warning' && event.kind === 'error') this.#error = event.message;
  };

  /** It is known now what is secret, `secretNames` being extra variables that are: the command line can be told as far as it is not. */
  maskWith(mask: (text: string) => string, secretNames: readonly string[] = []): void {
    this.#mask = mask;
    this.#update({ command: maskCommand(this.#options.command, mask, secretNames) });
    this.#write();
  }

  /** The run is over. Everything is on its way to the disk when this comes back. */
  end(outcome: { readonly exitCode: number; readonly error?: string }): void {
    this.#log?.close();
    this.#journal?.close();
    const error =
      outcome.error === undefined ? this.#error : (this.#mask?.(outcome.error) ?? 'the run could not begin');
    const now = Date.now();
    this.#update({
      // An interruption at a question is an error by its text, and still one by somebody's will.
      status: error === undefined || outcome.exitCode === 99 ? statusOfExit(outcome.exitCode) : 'error',
      exitCode: outcome.exitCode,
      ...(error !== undefined && { error }),
      endedAt: new Date(now).toISOString(),
      duration: now - this.#startedAt,
    });
    this.#write();
  }

  #begin(id: string): Manifest {
    const { command, playbooks, inventory, check, version, resumes } = this.#options;
    return {
      version: 1,
      id,
      status: 'running',
      startedAt: new Date(this.#startedAt).toISOString(),
      command: maskCommand(command, undefined),
      directory: process.cwd(),
      check,
      ...(resumes && { resumes: resumes.id }),
      playbooks: playbooks.map(hashSource),
      inventory: inventory.map(hashSource),
      git: playbooks[0] === undefined ? undefined : gitRevision(playbooks[0]),
      user: userName(),
      machine: hostname(),
      versions: { muster: version, node: process.version },
      process: { id: process.pid, startedAt: processStart(process.pid) },
    };
  }

  #update(changes: Partial<Manifest>): void {
    if (this.#manifest) this.#manifest = { ...this.#manifest, ...changes };
  }

  #write(): void {
    this.#try(() => {
      if (this.#directory !== undefined && this.#manifest) writeManifest(this.#directory, this.#manifest);
    });
  }

  #try(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  /** The log has ended. The manifest is still tried: it is small, and may be what fits. */
  #fail(error: Error): void {
    this.#log = undefined;
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    const where = this.#directory ?? this.#options.runs;
    const what = this.#directory === undefined ? 'cannot be recorded' : 'is recorded no further';
    this.#options.warn(`the run ${what} in ${where}: ${error.message}`);
  }
}

/** Runs that begin in the same moment get names that follow each other. */
const makeDirectory = (runs: string, time: number): { id: string; directory: string } => {
  makeParents(runs);
  for (let id = runId(time); ; id = nextRunId(id)) {
    const directory = join(runs, id);
    try {
      mkdirSync(directory, { mode: 0o700 });
      return { id, directory };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
};

/** Like mkdir's own `recursive`, which never comes to an end below directories in which nobody can make any, such as /proc. */
const makeParents = (directory: string): void => {
  if (existsSync(directory)) return;
  const parent = dirname(directory);
  if (parent !== directory) makeParents(parent);
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
};

const userName = (): string => {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? '');
  }
};
