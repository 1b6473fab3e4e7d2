import { createHash } from 'node:crypto';
import { inherited, nameOf } from '../../playbook/index.ts';
import type { TaskNode } from '../../playbook/tree.ts';
import { toRepr, type Value } from '../../values/index.ts';
import type { HostState } from '../host-state.ts';
import type { ItemMemory, JobMemory, Outcome } from '../task/task-run.ts';
import type { Journal, StepLine } from './journal.ts';
import { recordOutcome, restoreOutcome } from './outcome-line.ts';
import { isRepeatable } from './repeatable.ts';

/**
 * Writes down what tasks come to, and answers from what an earlier run wrote down: the engine runs as it always does,
 * and a task that had ended well is not executed but has the outcome that it had.
 */
export class Restorer {
  readonly #journal: Journal;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** Whether something is recorded of the step that a host is at, or of a later one. */
  isBehind(play: number, { name, step }: HostState): boolean {
    return this.#journal.past?.reaches(play, name, step) ?? false;
  }

  /** A host comes to its next step. Handlers that have run already, when the run was interrupted, are not run again. */
  arrive(play: number, host: HostState): void {
    if (!this.#journal.past || this.isBehind(play, host)) return;
    const ran = this.#journal.past.goLive(play, host.name);
    if (!ran || ran.size === 0) return;
    for (const handler of host.notified) if (ran.has(identityOf(handler))) host.notified.delete(handler);
    this.#journal.write({ type: 'live', play, host: host.name });
  }

  /** What is recorded of the step that a host is at; undefined when the task has to be run. */
  answer(play: number, { name, step }: HostState, task: TaskNode): StepLine | undefined {
    const { past } = this.#journal;
    const found = past?.find(play, name, step, identityOf(task));
    if (!found || this.#isRunAgain(found.line, task)) return undefined;
    if (found.isMoved) {
      this.#journal.write({ type: 'cut', play, host: name, step });
      for (const item of past!.itemsOf(play, name, step)?.values() ?? []) this.#journal.write({ ...item, step });
      this.#journal.write({ ...found.line, step });
    }
    return found.line;
  }

  /** A task begins. It is noted when others follow its change: its handlers, or tasks that ask for its result. */
  begin(play: number, { name, step }: HostState, task: TaskNode): void {
    if (!task.loop && isFollowed(task)) this.#journal.write({ type: 'begin', play, host: name, step });
  }

  /** Whether a task was under way when the run that is resumed ended, so that it may have made its change. */
  isInDoubt(play: number, { name, step }: HostState, task: TaskNode): boolean {
    // Of a job that is found again it is known what it changed.
    if (task.loop || !isFollowed(task) || this.#journal.past?.job(play, name, step) !== undefined) return false;
    return this.#journal.past?.isInDoubt(play, name, step) ?? false;
  }

  /** Whether the conditions of a `meta` task hold: as they did in an earlier run, when it came so far. */
  decide(play: number, { name: host, step }: HostState, ask: () => boolean): boolean {
    const known = this.#journal.past?.decision(play, host, step);
    if (known !== undefined) return known;
    const holds = ask();
    this.#journal.write({ type: 'decision', play, host, step, holds });
    return holds;
  }

  /** The items of a step that was answered. */
  itemsOf(play: number, { name, step }: HostState): readonly Parameters<typeof restoreOutcome>[0][] {
    const items = [...(this.#journal.past?.itemsOf(play, name, step)?.values() ?? [])];
    return items.sort((left, right) => left.index - right.index).map(({ outcome }) => outcome);
  }

  #isRunAgain({ outcome }: StepLine, task: TaskNode): boolean {
    return outcome.isMissed === true && (this.#journal.rerunsCensored || isRepeatable(task));
  }

  /** As which job a task ran that was under way when the run ended, and as which it runs now. */
  job(play: number, { name: host, step }: HostState, index?: number): JobMemory {
    const { past, write } = bound(this.#journal);
    let known = past?.job(play, host, step, index);
    return {
      take: () => {
        const id = known;
        known = undefined;
        return id;
      },
      note: (id) => write({ type: 'job', play, host, step, ...(index !== undefined && { index }), id }),
    };
  }

  /** What a loop asks item by item. */
  memory(play: number, state: HostState, task: TaskNode): ItemMemory {
    const { name: host, step } = state;
    const { past, isSecret, write } = bound(this.#journal);
    const identity = identityOf(task);
    const lines = past?.itemsOf(play, host, step);
    const hash = (item: Value): string | undefined => {
      const text = toRepr(item);
      return isSecret(text) ? undefined : createHash('sha256').update(text).digest('base64url').slice(0, 16);
    };
    const memory: ItemMemory = {
      count: 0,
      begin: (index) => {
        if (isFollowed(task)) write({ type: 'begin', play, host, step, index });
      },
      isInDoubt: (index) =>
        isFollowed(task) &&
        past?.job(play, host, step, index) === undefined &&
        (past?.isInDoubt(play, host, step, index) ?? false),
      job: (index) => this.job(play, state, index),
      recall: (index, of, item) => {
        const line = lines?.get(index);
        if (!line || line.isBad || line.task !== identity || line.of !== of) return undefined;
        if (line.item !== undefined && line.item !== hash(item)) return undefined;
        if (line.outcome.isMissed && (this.#journal.rerunsCensored || isRepeatable(task))) return undefined;
        memory.count++;
        return restoreOutcome(line.outcome, nameOf(task));
      },
      note: (index, of, item, execution, isBad) => {
        memory.count++;
        const outcome = recordOutcome(execution, isRegistered(task), isSecret);
        const digest = execution.noLog ? undefined : hash(item);
        write({
          type: 'item',
          play,
          host,
          step,
          task: identity,
          index,
          of,
          ...(isBad && { isBad }),
          ...(digest !== undefined && { item: digest }),
          outcome,
        });
      },
    };
    return memory;
  }

  /** Writes down how a task ended on a host. `isBad`: nothing took its failure up. */
  note(play: number, { name: host, step }: HostState, outcome: Outcome, isBad: boolean): void {
    const { task, memory } = outcome.run;
    const { isSecret, write } = bound(this.#journal);
    const items = outcome.isLoop ? (memory?.count ?? 0) : 0;
    // Items that have lines of their own are not written twice.
    const result = items > 0 ? new Map([...outcome.result].filter(([key]) => key !== 'results')) : outcome.result;
    write({
      type: 'step',
      play,
      host,
      step,
      task: identityOf(task),
      ...(isBad && { isBad }),
      ...(task.isHandler && { isHandler: true }),
      outcome: {
        ...recordOutcome({ ...outcome, result }, isRegistered(task), isSecret),
        ...(items > 0 && { items }),
      },
    });
  }

  /** Writes down that a handler ran out of its turn. */
  noteHandler(play: number, { name: host }: HostState, task: TaskNode): void {
    this.#journal.write({ type: 'handler', play, host, task: identityOf(task) });
  }
}

const bound = (journal: Journal) => ({
  past: journal.past,
  isSecret: (text: string): boolean => journal.isSecret(text),
  write: (line: Parameters<Journal['write']>[0]): void => journal.write(line),
});

/** Whether something hangs on what a task changes. What changes nothing is left out. */
const isFollowed = (task: TaskNode): boolean =>
  !isRepeatable(task) && (isRegistered(task) || inherited(task, 'notify') !== undefined);

const isRegistered = (task: TaskNode): boolean => task.keywords.has('register');

const identities = new WeakMap<TaskNode, string>();

/** What a task is known by from run to run: its file, the role that it stands in, and its name or action. */
const identityOf = (task: TaskNode): string => {
  let identity = identities.get(task);
  if (identity === undefined) {
    identity = `${task.file}: ${nameOf(task)} (${task.action})`;
    identities.set(task, identity);
  }
  return identity;
};
