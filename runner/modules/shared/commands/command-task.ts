import { emit, type Script, sh } from '../../../connection/index.ts';
import { ModuleFailure } from '../../../errors/index.ts';
import type { ArgumentSpecs } from '../../arguments.ts';
import type { ModuleContext, ResultObject } from '../../define.ts';
import { decodeOutput, outputValues, stripEnd } from './decode.ts';
import { executeCommand, type Outcome } from './execute.ts';
import { systemError } from './python-error.ts';

/** The arguments that `command` and `shell` share. */
export const commandArguments = {
  cmd: { type: 'str', doc: 'The command to run.', aliases: ['_raw_params', 'free_form'] },
  chdir: { type: 'path', doc: 'Change into this directory before anything else.' },
  creates: { type: 'path', doc: 'A file or a pattern; when something is there already, the command is not run.' },
  removes: { type: 'path', doc: 'A file or a pattern; when nothing is there, the command is not run.' },
  stdin: { type: 'str', doc: 'What the command reads as its standard input.' },
  stdin_add_newline: { type: 'bool', doc: 'Whether a newline is added to `stdin`.', default: true },
  strip_empty_ends: { type: 'bool', doc: 'Whether newlines at the end of the output are removed.', default: true },
} as const satisfies ArgumentSpecs;

export const commandReturns = {
  cmd: 'The command: text for shell, a list for command.',
  rc: 'Exit code; negative for a signal.',
  stdout: 'Standard output.',
  stdout_lines: 'Standard output, a line an item.',
  stderr: 'Standard error.',
  stderr_lines: 'Standard error, a line an item.',
  start: 'When it began, by the clock of the host.',
  end: 'When it ended.',
  delta: 'How long it took.',
  msg: 'Why it was not run, or what went wrong.',
} as const;

export interface CommandTask {
  /** What the result shows as `cmd`. */
  readonly cmd: string | string[];
  readonly words: Script;
  /** The program, when it has to be looked for, and how errors show it and the whole command. */
  readonly program?: { readonly word: Script; readonly name: string; readonly shown: string } | undefined;
  readonly chdir: string | undefined;
  readonly creates: string | undefined;
  readonly removes: string | undefined;
  readonly stdin: string | undefined;
  readonly stdin_add_newline: boolean;
  readonly strip_empty_ends: boolean;
}

const nothing = { stdout: '', stdout_lines: [], stderr: '', stderr_lines: [] };
const notRun = { start: null, end: null, delta: null, ...nothing };

/** Fails as the command family does when the arguments make no command. */
export const refuseCommand = (msg: string): never => {
  throw new ModuleFailure(msg, { changed: false, rc: 256, cmd: null, ...notRun });
};

/** Runs a task's command and gives the result that Ansible gives; throws ModuleFailure where the task failed. */
export const runCommandTask = async (task: CommandTask, context: ModuleContext): Promise<ResultObject> => {
  const { stdin, stdin_add_newline: addsNewline } = task;
  const outcome = await executeCommand(
    {
      words: task.words,
      program: task.program?.word,
      chdir: task.chdir,
      creates: task.creates || undefined,
      removes: task.removes || undefined,
      stdin: stdin ? sh`${emit(stdin + (addsNewline ? '\n' : ''))}` : undefined,
      check: context.check,
    },
    context,
  );
  return outcome.kind === 'ran' ? ranResult(outcome, task) : otherResult(outcome, task, context.check);
};

const ranResult = (outcome: Outcome & { kind: 'ran' }, task: CommandTask): ResultObject => {
  const { rc, start, end, delta } = outcome;
  const strip = task.strip_empty_ends ? stripEnd : (text: string) => text;
  const result = {
    changed: true,
    cmd: task.cmd,
    rc,
    start,
    end,
    delta,
    ...outputValues(strip(decodeOutput(outcome.stdout)), strip(decodeOutput(outcome.stderr))),
    msg: '',
  };
  if (rc !== 0) throw new ModuleFailure('non-zero return code', result);
  return result;
};

const otherResult = (outcome: Outcome, task: CommandTask, check: boolean): ResultObject => {
  const { cmd, creates, removes } = task;
  const did = check ? 'Would' : 'Did';
  const skipped = (msg: string, stdout: string): ResultObject => ({
    changed: false,
    cmd,
    rc: 0,
    ...notRun,
    ...outputValues(stdout, ''),
    msg,
  });
  switch (outcome.kind) {
    case 'directory':
      throw new ModuleFailure(
        `Unable to change directory before execution: ${systemError(outcome.errno, task.chdir ?? '')}`,
        { changed: false, cmd, rc: null, ...notRun },
      );
    case 'program':
      throw new ModuleFailure(systemError(outcome.errno, task.program?.name ?? ''), {
        changed: false,
        cmd: task.program?.shown ?? '',
        rc: outcome.errno,
        ...nothing,
      });
    case 'exists':
      return skipped(`${did} not run command since '${creates}' exists`, `skipped, since ${creates} exists`);
    case 'missing':
      return skipped(
        `${did} not run command since '${removes}' does not exist`,
        `skipped, since ${removes} does not exist`,
      );
    default: {
      const honoursState = creates !== undefined || removes !== undefined;
      const msg = 'Command would have run if not in check mode';
      return { ...skipped(msg, ''), changed: honoursState, ...(honoursState ? {} : { skipped: true }) };
    }
  }
};
