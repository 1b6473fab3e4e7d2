import { type Script, sh } from '../../../../connection/index.ts';
import { ModuleFailure } from '../../../../errors/index.ts';
import type { ModuleContext } from '../../../define.ts';
import { outputValues } from '../../commands/decode.ts';
import { missingText } from '../../missing.ts';

/** How a package manager's command went. */
export interface ToolReply {
  /** The command line, as it is told. */
  readonly command: string;
  readonly words: readonly string[];
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a task of a package manager has to ask for: packages by name, a refresh, or an upgrade of all. */
export const managerRules = {
  requiredOneOf: [['name', 'update_cache', 'upgrade']],
  mutuallyExclusive: [['name', 'upgrade']],
} as const;

/** What results tell of what a package manager did. */
export const managerReturns = (
  program: string,
): Readonly<Record<'msg' | 'packages' | 'stdout' | 'stderr', string>> => ({
  msg: 'What was done.',
  packages: 'The packages that were touched.',
  stdout: `What ${program} said.`,
  stderr: `What ${program} said on its standard error.`,
});

export interface ToolOptions {
  /** The folder to run in. */
  readonly folder?: Script;
}

/** Runs a package manager in plain C, with its output passed on to those who watch. Fails where the host has none. */
export const runManager = async (
  program: string,
  words: readonly string[],
  { target, output, signal }: ModuleContext,
  { folder }: ToolOptions = {},
): Promise<ToolReply> => {
  const command = sh`${[program, ...words]}`;
  const { code, stdout, stderr } = await target.run(
    sh`PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin LC_ALL=C LANG=C LANGUAGE=; export PATH LC_ALL LANG LANGUAGE
command -v ${program} >/dev/null || { printf %s ${missingText(program)} >&2; exit 127; }
${folder ?? sh`:`}
${command}`,
    { onOutput: output, signal },
  );
  const reply = {
    command: command.text,
    words: [program, ...words],
    code,
    stdout: stdout.toString(),
    stderr: stderr.toString(),
  };
  if (code === 127 && reply.stderr.startsWith('Failed to find required')) throw new ModuleFailure(reply.stderr);
  return reply;
};

/** The failure of a package manager's command, with all that it said. */
export const managerFailure = (
  msg: string,
  { command, code, stdout, stderr }: ToolReply,
  more: Readonly<Record<string, unknown>> = {},
): ModuleFailure => new ModuleFailure(msg, { cmd: command, rc: code, ...outputValues(stdout, stderr), ...more });

/** Fails with what a command said, unless it went well. */
export const managerMustGo = (reply: ToolReply, msg?: string): ToolReply => {
  if (reply.code !== 0) throw managerFailure(msg ?? (reply.stderr.trim() || reply.stdout.trim()), reply);
  return reply;
};

/** The lines of an output that say something. */
export const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
