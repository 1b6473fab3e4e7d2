import { ModuleFailure } from '../errors/index.ts';
import { defineModule, type Plan } from './define.ts';
import { replaceMatches, textRegex } from './shared/files/bytes-regex.ts';
import { fileArguments } from './shared/files/common-arguments.ts';
import { applyEdit, type EditSteps, planEdit, probeEdit } from './shared/files/edit.ts';
import { codecOf } from './shared/files/encoding.ts';

export default defineModule({
  name: 'ansible.builtin.replace',
  summary: 'Replaces everything in a file that a pattern matches.',
  args: {
    path: { type: 'path', required: true, aliases: ['dest', 'destfile', 'name'], doc: 'The file.' },
    regexp: { type: 'str', required: true, doc: 'The pattern; ^ and $ match at each line.' },
    replace: { type: 'str', default: '', doc: 'What it is replaced by, with the groups of the pattern.' },
    after: { type: 'str', doc: 'A pattern: only what stands after it is looked at.' },
    before: { type: 'str', doc: 'A pattern: only what stands before it is looked at.' },
    backup: { type: 'bool', default: false, doc: 'Keep the old file beside the new one, with the time in its name.' },
    validate: {
      type: 'str',
      doc: 'A command that must succeed on the new file before it takes its place; %s stands for the file.',
    },
    encoding: { type: 'str', default: 'utf-8', doc: 'The encoding of the file.' },
    ...fileArguments,
  },
  returns: {
    msg: 'What was done.',
    rc: 'Always 0, or 256 for a folder and 257 for a missing file.',
    backup_file: 'Where the old file is kept, with backup.',
  },
  looksFirst: true,
  supports: { check: 'full', diff: true },
  probe: (args, context) => probeEdit(args, context),
  diff(state, args, context): Plan<EditSteps> {
    if (!state.content) throw new ModuleFailure(`Path ${args.path} does not exist !`, { rc: 257 });
    const codec = codecOf(args.encoding);
    const text = codec.decode(state.content);
    const section = findSection(text, args.after, args.before);
    if (typeof section === 'string') {
      const msg = `Pattern for before/after params did not match the given file: ${section}`;
      return { changed: false, result: { rc: 0, msg } };
    }
    const [start, end] = section;
    const inside = text.slice(start, end);
    const replaced = replaceMatches(textRegex(args.regexp, { multiline: true }), inside, args.replace);
    const isSame = replaced.count === 0 || replaced.text === inside;
    const edited = text.slice(0, start) + replaced.text + text.slice(end);
    const plan = planEdit(
      state,
      args,
      {
        content: isSame ? state.content : codec.encode(edited),
        msg: isSame ? '' : `${replaced.count} replacements made`,
        result: { rc: 0 },
      },
      context,
    );
    const { path } = state.file;
    return {
      ...plan,
      diff:
        isSame || !context.wantsDiff
          ? undefined
          : { before: text, after: edited, beforeHeader: path, afterHeader: path },
    };
  },
  async apply(plan, _args, context) {
    return { backup_file: (await applyEdit(plan, context)).backup };
  },
});

/** Where the part between `after` and `before` begins and ends; the pattern when it is not in the file. */
const findSection = (text: string, after = '', before = ''): readonly [number, number] | string => {
  if (after === '' && before === '') return [0, text.length];
  const tail = after === '' ? '(?P<subsection>.*)' : before === '' ? '(?P<subsection>.*)' : '(?P<subsection>.*?)';
  // What is left of the text at the section's beginning tells where that is.
  const rest = after === '' ? '' : '(?=(?P<muster_rest>.*))';
  const regex = textRegex(`${after}${rest}${tail}${before}`, { dotAll: true });
  const match = regex.search(text);
  if (!match) return `${after}${tail}${before}`;
  const group = (name: string): string => match.groups[regex.names.get(name)!] ?? '';
  const start = after === '' ? match.start : text.length - group('muster_rest').length;
  return [start, start + group('subsection').length];
};
