import { sh } from '../connection/index.ts';
import { defineModule } from './define.ts';
import { mustGo } from './shared/answers.ts';
import { ask } from './shared/ask.ts';
import { rewriteFile, showFile, shownFile } from './shared/rewrite.ts';

export default defineModule({
  name: 'community.general.kernel_blacklist',
  summary: 'Keeps the kernel from loading modules by itself.',
  args: {
    name: { type: 'str', required: true, doc: 'The module of the kernel.' },
    state: { type: 'str', choices: ['absent', 'present'], default: 'present', doc: 'Whether it is on the list.' },
    blacklist_file: { type: 'str', default: '/etc/modprobe.d/blacklist-ansible.conf', doc: 'The file of the list.' },
  },
  returns: {
    name: 'The module of the kernel.',
    state: 'Whether it is on the list.',
    filename: 'The file of the list.',
    is_blacklisted: 'Whether the module is on the list now.',
    lines: 'The lines of the file.',
  },
  supports: { check: 'full', diff: true },

  probe: async (args, context): Promise<readonly string[]> => {
    const { file } = await ask(context, { file: showFile(sh`${args.blacklist_file}`) });
    const lines = (shownFile(file) ?? '').split('\n').map((line) => line.trimEnd());
    if (lines.at(-1) === '') lines.pop();
    return lines;
  },

  diff: (lines, { name, state, blacklist_file: path }) => {
    const isEntry = (line: string): boolean => {
      const [keyword, module, ...rest] = line.trim().split(/\s+/);
      return keyword === 'blacklist' && module === name && rest.length === 0;
    };
    const changed = lines.some(isEntry) !== (state === 'present');
    const wanted = state === 'present' ? [...lines, `blacklist ${name}`] : lines.filter((line) => !isEntry(line));
    const after = changed ? wanted : lines;
    return {
      changed,
      result: { name, state, filename: path, is_blacklisted: after.some(isEntry), lines: after },
      diff: { before: { lines }, after: { lines: after }, beforeHeader: path, afterHeader: path },
      steps: wanted.map((line) => `${line}\n`).join(''),
    };
  },

  apply: async ({ steps }, { blacklist_file: path }, context) => {
    const { write } = await ask(context, { write: rewriteFile(sh`${path}`, steps!) });
    mustGo(write, (said) => `Failed to write ${path}: ${said}`);
  },
});
