import { stat } from 'node:fs/promises';
import { ModuleFailure, TemplateError } from '../errors/index.ts';
import { className, reworded } from '../template/reword.ts';
import { templateVariables } from '../template/template-variables.ts';
import { defineModule } from './define.ts';
import { fileArguments, fileReturns } from './shared/files/common-arguments.ts';
import { codecOf } from './shared/files/encoding.ts';
import { contentOf } from './shared/files/local-content.ts';
import { modeText } from './shared/files/mode.ts';
import { nameOf } from './shared/files/paths.ts';
import { applyPlace, type PlaceState, planPlace, probePlace } from './shared/files/place-file.ts';

const newlines: Readonly<Record<string, string>> = { '\\n': '\n', '\\r': '\r', '\\r\\n': '\r\n' };

export default defineModule({
  name: 'ansible.builtin.template',
  summary: 'Renders a template with the variables of the host and writes what comes out to the target.',
  args: {
    src: { type: 'path', required: true, doc: 'The template on the controller, searched in `templates/` folders.' },
    dest: { type: 'path', required: true, doc: 'Where on the target; with a slash at its end a folder.' },
    newline_sequence: {
      type: 'str',
      default: '\n',
      choices: ['\n', '\r', '\r\n', '\\n', '\\r', '\\r\\n'],
      doc: 'How lines end in what comes out.',
    },
    block_start_string: { type: 'str', doc: 'What begins a statement, instead of {%.' },
    block_end_string: { type: 'str', doc: 'What ends a statement, instead of %}.' },
    variable_start_string: { type: 'str', doc: 'What begins an expression, instead of {{.' },
    variable_end_string: { type: 'str', doc: 'What ends an expression, instead of }}.' },
    comment_start_string: { type: 'str', doc: 'What begins a comment, instead of {#.' },
    comment_end_string: { type: 'str', doc: 'What ends a comment, instead of #}.' },
    trim_blocks: { type: 'bool', default: true, doc: 'Drop the newline after a statement.' },
    lstrip_blocks: { type: 'bool', default: false, doc: 'Drop the blanks in front of a statement that begins a line.' },
    output_encoding: { type: 'str', default: 'utf-8', doc: 'The encoding of the file on the target.' },
    backup: { type: 'bool', default: false, doc: 'Keep the old file beside the new one, with the time in its name.' },
    force: {
      type: 'bool',
      default: true,
      doc: 'Replace a file whose content differs; otherwise only a missing file is written.',
    },
    follow: { type: 'bool', default: false, doc: 'Where dest is a link, write what it leads to.' },
    validate: {
      type: 'str',
      doc: 'A command that must succeed on the new file before it takes its place; %s stands for the file.',
    },
    ...fileArguments,
  },
  returns: {
    dest: 'The file on the target.',
    src: 'The template.',
    checksum: 'SHA1 checksum of the content.',
    md5sum: 'MD5 checksum of the content, when it was written.',
    backup_file: 'Where the old file is kept, with backup.',
    ...fileReturns,
  },
  looksFirst: true,
  supports: { check: 'full', diff: true, async: false },
  async probe(args, context): Promise<PlaceState> {
    const { controller } = context;
    const file = await controller.find('templates', args.src);
    const info = await stat(file).catch((error: Error) => {
      throw new ModuleFailure(`could not find src=${file}, ${error.message}`);
    });
    if (info.isDirectory()) throw new ModuleFailure(`src=${file} is a folder, and a template has to be a file`);
    const text = decodeTemplate(await controller.read(file));
    const vars = templateVariables(args.src, file, args.dest, controller.setting?.('DEFAULT_MANAGED_STR'));
    const rendered = rendering(() =>
      controller.render(text, {
        file,
        vars,
        trimBlocks: args.trim_blocks,
        lstripBlocks: args.lstrip_blocks,
        newlineSequence: newlines[args.newline_sequence] ?? args.newline_sequence,
        variableStart: args.variable_start_string,
        variableEnd: args.variable_end_string,
        blockStart: args.block_start_string,
        blockEnd: args.block_end_string,
        commentStart: args.comment_start_string,
        commentEnd: args.comment_end_string,
      }),
    );
    const placement = {
      source: contentOf(codecOf(args.output_encoding || 'utf-8').encode(rendered)),
      name: nameOf(file),
      shown: file,
      mode: args.mode === 'preserve' ? modeText(info.mode) : args.mode,
    };
    return probePlace(placement, args, context);
  },
  diff: (state, args) => planPlace(state, args),
  apply: (plan, _args, context) => applyPlace(plan, context),
});

const rendering = (render: () => string): string => {
  try {
    return render();
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const { message } = reworded(error, '');
    throw new TemplateError(error.kind, { ...error.problems[0], message: `${className(error)}: ${message}` });
  }
};

const decodeTemplate = (bytes: Buffer): string => {
  try {
    return codecOf('utf-8').decode(bytes);
  } catch {
    throw new ModuleFailure('Template source files must be utf-8 encoded');
  }
};
