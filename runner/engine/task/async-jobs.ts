import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Script, Target } from '../../connection/index.ts';
import { sh } from '../../connection/index.ts';
import { type Dict, dict, dumpJson } from '../../values/index.ts';
import { JobGone } from './detached-target.ts';
import { errorResult } from './result.ts';

const longestTidying = 2000;

interface Job {
  readonly id: string;
  file: string;
  result: Dict | undefined;
  readonly done: Promise<Dict>;
  /** Its module works from here: the job is not done unless the run goes on. */
  readonly isTended: boolean;
}

/** How a job is begun. */
export interface JobStart {
  readonly target: Target;
  /** What it comes to stays on the host, for those who ask in another run; otherwise nothing is left of it. */
  readonly leavesFile: boolean;
  readonly isTended: boolean;
  /** Calls `started` with the job's results file. Rejects with JobGone when the job was to be found and is not. */
  readonly begin: (started: (file: string) => void) => Promise<Dict>;
}

/** Jobs of `async` tasks, which go on beside the play. */
export class AsyncJobs {
  readonly #jobs = new Map<string, Job>();
  readonly #left = new Map<string, () => Promise<unknown>>();
  readonly #tidying = new Set<Promise<unknown>>();
  readonly #watching = new AbortController();

  /** Ends with the run: jobs go on, on their hosts, but nobody watches them any more. */
  get signal(): AbortSignal {
    return this.#watching.signal;
  }

  /** Ends the watch, once what has ended is written down on its host; a host that does not answer is not waited for. */
  async stopWatching(): Promise<void> {
    if (this.#tidying.size > 0) {
      const patience = new AbortController();
      const tidied = Promise.all(this.#tidying).finally(() => patience.abort());
      await Promise.race([tidied, sleep(longestTidying, undefined, { signal: patience.signal }).catch(() => {})]);
    }
    this.#watching.abort();
  }

  /** An id like those of ansible-playbook. */
  newId(): string {
    return `j${randomInt(10 ** 11, 10 ** 12)}.${process.pid}`;
  }

  /** Begins work as a job. Resolves when it has started on the host, or has ended already. */
  async start(host: string, id: string, { target, leavesFile, isTended, begin }: JobStart): Promise<Job> {
    let running: (file: string) => void = () => {};
    const started = new Promise<string>((resolve) => {
      running = resolve;
    });
    const done = begin((file) => running(file)).catch((error: unknown) => {
      if (error instanceof JobGone) this.#jobs.delete(keyOf(host, id));
      return errorResult(error);
    });
    const job: Job = { id, file: '', result: undefined, done, isTended };
    this.#jobs.set(keyOf(host, id), job);
    done.then((result) => {
      job.result = result;
      if (job.file === '' || this.signal.aborted) return;
      const text = dumpJson(new Map([...result, ...finishedEntries(job)]));
      const kept = sh`umask 077; printf %s ${text} >${job.file}.new && mv -f ${job.file}.new ${job.file} && rm -rf ${job.file}.d`;
      const cleared = sh`rm -rf ${job.file} ${job.file}.d`;
      this.#tidy(target, leavesFile ? kept : cleared);
    });
    job.file = await Promise.race([started, done.then(() => '')]);
    return job;
  }

  /** Not before the run's journal tells how the task ended: a run that is resumed would begin the job once more. */
  #tidy(target: Target, script: Script): void {
    const work = new Promise((resolve) => setImmediate(resolve))
      .then(() => (this.signal.aborted ? undefined : target.run(script)))
      .catch(() => {})
      .finally(() => this.#tidying.delete(work));
    this.#tidying.add(work);
  }

  /** Takes note of a job that an earlier run began. `find` is called when somebody asks for it: it starts the job's watch. */
  remember(host: string, id: string, find: () => Promise<unknown>): void {
    this.#left.set(keyOf(host, id), find);
  }

  /** What is known of a job of this run, or of the run that it resumes; undefined for any other. */
  async status(host: string, id: string): Promise<Dict | undefined> {
    const key = keyOf(host, id);
    const find = this.#left.get(key);
    this.#left.delete(key);
    await find?.();
    const job = this.#jobs.get(key);
    if (!job) return undefined;
    return job.result ? new Map([...job.result, ...finishedEntries(job)]) : runningResult(job);
  }

  /** How many jobs would not come to their end without this run. */
  get tended(): number {
    return this.#tended().length;
  }

  /** Resolves when those jobs have ended, or when `stopping` says not to wait for them. */
  async settle(stopping: AbortSignal): Promise<void> {
    if (stopping.aborted) return;
    let stop = (): void => {};
    const stopped = new Promise<void>((resolve) => {
      stop = resolve;
    });
    stopping.addEventListener('abort', stop, { once: true });
    await Promise.race([stopped, Promise.all(this.#tended().map(({ done }) => done))]);
    stopping.removeEventListener('abort', stop);
  }

  #tended(): Job[] {
    return [...this.#jobs.values()].filter(({ isTended, result }) => isTended && !result);
  }
}

const keyOf = (host: string, id: string): string => `${host}\0${id}`;

const finishedEntries = ({ id, file }: Job): Dict =>
  dict({ ansible_job_id: id, started: 1, finished: 1, results_file: file });

/** The result of a job that is still under way. */
export const runningResult = ({ id, file }: Pick<Job, 'id' | 'file'>): Dict =>
  dict({ ansible_job_id: id, started: 1, finished: 0, results_file: file });
