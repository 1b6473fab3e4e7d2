import { emit, sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import { defineModule } from './define.ts';

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
    const { stdout, stderr, code } = await target.run(sh`LC_ALL=C dpkg --get-selections ${name}`);
    if (code !== 0) throw new ModuleFailure(stderr.toString().trim(), { rc: code });
    return stdout.toString().trim().split(/\s+/)[1] ?? 'not present';
  },

  diff(before, { selection }) {
    return { changed: before !== selection, result: { before, after: selection } };
  },

  async apply(_plan, { name, selection }, { target }) {
    const { stderr, code } = await target.run(sh`${emit(`${name} ${selection}\n`)} | dpkg --set-selections`);
    if (code !== 0) throw new ModuleFailure(stderr.toString().trim(), { rc: code });
  },
});
