import { emit, sh } from '../connection/index.ts';
import { defineModule } from './define.ts';
import { replyFailure } from './shared/answers.ts';

export default defineModule({
  name: 'ansible.builtin.dpkg_selections',
  summary: 'Sets what dpkg is to do with a package, such as to hold it.',
  args: {
    name: { type: 'str', doc: 'The package.', required: true },
    selection: {
      type: 'str',
      doc: 'What to do with it.',
      choices: ['install', 'hold', 'deinstall', 'purge'],
      required: true,
    },
  },
  returns: { before: 'The selection before.', after: 'The selection now.' },
  supports: { check: 'full', diff: false },

  async probe({ name }, { target }): Promise<string> {
    const command = sh`dpkg --get-selections ${name}`;
    const reply = await target.run(sh`LC_ALL=C ${command}`);
    if (reply.code !== 0) throw replyFailure(command.text, reply);
    return reply.stdout.toString().trim().split(/\s+/)[1] ?? 'not present';
  },

  diff(before, { selection }) {
    return { changed: before !== selection, result: { before, after: selection } };
  },

  async apply(_plan, { name, selection }, { target }) {
    const reply = await target.run(sh`${emit(`${name} ${selection}\n`)} | dpkg --set-selections`);
    if (reply.code !== 0) throw replyFailure('dpkg --set-selections', reply);
  },
});
