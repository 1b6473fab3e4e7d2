import { ModuleFailure } from '../errors/index.ts';
import { defineModule } from './define.ts';
import { byteText } from './shared/files/bytes-regex.ts';
import { fileArguments } from './shared/files/common-arguments.ts';
import { applyEdit, planEdit, probeEdit } from './shared/files/edit.ts';
import { editIni } from './shared/files/ini-edit.ts';
import { pathInfo } from './shared/files/path-info.ts';

const byteOrderMark = byteText('\ufeff');

const bytesOf = (text: string | undefined): string | undefined => (text === undefined ? undefined : byteText(text));

export default defineModule({
  name: 'community.general.ini_file',
  aliases: ['ansible.builtin.ini_file'],
  summary: 'Sets and removes options and sections of an INI file.',
  args: {
    path: { type: 'path', required: true, aliases: ['dest'], doc: 'The file.' },
    section: { type: 'str', doc: 'The section; without it, what stands before the first one.' },
    option: { type: 'str', doc: 'The option; without it, the whole section is meant.' },
    value: { type: 'str', doc: "The option's value." },
    values: { type: 'list', elements: 'str', doc: 'Several values: the option stands there once for each.' },
    backup: { type: 'bool', default: false, doc: 'Keep the old file beside the new one, with the time in its name.' },
    state: { type: 'str', default: 'present', choices: ['absent', 'present'], doc: 'Whether it shall be there.' },
    exclusive: { type: 'bool', default: true, doc: 'Other values of the same option are replaced or removed too.' },
    no_extra_spaces: { type: 'bool', default: false, doc: 'Write no blanks around the equals sign.' },
    allow_no_value: { type: 'bool', default: false, doc: 'An option may stand alone, without equals sign and value.' },
    create: { type: 'bool', default: true, doc: 'Make the file where it is missing.' },
    ...fileArguments,
  },
  mutuallyExclusive: [['value', 'values']],
  returns: { msg: 'What was done.', path: 'The file.', backup_file: 'Where the old file is kept, with backup.' },
  notes: [
    'Line ends that it does not write, a byte order mark, and bytes that are no UTF-8 stay as they are, where Ansible rewrites them or fails',
  ],
  supports: { check: 'full', diff: true },
  probe(args, context) {
    if (args.state === 'present' && !args.allow_no_value && args.value === undefined && !args.values?.length) {
      throw new ModuleFailure("Parameter 'value(s)' must be defined if state=present and allow_no_value=False.");
    }
    return probeEdit(args, context);
  },
  diff(state, args, context) {
    const { content, file } = state;
    if (!content && !args.create) throw new ModuleFailure(`Destination ${file.path} does not exist!`, { rc: 257 });
    // Bytes that are no UTF-8 stay as they are, and so does a byte order mark.
    const bytes = content?.toString('latin1') ?? '';
    const mark = bytes.startsWith(byteOrderMark) ? byteOrderMark : '';
    const values = args.value !== undefined ? [args.value] : (args.values ?? []);
    const { text, msg, changed } = editIni(bytes.slice(mark.length), {
      section: bytesOf(args.section),
      option: bytesOf(args.option),
      values: [...new Set(values)].map(byteText),
      isPresent: args.state === 'present',
      exclusive: args.exclusive,
      noExtraSpaces: args.no_extra_spaces,
      allowNoValue: args.allow_no_value,
    });
    const edited = Buffer.from(mark + text, 'latin1');
    const edit = { content: changed ? edited : content, msg, replacesLink: true };
    const plan = planEdit(state, args, edit, context);
    const { path } = file;
    return {
      ...plan,
      result: { path, msg, ...pathInfo(file.own, file.context) },
      diff: {
        before: content?.toString() ?? '',
        after: edited.toString(),
        beforeHeader: `${path} (content)`,
        afterHeader: `${path} (content)`,
      },
    };
  },
  async apply(plan, _args, context) {
    const { backup, stat } = await applyEdit(plan, context);
    return { backup_file: backup, ...pathInfo(stat) };
  },
});
