import { sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import { defineAction } from './define.ts';
import { decodeOutput, outputValues } from './shared/commands/index.ts';

export default defineAction({
  name: 'ansible.builtin.raw',
  summary: 'Runs a command line as it is, with nothing around it.',
  args: {
    free_form: { type: 'str', doc: 'The command line.', required: true, aliases: ['_raw_params', 'cmd'] },
    executable: { type: 'str', doc: 'The shell to use instead of /bin/sh.' },
  },
  freeForm: 'free_form',
  returns: {
    rc: 'Exit code.',
    stdout: 'Standard output, as it was written.',
    stdout_lines: 'Standard output, a line an item.',
    stderr: 'Standard error.',
    stderr_lines: 'Standard error, a line an item.',
    msg: 'What went wrong.',
  },
  notes: [
    'It runs without a terminal: standard output and error stay apart, and their bytes stay as they are, where Ansible runs it in a terminal',
  ],
  supports: { check: 'none', diff: false, async: false },

  run: async ({ free_form: text, executable }, context) => {
    const reply = await context.target.run(sh`${executable || '/bin/sh'} -c ${text}`, { onOutput: context.output });
    const result = {
      changed: true,
      rc: reply.code,
      ...outputValues(decodeOutput(reply.stdout), decodeOutput(reply.stderr)),
    };
    if (reply.code !== 0) throw new ModuleFailure('non-zero return code', { ...result, cmd: text });
    return result;
  },
});
