import { type BecomeSpec, becomeMethod, type ConnectionSpec } from '../connection/index.ts';
import { readBoolean } from '../modules/index.ts';
import type { Scope } from '../template/types.ts';
import { toText, type Value } from '../values/index.ts';
import type { RunContext } from './context.ts';
import type { TaskKeywords } from './task/keywords.ts';

const localNames = new Set(['localhost', '127.0.0.1', '::1']);

/**
 * How to reach a host for a task. Variables (`ansible_user`, …) are stronger than keywords (`remote_user`), and those
 * than the command line and configuration. `host` is the host that is delegated to, where there is one, and `scope` its
 * variables.
 */
export const connectionSpec = (
  host: string,
  scope: Scope,
  keywords: TaskKeywords,
  context: RunContext,
  isKnown: boolean,
): ConnectionSpec => {
  const defaults = context.options.connection;
  const { text, number, boolean } = variableReader(scope, context);
  const secret = (value: string | undefined): string | undefined => {
    if (value !== undefined && value !== '') context.addSecret(value);
    return value;
  };
  const isImplicitLocal = !isKnown && localNames.has(host);
  const wantsBecome = boolean('ansible_become') ?? keywords.boolean('become') ?? defaults.become;
  const connection =
    text('ansible_connection') ?? keywords.text('connection') ?? (isImplicitLocal ? 'local' : defaults.connection);
  return {
    host,
    connection,
    address: text('ansible_ssh_host', 'ansible_host') ?? host,
    port: number('ansible_ssh_port', 'ansible_port') ?? keywords.number('port') ?? defaults.port,
    user: text('ansible_ssh_user', 'ansible_user') ?? keywords.text('remote_user') ?? defaults.user,
    password: secret(text('ansible_ssh_password', 'ansible_ssh_pass', 'ansible_password') ?? defaults.password),
    privateKeyFile: text('ansible_ssh_private_key_file', 'ansible_private_key_file') ?? defaults.privateKeyFile,
    passphrase: secret(text('ansible_ssh_private_key_passphrase', 'ansible_private_key_passphrase')),
    sshArgs: [
      ...defaults.commonArgs,
      ...['ansible_ssh_args', 'ansible_ssh_common_args', 'ansible_ssh_extra_args'].flatMap((name) => text(name) ?? []),
    ],
    timeout: number('ansible_ssh_timeout', 'ansible_timeout') ?? defaults.timeout,
    hostKeyChecking: boolean('ansible_ssh_host_key_checking', 'ansible_host_key_checking') ?? defaults.hostKeyChecking,
    become: wantsBecome ? becomeSpec(text, keywords, defaults, secret) : undefined,
    shell: text('ansible_shell_executable') ?? defaults.executable,
    // Local commands run beside the playbook.
    ...(/(?:^|\.)local$/.test(connection) && { directory: text('playbook_dir') }),
  };
};

const becomeSpec = (
  text: VariableReader['text'],
  keywords: TaskKeywords,
  defaults: RunContext['options']['connection'],
  secret: (value: string | undefined) => string | undefined,
): BecomeSpec => {
  const method = text('ansible_become_method') ?? keywords.text('become_method') ?? defaults.becomeMethod;
  // A wrong name is told even where nobody needs to be become.
  becomeMethod(method);
  return {
    method,
    user: text('ansible_become_user', `ansible_${method}_user`) ?? keywords.text('become_user') ?? defaults.becomeUser,
    password: secret(
      text('ansible_become_password', 'ansible_become_pass', `ansible_${method}_password`, `ansible_${method}_pass`) ??
        defaults.becomePassword,
    ),
    exe: text('ansible_become_exe', `ansible_${method}_exe`) ?? keywords.text('become_exe') ?? defaults.becomeExe,
    flags:
      text('ansible_become_flags', `ansible_${method}_flags`) ?? keywords.text('become_flags') ?? defaults.becomeFlags,
  };
};

interface VariableReader {
  text(...names: string[]): string | undefined;
  number(...names: string[]): number | undefined;
  boolean(...names: string[]): boolean | undefined;
}

/** Reads the first of some variables that is there. */
const variableReader = (scope: Scope, { templar }: RunContext): VariableReader => {
  const value = (names: readonly string[]): Value | undefined => {
    for (const name of names) {
      const stored = scope.get(name);
      if (stored === undefined || stored === null) continue;
      const rendered = templar.render(stored, scope);
      if (rendered !== null) return rendered;
    }
    return undefined;
  };
  const text = (...names: string[]): string | undefined => {
    const found = value(names);
    return found === undefined ? undefined : toText(found);
  };
  return {
    text,
    number: (...names) => {
      const found = text(...names);
      return found === undefined || found === '' ? undefined : Number(found);
    },
    boolean: (...names) => {
      const found = value(names);
      return found === undefined ? undefined : readBoolean(found);
    },
  };
};
