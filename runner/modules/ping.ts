import { sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import { defineAction } from './define.ts';

export default defineAction({
  name: 'ansible.builtin.ping',
  summary: 'Checks that a host can be reached and runs commands.',
  args: {
    data: { type: 'str', doc: 'What to answer; `crash` makes the module fail.', default: 'pong' },
  },
  returns: { ping: 'The value of `data`.' },
  supports: { check: 'full', diff: false },

  run: async ({ data }, { target }) => {
    // The answer comes from the host's own shell: it is the proof that there is one.
    const { stdout } = await target.run(sh`printf %s ${data}`);
    if (data === 'crash') {
      const msg = 'MODULE FAILURE\nSee stdout/stderr for the exact error';
      throw new ModuleFailure(msg, { module_stdout: '', module_stderr: 'Exception: boom', rc: 1 });
    }
    return { changed: false, ping: stdout.toString() };
  },
});
