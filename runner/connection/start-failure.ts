import { UnreachableError } from '../errors/index.ts';
import { becomeFailure, wantsTerminal } from './become/failures.ts';
import type { BecomeSpec } from './connection-spec.ts';

/** The method can be used with a terminal only. */
export class NeedsTerminalError extends Error {
  readonly failure: Error;
  constructor(failure: Error) {
    super(failure.message);
    this.failure = failure;
  }
}

/** The error for people, without the remark that a terminal would help. */
export const plainError = (error: unknown): unknown => (error instanceof NeedsTerminalError ? error.failure : error);

/** Why a command ended before it began, from all that was printed. */
export const startFailure = (become: BecomeSpec | undefined, said: string, code: number | null): Error => {
  if (become) {
    const failure = becomeFailure(become, said, code);
    return wantsTerminal(said) ? new NeedsTerminalError(failure) : failure;
  }
  const text = said.trim();
  return new UnreachableError({
    message: `the shell on the host could not be started${text === '' ? '' : `: ${text.split('\n').slice(-3).join('\n')}`}`,
    hint:
      code === 127 || /not found|no such file/i.test(text)
        ? 'set ansible_shell_executable to the POSIX sh of the host'
        : undefined,
  });
};
