import type { TaskNode } from '../playbook/tree.ts';
import type { ProgramCounter } from './program-counter.ts';

/** One host in a play that is running. */
export interface HostState {
  readonly name: string;
  /** How many tasks of the play it has come to. */
  step: number;
  readonly counter: ProgramCounter;
  /** Handlers that wait for the next flush. */
  readonly notified: Set<TaskNode>;
  /** Roles, by identity, that have run to their end here. */
  readonly finishedRoles: Set<string>;
  /** Roles of which a task has really run here: only those count as run. */
  readonly rolesWithTasks: Set<string>;
  /** It failed and nothing rescued it. */
  hasFailed: boolean;
  /** The block that it failed in has no always section: only such a failure is fatal for other hosts. */
  hasEndedFailed: boolean;
  /** Nothing was left to do for it when it failed: only such a host counts for `max_fail_percentage`. */
  isDoneFailed: boolean;
  isUnreachable: boolean;
  /** `meta: end_host`, `end_play`. */
  hasEnded: boolean;
}

/** Whether a host still takes part in its play. */
export const isActive = (host: HostState): boolean =>
  !host.isUnreachable && !host.hasEnded && host.counter.peek() !== undefined;
