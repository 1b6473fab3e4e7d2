import { sh } from '../connection/index.ts';
import { defineAction } from './define.ts';
import { commandArguments, commandReturns, joinWords, refuseCommand, runCommandTask } from './shared/commands/index.ts';

export default defineAction({
  name: 'ansible.builtin.shell',
  summary: 'Runs a command line through a shell.',
  args: {
    ...commandArguments,
    executable: { type: 'path', doc: 'The shell to use instead of /bin/sh.' },
  },
  freeForm: 'cmd',
  returns: commandReturns,
  supports: { check: 'full', diff: false },

  run: async (args, context) => {
    const cmd = args.cmd ?? '';
    if (cmd.trim() === '') refuseCommand('no command given');
    const { executable } = args;
    return runCommandTask(
      {
        ...args,
        cmd,
        words: sh`${executable || '/bin/sh'} -c ${cmd}`,
        program: executable
          ? { word: sh`${executable}`, name: executable, shown: joinWords([executable, '-c', cmd]) }
          : undefined,
      },
      context,
    );
  },
});
