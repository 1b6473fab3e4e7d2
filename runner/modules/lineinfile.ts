import { ModuleFailure } from '../errors/index.ts';
import type { Plan } from './define.ts';
import { defineModule } from './define.ts';
import { fileArguments } from './shared/files/common-arguments.ts';
import { applyEdit, type EditSteps, planEdit, probeEdit } from './shared/files/edit.ts';
import { ensureLine, type LineRules, removeLines } from './shared/files/line-edit.ts';

export default defineModule({
  name: 'ansible.builtin.lineinfile',
  summary: 'Makes sure that a line is in a file, or is not.',
  args: {
    path: { type: 'path', required: true, aliases: ['dest', 'destfile', 'name'], doc: 'The file.' },
    state: { type: 'str', default: 'present', choices: ['absent', 'present'], doc: 'Whether the line shall be there.' },
    regexp: {
      type: 'str',
      aliases: ['regex'],
      doc: 'The line that is replaced, the last one that matches; with absent, the lines that are removed.',
    },
    search_string: { type: 'str', doc: 'As regexp, but plain text that the line holds anywhere.' },
    line: { type: 'str', aliases: ['value'], doc: 'The line.' },
    insertafter: { type: 'str', doc: 'A pattern for the line that a new line follows, or EOF (the default).' },
    insertbefore: { type: 'str', doc: 'A pattern for the line that a new line stands in front of, or BOF.' },
    backrefs: {
      type: 'bool',
      default: false,
      doc: 'Put the groups of regexp into the line; nothing is done then where regexp does not match.',
    },
    create: { type: 'bool', default: false, doc: 'Make the file where it is missing.' },
    backup: { type: 'bool', default: false, doc: 'Keep the old file beside the new one, with the time in its name.' },
    firstmatch: { type: 'bool', default: false, doc: 'Take the first line that matches rather than the last.' },
    validate: {
      type: 'str',
      doc: 'A command that must succeed on the new file before it takes its place; %s stands for the file.',
    },
    ...fileArguments,
  },
  mutuallyExclusive: [
    ['insertbefore', 'insertafter'],
    ['regexp', 'search_string'],
    ['backrefs', 'search_string'],
  ],
  returns: {
    msg: 'What was done.',
    backup: "Where the old file is kept, with backup; otherwise ''.",
    found: 'How many lines were removed, with absent.',
  },
  looksFirst: true,
  supports: { check: 'full', diff: true },
  async probe(args, context) {
    if (args.regexp === '' || args.search_string === '') {
      const hint =
        args.regexp === ''
          ? " If this is desired, use '^' to match every line in the file and avoid this warning."
          : '';
      const name = args.regexp === '' ? 'regular expression' : 'search string';
      context.warn(
        `The ${name} is an empty string, which will match every line in the file. This may have unintended consequences, such as replacing the last line in the file rather than appending.${hint}`,
      );
    }
    return probeEdit(args, context);
  },
  diff(state, args, context): Plan<EditSteps> {
    const rules: LineRules = {
      regexp: args.regexp,
      searchString: args.search_string,
      line: args.line,
      insertAfter: args.insertafter ?? (args.insertbefore === undefined ? 'EOF' : undefined),
      insertBefore: args.insertbefore,
      backrefs: args.backrefs,
      firstMatch: args.firstmatch,
    };
    const text = state.content?.toString('latin1') ?? '';
    if (args.state === 'absent') {
      if (args.regexp === undefined && args.search_string === undefined && args.line === undefined) {
        throw new ModuleFailure('one of line, search_string, or regexp is required with state=absent');
      }
      if (!state.content) return { changed: false, result: { msg: 'file not present' } };
      const { text: kept, found } = removeLines(text, rules);
      const msg = found > 0 ? `${found} line(s) removed` : '';
      return planEdit(
        state,
        args,
        { content: Buffer.from(kept, 'latin1'), msg, result: { found, backup: '' } },
        context,
      );
    }
    if (args.backrefs && args.regexp === undefined) throw new ModuleFailure('regexp is required with backrefs=true');
    if (args.line === undefined) throw new ModuleFailure('line is required with state=present');
    if (!state.content && !args.create) {
      throw new ModuleFailure(`Destination ${state.file.path} does not exist !`, { rc: 257 });
    }
    const { text: edited, msg } = ensureLine(text, rules);
    const content = msg === '' ? state.content : Buffer.from(edited, 'latin1');
    return planEdit(state, args, { content, msg, result: { backup: '' } }, context);
  },
  async apply(plan, _args, context) {
    const { backup } = await applyEdit(plan, context);
    return backup === undefined ? undefined : { backup };
  },
});
