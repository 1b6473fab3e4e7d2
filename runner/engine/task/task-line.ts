import type { TaskNode } from '../../playbook/tree.ts';
import type { HostState } from '../host-state.ts';
import { executeOnce } from './execute-once.ts';
import { findKeyword } from './keywords.ts';
import { type Ahead, LookAhead } from './look-ahead.ts';
import { isPlain, mentions, readsController } from './may-look-ahead.ts';
import { scopeOf } from './scope-of.ts';
import type { Execution, TaskRun } from './task-run.ts';

/** How a task takes part: it looks first, it only acts, or it is none of the line's. */
type Part = 'looks' | 'acts' | undefined;

/** A task that has begun before its turn. */
interface Early {
  readonly run: { -readonly [Name in keyof TaskRun]: TaskRun[Name] };
  /** The variables that it has read, and how many had been registered when it began. */
  readonly reads: Set<string>;
  readonly since: number;
}

const acting = /^ansible\.builtin\.(command|shell)$/;
const farthest = 32;

/**
 * The tasks that follow each other on the only host of a batch: while one is under way, those that come next look at the
 * host. With a second host, tasks would come in between that may change what was seen.
 */
export class TaskLine {
  readonly #host: HostState;
  readonly #parts = new Map<TaskNode, Part>();
  readonly #early = new Map<number, Early>();
  readonly #registered: string[] = [];
  readonly #ahead = new LookAhead((index) => this.#beginOf(index));
  /** The tasks from the current one on, as far as they are known. */
  #tasks: readonly TaskNode[] = [];
  #at = 0;
  #run: TaskRun | undefined;

  constructor(host: HostState) {
    this.#host = host;
  }

  /** The host has come to a task. What did not look ahead to it has looked in vain. */
  arrive(task: TaskNode): void {
    this.#early.delete(this.#at);
    this.#at++;
    if (this.#tasks[1] === task) {
      this.#tasks = this.#tasks.slice(1);
      return;
    }
    this.#tasks = [task];
    this.leave();
  }

  /** Lets go of all that has begun before its turn. */
  leave(): void {
    this.#early.clear();
    this.#ahead.drop();
  }

  /** Executes the task that the host has come to; `begin` begins it where it has not looked ahead. */
  async execute(run: TaskRun, begin: (ahead?: Ahead) => Promise<Execution>): Promise<Execution> {
    if (this.#tasks.length < 2) this.#tasks = [run.task, ...this.#host.counter.following(farthest)];
    this.#run = run;
    for (const task of this.#tasks) if (!this.#parts.has(task)) this.#parts.set(task, await partOf(run, task));
    const part = this.#parts.get(run.task);
    if (part === undefined) {
      this.leave();
      return begin();
    }
    const early = this.#early.get(this.#at);
    if (early) {
      early.run.id = run.id;
      if (this.#isOutdated(early)) this.leave();
    }
    const execution = await this.#ahead.execute(this.#at, begin, part === 'looks');
    const register = run.task.keywords.get('register');
    if (typeof register === 'string') this.#registered.push(register);
    return execution;
  }

  #isOutdated({ reads, since }: Early): boolean {
    const registered = this.#registered.slice(since);
    const names = registered.length > 0 ? [...outside, ...all, ...registered] : outside;
    return names.some((name) => reads.has(name));
  }

  #beginOf(index: number): ((ahead: Ahead) => Promise<Execution>) | undefined {
    const offset = index - this.#at;
    const task = this.#tasks[offset];
    const current = this.#run!;
    if (!task || this.#parts.get(task) !== 'looks' || current.guessed?.hasAny(current.host)) return undefined;
    const before = this.#tasks.slice(0, offset).map(({ keywords }) => keywords.get('register'));
    if (before.some((name) => typeof name === 'string' && mentions(task, name))) return undefined;
    const { context, scopes, play, host, receivers, guessed } = current;
    return (ahead) => {
      const run: Early['run'] = { context, scopes, play, task, id: '', host, receivers, guessed, ahead };
      const reads = new Set<string>();
      this.#early.set(index, { run, reads, since: this.#registered.length });
      return executeOnce(
        run,
        scopeOf(run).watched((name) => reads.add(name)),
        new Map(),
      );
    };
  }
}

// What may tell something else a moment later, wherever the text stands that asks.
const outside = ['lookup', 'query', 'q', 'now'];
// Variables through which all others can be seen.
const all = ['vars', 'hostvars'];

const partOf = async ({ context }: TaskRun, task: TaskNode): Promise<Part> => {
  if (task.loop || !isPlain(task) || findKeyword(task, 'run_once') !== undefined) return undefined;
  const module = await context.module(task.module);
  if (module?.looksFirst) return readsController(task) ? undefined : 'looks';
  return module && acting.test(module.name) ? 'acts' : undefined;
};
