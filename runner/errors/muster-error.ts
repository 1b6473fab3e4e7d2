import type { Origin } from './origin.ts';

/** One mistake: what is wrong, where, what was expected, and what to do about it. */
export interface Problem {
  readonly message: string;
  readonly origin?: Origin | undefined;
  readonly expected?: string | undefined;
  readonly hint?: string | undefined;
  /** The text that `origin` counts in, where that is no file. */
  readonly source?: string | undefined;
  /** A file, role or host that is needed is not there; ansible-playbook tells that from a mistake by its exit code. */
  readonly isMissing?: true;
}

/**
 * An error that is meant for people. It is shown without a stack trace; anything else that is thrown is a defect of ours.
 * `problems` holds every mistake that was found, so that a user can mend them in one go.
 */
export class MusterError extends Error {
  readonly problems: readonly Problem[];

  constructor(problem: string | Problem | readonly Problem[], options?: { cause?: unknown }) {
    const problems = typeof problem === 'string' ? [{ message: problem }] : isList(problem) ? problem : [problem];
    super(problems.map(({ message }) => message).join('\n'), options);
    this.name = new.target.name;
    this.problems = problems;
  }
}

const isList = (value: Problem | readonly Problem[]): value is readonly Problem[] => Array.isArray(value);

/** A mistake in a playbook, role, inventory, configuration or command line, found before any host was touched. */
export class SourceError extends MusterError {}

/** A command line that does not say what it should. */
export class UsageError extends MusterError {}

/** A setting in a configuration file, the environment or the command line that cannot be. */
export class SettingError extends SourceError {}

/** A template that does not parse, or whose evaluation failed. `kind` is Jinja2's class of the error. */
export class TemplateError extends MusterError {
  readonly kind: TemplateErrorKind;

  constructor(kind: TemplateErrorKind, problem: string | Problem, options?: { cause?: unknown }) {
    super(problem, options);
    this.kind = kind;
  }
}

export type TemplateErrorKind =
  | 'undefined'
  | 'syntax'
  | 'type'
  | 'filter'
  | 'lookup'
  | 'zerodivision'
  | 'value'
  | 'key'
  | 'attribute'
  | 'recursion'
  | 'notfound'
  | 'other';

/** The host could not be reached, or refused the login. */
export class UnreachableError extends MusterError {}

/** Becoming another user failed (wrong password, not allowed, no such method). */
export class BecomeError extends MusterError {}

/** Somebody at the terminal ended the run. */
export class InterruptedError extends MusterError {}

/** A module's own failure: the task fails with `msg` and the further values of `result`. */
export class ModuleFailure extends Error {
  readonly result: Readonly<Record<string, unknown>>;

  constructor(msg: string, result: Record<string, unknown> = {}) {
    super(msg);
    this.name = 'ModuleFailure';
    this.result = result;
  }
}
