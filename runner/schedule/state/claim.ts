import { isRunning } from './identity.ts';
import type { RunOutcome, RunReason, RunState } from './rows.ts';

/** How long an owner on another machine is believed to be alive without a word. */
export const leaseLength = 60_000;

/** How a run ended, and on how many hosts what. */
export interface RunResult {
  readonly outcome: RunOutcome;
  readonly exitCode?: number | undefined;
  readonly hosts?: number;
  readonly changed?: number;
  readonly failed?: number;
  readonly unreachable?: number;
  readonly message?: string | undefined;
}

export interface Claim {
  readonly name: string;
  readonly reason: RunReason;
  readonly attempt: number;
  readonly dueAt: number;
  /** When the schedule is due next, where this claim is for the time that it was due. */
  readonly next?: { readonly expected: number; readonly at: number | undefined } | undefined;
  /** What to do when a run goes on. */
  readonly overlap: 'skip' | 'queue' | 'replace' | 'refuse';
}

export type Claimed =
  | { readonly kind: 'claimed'; readonly run: RunState }
  /** A run goes on; with `replace`, it is to be stopped. */
  | { readonly kind: 'busy'; readonly run: RunState }
  | { readonly kind: 'paused' }
  /** Another process was first. */
  | { readonly kind: 'taken' };

/** Whether a run goes on, or somebody looks after its end. One that is neither was broken off with its machine or daemon. */
export const isGoingOn = ({ owner, child, leaseUntil }: RunState, now: number): boolean =>
  (isRunning(owner) ?? leaseUntil > now) || (child !== undefined && isRunning(child) === true);

export interface Total {
  readonly name: string;
  readonly outcome: string;
  readonly runs: number;
  readonly milliseconds: number;
}
