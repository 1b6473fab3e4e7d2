import { type Script, type ShellReply, sh } from '../../connection/index.ts';
import { ModuleFailure } from '../../errors/index.ts';
import { type Answer, missingCommand } from './ask.ts';
import { decodeOutput, outputValues } from './commands/decode.ts';
import { expandedWord } from './commands/expand.ts';

/** A text in which an address keeps no password: commands are told, and git tells addresses. */
export const withoutPasswords = (text: string): string =>
  text.replace(/(:\/\/[^\s:@/]*):[^\s@/]+(?=@)/g, '$1:********');

/** The failure of a command: what it said, with its output; `msg` takes the place of what it said. */
export const commandFailure = (answer: Answer, msg?: string, more: Record<string, unknown> = {}): ModuleFailure => {
  const said = answer.stderr.trim() || answer.stdout.trim() || 'the command failed and said nothing';
  return new ModuleFailure(withoutPasswords(msg ?? said), {
    ...more,
    ...(answer.command !== undefined && { cmd: withoutPasswords(answer.command) }),
    rc: answer.code,
    ...outputValues(answer.stdout, answer.stderr),
  });
};

/** The same of a script that a target ran, which is told as this command. */
export const replyFailure = (command: string, { code, stdout, stderr }: ShellReply, msg?: string): ModuleFailure =>
  code === 127
    ? missingCommand(command.split(' ')[0]!)
    : commandFailure({ command, code, stdout: decodeOutput(stdout), stderr: decodeOutput(stderr) }, msg);

/** Fails with what a command said, unless it went well or was not run at all; `cmd` tells a script's command. */
export const mustGo = (answer: Answer | undefined, msg?: (said: string) => string, cmd?: string): void => {
  if (!answer || answer.code === 0) return;
  const more = cmd === undefined ? {} : { cmd };
  throw commandFailure(answer, msg?.(answer.stderr.trim() || answer.stdout.trim()), more);
};

/** A command that prints paths as the target expands them, `~` and variables; nothing where there are none of those. */
export const expandCommand = (paths: readonly string[]): Script | false =>
  paths.some((path) => /^~|\$/.test(path)) && sh`printf '%s\\0' ${paths.map(expandedWord)}`;

/** The paths that `expandCommand` printed, or as they were given where it had nothing to do. */
export const expandedPaths = (answer: Answer | undefined, paths: readonly string[]): string[] =>
  answer ? answer.stdout.split('\0').slice(0, paths.length) : [...paths];
