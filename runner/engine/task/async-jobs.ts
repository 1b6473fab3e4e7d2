import { randomInt } from 'node:crypto';
import type { Target } from '../../connection/index.ts';
import { sh } from '../../connection/index.ts';
import { type Dict, dict, dumpJson } from '../../values/index.ts';
import { errorResult } from './result.ts';

interface Job {
  readonly id: string;
  file: string;
  result: Dict | undefined;
  readonly done: Promise<Dict>;
}

/** Jobs of `async` tasks, which go on beside the play. */
export class AsyncJobs {
  readonly #jobs = new Map<string, Job>();
  readonly #watching = new AbortController();

  /** Ends with the run: jobs go on, on their hosts, but nobody watches them any more. */
  get signal(): AbortSignal {
    return this.#watching.signal;
  }

  stopWatching(): void {
    this.#watching.abort();
  }

  /** An id like those of ansible-playbook. */
  newId(): string {
    return `j${randomInt(10 ** 11, 10 ** 12)}.${process.pid}`;
  }

  /**
   * Begins work as a job. Resolves when it has started on the host, or has ended already. What it came to is also
   * written to the job's results file there when `leavesFile`, for those who ask in another run.
   */
  async start(
    host: string,
    id: string,
    target: Target,
    leavesFile: boolean,
    begin: (started: (file: string) => void) => Promise<Dict>,
  ): Promise<Job> {
    let running: (file: string) => void = () => {};
    const started = new Promise<string>((resolve) => {
      running = resolve;
    });
    const done = begin((file) => running(file)).catch((error: unknown) => errorResult(error));
    const job: Job = { id, file: '', result: undefined, done };
    this.#jobs.set(`${host}\0${id}`, job);
    done.then((result) => {
      job.result = result;
      if (!leavesFile || job.file === '' || this.signal.aborted) return;
      const text = dumpJson(new Map([...result, ...finishedEntries(job)]));
      target.run(sh`umask 077; printf %s ${text} >${job.file}`).catch(() => {});
    });
    job.file = await Promise.race([started, done.then(() => '')]);
    return job;
  }

  /** What is known of a job that this run has started; undefined for any other. */
  status(host: string, id: string): Dict | undefined {
    const job = this.#jobs.get(`${host}\0${id}`);
    if (!job) return undefined;
    return job.result ? new Map([...job.result, ...finishedEntries(job)]) : runningResult(job);
  }
}

const finishedEntries = ({ id, file }: Job): Dict =>
  dict({ ansible_job_id: id, started: 1, finished: 1, results_file: file });

/** The result of a job that is still under way. */
export const runningResult = ({ id, file }: Pick<Job, 'id' | 'file'>): Dict =>
  dict({ ansible_job_id: id, started: 1, finished: 0, results_file: file });
