import { ModuleFailure } from '../errors/index.ts';
import { defineModule } from './define.ts';
import { editBlock } from './shared/files/block-edit.ts';
import { fileArguments } from './shared/files/common-arguments.ts';
import { applyEdit, planEdit, probeEdit } from './shared/files/edit.ts';

export default defineModule({
  name: 'ansible.builtin.blockinfile',
  summary: 'Keeps a block of lines between two marker lines in a file.',
  args: {
    path: { type: 'path', required: true, aliases: ['dest', 'destfile', 'name'], doc: 'The file.' },
    state: {
      type: 'str',
      default: 'present',
      choices: ['absent', 'present'],
      doc: 'Whether the block shall be there.',
    },
    marker: {
      type: 'str',
      default: '# {mark} ANSIBLE MANAGED BLOCK',
      doc: 'The marker lines; {mark} stands for marker_begin or marker_end.',
    },
    block: {
      type: 'str',
      default: '',
      aliases: ['content'],
      doc: 'The lines. When there are none, the block is removed.',
    },
    insertafter: { type: 'str', doc: 'A pattern for the line that a new block follows, or EOF (the default).' },
    insertbefore: { type: 'str', doc: 'A pattern for the line that a new block stands in front of, or BOF.' },
    create: { type: 'bool', default: false, doc: 'Make the file where it is missing.' },
    backup: { type: 'bool', default: false, doc: 'Keep the old file beside the new one, with the time in its name.' },
    validate: {
      type: 'str',
      doc: 'A command that must succeed on the new file before it takes its place; %s stands for the file.',
    },
    marker_begin: { type: 'str', default: 'BEGIN', doc: 'What {mark} becomes in the line before the block.' },
    marker_end: { type: 'str', default: 'END', doc: 'What {mark} becomes in the line after the block.' },
    ...fileArguments,
  },
  mutuallyExclusive: [['insertbefore', 'insertafter']],
  returns: { msg: 'What was done.', backup_file: 'Where the old file is kept, with backup.' },
  looksFirst: true,
  supports: { check: 'full', diff: true },
  probe: (args, context) => probeEdit(args, context),
  diff(state, args, context) {
    const { file, content } = state;
    const isPresent = args.state === 'present';
    if (!content && !args.create) throw new ModuleFailure(`Path ${args.path} does not exist !`, { rc: 257 });
    if (!content && !isPresent) return { changed: false, result: { msg: `File ${file.path} not present` } };
    const edited = editBlock(content?.toString('latin1') ?? '', {
      block: isPresent ? args.block : '',
      begin: args.marker.replaceAll('{mark}', () => args.marker_begin),
      end: args.marker.replaceAll('{mark}', () => args.marker_end),
      insertAfter: args.insertafter ?? (args.insertbefore === undefined ? 'EOF' : undefined),
      insertBefore: args.insertbefore,
    });
    const isSame = content !== undefined && edited === content.toString('latin1');
    const isRemoved = !isPresent || args.block === '';
    const msg = isSame ? '' : !content ? 'File created' : isRemoved ? 'Block removed' : 'Block inserted';
    return planEdit(state, args, { content: Buffer.from(edited, 'latin1'), msg }, context);
  },
  async apply(plan, _args, context) {
    return { backup_file: (await applyEdit(plan, context)).backup };
  },
});
