import { sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import { defineAction } from './define.ts';
import {
  commandArguments,
  commandReturns,
  expandedWord,
  joinWords,
  refuseCommand,
  runCommandTask,
  ShlexError,
  splitWords,
} from './shared/commands/index.ts';

export default defineAction({
  name: 'ansible.builtin.command',
  summary: 'Runs a command without a shell.',
  args: {
    ...commandArguments,
    argv: { type: 'list', elements: 'str', doc: 'The command as a list of words.' },
    expand_argument_vars: { type: 'bool', doc: 'Whether `$NAME` and `~` in the words are expanded.', default: true },
    executable: { type: 'str', doc: 'Not used by this module; a warning says so.' },
  },
  freeForm: 'cmd',
  returns: commandReturns,
  supports: { check: 'full', diff: false },

  run: async (args, context) => {
    const { cmd, argv, executable } = args;
    if (executable) {
      context.warn(
        `As of Ansible 2.4, the parameter 'executable' is no longer supported with the 'command' module. Not using '${executable}'.`,
      );
    }
    const hasText = cmd !== undefined && cmd.trim() !== '';
    if (!hasText && !argv?.length) refuseCommand('no command given');
    if (hasText && argv?.length) refuseCommand('only command or argv can be given, not both');
    const words = hasText ? split(cmd) : argv!;
    const expanded = words.map((word) => (args.expand_argument_vars ? expandedWord(word) : sh`${word}`));
    return runCommandTask(
      {
        ...args,
        cmd: words,
        words: sh`${expanded}`,
        program: { word: expanded[0]!, name: words[0]!, shown: joinWords(words) },
      },
      context,
    );
  },
});

const split = (text: string): string[] => {
  try {
    return splitWords(text);
  } catch (error) {
    if (!(error instanceof ShlexError)) throw error;
    throw new ModuleFailure(`the command cannot be split into words: ${error.message}`, { rc: 256, cmd: text });
  }
};
