import type { TaskNode } from '../../playbook/tree.ts';
import type { Dict, Value } from '../../values/index.ts';
import type { RunContext } from '../context.ts';
import type { PlayRun } from '../play-run.ts';
import type { Restored } from '../restore/outcome-line.ts';
import type { Scopes } from '../scopes.ts';
import type { GuessedNames, Guesses } from './guesses.ts';
import type { Ahead } from './look-ahead.ts';
import type { TaskLine } from './task-line.ts';

/** One task about to run on one host. */
export interface TaskRun {
  readonly context: RunContext;
  readonly scopes: Scopes;
  readonly play: PlayRun;
  readonly task: TaskNode;
  /** The id of the task in events. */
  readonly id: string;
  readonly host: string;
  /** The hosts that get what is registered and set: all of the batch under run_once. */
  readonly receivers: readonly string[];
  /** Variables that were set in the debugger; they are stronger than all others. */
  readonly overrides?: Dict | undefined;
  /** The variables that check mode could only guess; undefined where that is of no interest. */
  readonly guessed?: GuessedNames | undefined;
  /** Those of them that the task uses. */
  readonly guesses?: Guesses | undefined;
  /** What is known of the items of its loop from an earlier run, and where they are noted. */
  readonly memory?: ItemMemory | undefined;
  /** Lets the tasks that follow it look at the host while it is under way. */
  readonly line?: TaskLine | undefined;
  /** Lets it, or an item of its loop, begin before its turn. */
  readonly ahead?: Ahead | undefined;
  /** It was under way when the run that is resumed ended: what it changes may be changed already. */
  readonly isInDoubt?: boolean | undefined;
  /** What is known of the job as which it runs, where it is `async`. */
  readonly job?: JobMemory | undefined;
}

/** Remembers as which job a task runs, so that a run that is resumed finds it and does not begin it again. */
export interface JobMemory {
  /** An earlier run has begun the job for certain. */
  readonly hasBegun?: boolean;
  /** The job that an earlier run has begun, or was about to begin; given once, since a task that is tried again is another job. */
  take(): string | undefined;
  note(id: string): void;
}

/** Remembers the items of a loop, so that those that ended well need not be run again when the run is resumed. */
export interface ItemMemory {
  /** How many items are noted. */
  count: number;
  begin(index: number): void;
  /** Whether the item was under way when the run that is resumed ended. */
  isInDoubt(index: number): boolean;
  job(index: number): JobMemory;
  /** How the item ended in an earlier run, where it ended well. */
  recall(index: number, of: number, item: Value): Restored | undefined;
  note(index: number, of: number, item: Value, execution: Execution, isBad: boolean): void;
}

/** What a dynamic include asks for: resolved by the strategy, which puts the blocks into the hosts' plays. */
export interface IncludeRequest {
  readonly kind: 'tasks' | 'role';
  /** The rendered arguments: `file`, `apply`, `name`, `tasks_from`, … */
  readonly args: Dict;
  /** The item and what the loop adds, seen by all included tasks. */
  readonly overlay: Dict;
  readonly label: string | undefined;
}

/** How one execution ended: of the task, or of one item of its loop. */
export interface Execution {
  readonly result: Dict;
  readonly noLog: boolean;
  readonly showsDiff: boolean;
  readonly isIgnored: boolean;
  /** Check mode left it out, so that nobody knows what its result would have been. */
  readonly isUnrun?: boolean | undefined;
  /** Why it was skipped, where that is not simply that its conditions do not hold. */
  readonly reason?: string | undefined;
  /** A condition or an argument could not be made out: a loop ends there, as if it had no items. */
  readonly isUnfit?: boolean;
  /** The run was interrupted before it came to its own end: it says nothing about the task. */
  readonly isCutShort?: boolean | undefined;
  readonly delegatedTo?: string | undefined;
  /** The host that has the facts it told, where that is not the task's own. */
  readonly factsTo?: string | undefined;
  readonly include?: IncludeRequest | undefined;
  /** The names that `notify` gives, when it changed something. */
  readonly notify?: readonly Value[] | undefined;
}

/** How a task ended on a host. */
export interface Outcome extends Omit<Execution, 'include'> {
  readonly run: TaskRun;
  readonly isLoop: boolean;
  readonly includes: readonly IncludeRequest[];
  readonly duration: number;
  /** It comes from the record of an earlier run. */
  readonly isAnswered?: true;
  /** It was told already, in front of the debugger's prompt. */
  readonly isReported?: true;
}
