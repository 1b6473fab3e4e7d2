import { dict } from '../../values/index.ts';
import type { Guesses } from './guesses.ts';
import { isFailed, isSkipped, isUnreachable, statusOf } from './result.ts';
import type { Execution } from './task-run.ts';

/**
 * An execution as check mode can answer for it: a failure, or a condition that does not hold, which rests on the result
 * of something that was not run says nothing about a real run. It is skipped, and the reason told.
 */
export const asForetold = <E extends Execution>(execution: E, guesses: Guesses | undefined): E => {
  const reason = guesses?.reason;
  const { result } = execution;
  if (reason === undefined || isUnreachable(result)) return execution;
  if (isFailed(result) || statusOf(result) === 'failed') {
    const skipped = dict({ changed: false, skipped: true, skip_reason: reason });
    return { ...execution, result: skipped, reason, isIgnored: false, notify: undefined, include: undefined };
  }
  if (!isSkipped(result)) return execution;
  result.set('skip_reason', reason);
  return { ...execution, reason };
};
