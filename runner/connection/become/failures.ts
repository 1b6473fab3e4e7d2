import { BecomeError } from '../../errors/index.ts';
import type { BecomeSpec } from '../connection-spec.ts';
import { becomeMethod } from './methods.ts';

interface Rule {
  readonly said: RegExp;
  readonly message: (method: string, user: string) => string;
  readonly hint?: (method: string) => string;
}

const passwordHint = (): string => 'give it by ansible_become_password, or run with --ask-become-pass';

const sourceHint = (): string => 'it comes from --ask-become-pass, --become-password-file or ansible_become_password';

const rules: readonly Rule[] = [
  {
    said: /incorrect password attempt|sorry, try again|authentication fail|incorrect password|permission denied/i,
    message: (method) => `Incorrect ${method} password`,
    hint: sourceHint,
  },
  {
    said: /a password is required|authorization required|authentication required|no askpass program/i,
    message: (method) => `Missing ${method} password`,
    hint: passwordHint,
  },
  {
    said: /not in the sudoers file/i,
    message: (_, user) => `the login user may not become ${user}: it is not in the sudoers file of the host`,
    hint: (method) => `allow it in the host's ${method} configuration, or log in as another user`,
  },
  {
    said: /is not allowed to (?:execute|run)|may not run sudo|operation not permitted/i,
    message: (method, user) => `the login user may not become ${user} by ${method}`,
    hint: (method) => `allow it in the host's ${method} configuration, or log in as another user`,
  },
  {
    said: /unknown user|no passwd entry|user .* does not exist/i,
    message: (_, user) => `there is no user ${user} on the host`,
  },
  {
    said: /account is currently not available|nologin/i,
    message: (method, user) =>
      `the login shell of ${user} admits nobody, so ${method} cannot be used to become ${user}`,
    hint: () => "use become_method 'sudo', or give a shell by become_flags: '-s /bin/sh'",
  },
  {
    said: /account has expired|account or password is expired/i,
    message: (_, user) => `the account ${user} has expired`,
  },
];

/** Whether a method refused for want of a terminal. */
export const wantsTerminal = (said: string): boolean =>
  /must have a tty|must be run from a terminal|a tty is required|a terminal is required to (?:read|authenticate)|no tty present|stdin: not a (?:tty|terminal)/i.test(
    said,
  );

/** Why the user could not be had, from what the method printed and how it ended. */
export const becomeFailure = (spec: BecomeSpec, said: string, code: number | null): BecomeError => {
  const method = becomeMethod(spec.method);
  const text = said.trim();
  const exe = spec.exe ?? method;
  if (code === 127 || /(?:command )?not found$/im.test(text)) {
    return new BecomeError({
      message: `${exe} is not installed on the host`,
      hint: `install it there, or choose another become_method (sudo, su, doas)`,
    });
  }
  if (wantsTerminal(text)) {
    return new BecomeError({
      message: `${method} on the host wants a terminal`,
      hint:
        method === 'sudo'
          ? "remove 'requiretty' from the host's sudoers"
          : 'give the login user a rule without a password',
    });
  }
  const rule = rules.find(({ said: pattern }) => pattern.test(text));
  if (rule) return new BecomeError({ message: rule.message(method, spec.user), hint: rule.hint?.(method) });
  const detail = text === '' ? `it ended with exit code ${code}` : lastLines(text);
  return new BecomeError(`cannot become ${spec.user} by ${method}: ${detail}`);
};

/** The become method did not take the password that it was given. */
export const wrongPassword = (spec: BecomeSpec): BecomeError =>
  new BecomeError({
    message: `Incorrect ${becomeMethod(spec.method)} password`,
    hint: sourceHint(),
  });

/** The become method asks for a password, and there is none. */
export const missingPassword = (spec: BecomeSpec): BecomeError =>
  new BecomeError({ message: `Missing ${becomeMethod(spec.method)} password`, hint: passwordHint() });

const lastLines = (text: string): string => text.split('\n').slice(-3).join('\n');
