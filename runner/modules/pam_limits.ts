import { sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import { defineModule } from './define.ts';
import { mustGo } from './shared/answers.ts';
import { ask, went } from './shared/ask.ts';
import { folderOf } from './shared/files/paths.ts';
import { backupFile, rewriteFile, showFile, shownFile } from './shared/rewrite.ts';
import { checkLimit, editLimits, limitItems } from './shared/system/limits.ts';

export default defineModule({
  name: 'community.general.pam_limits',
  summary: 'Sets limits of users and groups in limits.conf.',
  args: {
    domain: { type: 'str', required: true, doc: 'A user, @group, * for all, or a range of ids.' },
    limit_type: { type: 'str', required: true, choices: ['hard', 'soft', '-'], doc: 'The kind of limit; - is both.' },
    limit_item: { type: 'str', required: true, choices: limitItems, doc: 'What is limited.' },
    value: { type: 'str', required: true, doc: 'The limit: a number, or unlimited, infinity or -1 for none.' },
    use_max: { type: 'bool', default: false, doc: 'Keep the value that is there when it is larger.' },
    use_min: { type: 'bool', default: false, doc: 'Keep the value that is there when it is smaller.' },
    backup: { type: 'bool', default: false, doc: 'Keep the old file beside the new one, with the time in its name.' },
    dest: { type: 'str', default: '/etc/security/limits.conf', doc: 'The file.' },
    comment: { type: 'str', default: '', doc: 'A comment at the end of the line.' },
  },
  returns: { msg: 'The line.', backup_file: 'Where the old file is kept, with backup.' },
  supports: { check: 'full', diff: true },

  probe: async (args, context): Promise<string | undefined> => {
    if (args.use_max && args.use_min) throw new ModuleFailure('Cannot use use_min and use_max at the same time.');
    checkLimit(args.limit_item, args.value);
    const path = args.dest;
    const answers = await ask(context, {
      writable: sh`if [ -f ${path} ]; then [ -w ${path} ]; else [ -d ${folderOf(path) || '.'} ] && [ -w ${folderOf(path) || '.'} ]; fi`,
      file: showFile(sh`${path}`),
    });
    const content = shownFile(answers.file);
    if (went(answers.writable)) return content;
    throw new ModuleFailure(
      content === undefined
        ? `directory ${folderOf(path)} is not writable (check presence, access rights, use become)`
        : `${path} is not writable. Use become`,
    );
  },

  diff: (content, args) => {
    const edited = editLimits(content ?? '', {
      domain: args.domain,
      type: args.limit_type,
      item: args.limit_item,
      value: args.value,
      comment: args.comment,
      keep: args.use_max ? 'larger' : args.use_min ? 'smaller' : undefined,
      file: args.dest,
    });
    return {
      changed: edited.changed || content === undefined,
      result: { msg: edited.line },
      diff: { before: content ?? '', after: edited.text, beforeHeader: args.dest, afterHeader: args.dest },
      steps: edited.text,
    };
  },

  apply: async ({ steps }, args, context, content) => {
    const path = sh`${args.dest}`;
    const answers = await ask(
      context,
      {
        backup: args.backup && content !== undefined && sh`m_file=${path}\n${backupFile(sh`"$m_file"`)}`,
        write: rewriteFile(path, steps!),
      },
      { stopAtFailure: true },
    );
    mustGo(answers.backup, (said) => `Could not make backup of ${args.dest}: ${said}`);
    mustGo(answers.write, (said) => `Failed to write ${args.dest}: ${said}`);
    return answers.backup ? { backup_file: answers.backup.stdout.trim() } : {};
  },
});
