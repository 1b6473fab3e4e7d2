import { emit, type Script, sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import type { ResultObject } from '../values/index.ts';
import { defineModule, type ModuleContext } from './define.ts';
import { commandFailure } from './shared/answers.ts';
import { ask, missingCommand, went } from './shared/ask.ts';
import { pathWord } from './shared/files/paths.ts';
import { rewriteFile } from './shared/rewrite.ts';
import {
  type JobTime,
  jobLine,
  jobNames,
  readCrontab,
  renderCrontab,
  variableNames,
  withJob,
  withoutJob,
  withoutVariable,
  withVariable,
} from './shared/services/crontab.ts';

interface State {
  readonly text: string;
  readonly lines: readonly string[];
}

interface Steps {
  readonly lines: readonly string[];
  readonly removeFile: boolean;
}

interface Arguments extends JobTime {
  readonly name: string;
  readonly user: string | undefined;
  readonly job: string | undefined;
  readonly cron_file: string | undefined;
  readonly state: 'absent' | 'present';
  readonly backup: boolean;
  readonly disabled: boolean;
  readonly env: boolean;
  readonly insertafter: string | undefined;
  readonly insertbefore: string | undefined;
}

export default defineModule({
  name: 'ansible.builtin.cron',
  summary: 'Manages jobs and variables of crontabs.',
  args: {
    name: { type: 'str', required: true, doc: 'The name of the job, which marks it; or of the variable.' },
    user: { type: 'str', doc: 'Whose crontab; or the user of a job in cron_file.' },
    job: { type: 'str', aliases: ['value'], doc: 'The command, or the value of the variable.' },
    cron_file: {
      type: 'path',
      doc: 'A file that is used in place of a user’s crontab; in /etc/cron.d unless it is an absolute path.',
    },
    state: { type: 'str', choices: ['present', 'absent'], default: 'present', doc: 'Whether it is to be there.' },
    backup: { type: 'bool', default: false, doc: 'Keep a copy of the crontab as it was before a change.' },
    minute: { type: 'str', default: '*', doc: 'Minutes: 0-59, *, */2 and so on.' },
    hour: { type: 'str', default: '*', doc: 'Hours: 0-23, *, */2 and so on.' },
    day: { type: 'str', default: '*', aliases: ['dom'], doc: 'Days of the month: 1-31, *, */2 and so on.' },
    month: { type: 'str', default: '*', doc: 'Months: 1-12, *, */2 and so on.' },
    weekday: { type: 'str', default: '*', aliases: ['dow'], doc: 'Days of the week: 0-6 from Sunday, * and so on.' },
    special_time: {
      type: 'str',
      choices: ['reboot', 'yearly', 'annually', 'monthly', 'weekly', 'daily', 'hourly'],
      doc: 'A nickname in place of the times.',
    },
    disabled: { type: 'bool', default: false, doc: 'Write the job as a comment.' },
    env: { type: 'bool', default: false, doc: 'It is a variable and not a job.' },
    insertafter: { type: 'str', doc: 'Put a new variable after this one.' },
    insertbefore: { type: 'str', doc: 'Put a new variable before this one.' },
  },
  mutuallyExclusive: [['insertafter', 'insertbefore']],
  returns: {
    jobs: 'The names of all jobs.',
    envs: 'The names of all variables.',
    cron_file: 'The file, when one was given.',
    state: 'absent, when the file was removed with its last job.',
    backup_file: 'The copy of the crontab, when one was asked for and something changed.',
  },
  supports: { check: 'full', diff: true },

  probe: async (args, context): Promise<State> => {
    checkArguments(args, context);
    const isFile = args.cron_file !== undefined;
    const { text } = await ask(
      context,
      {
        text: isFile
          ? sh`m_file=${filePath(args.cron_file!)}\n[ ! -e "$m_file" ] || cat "$m_file"`
          : sh`command -v crontab >/dev/null || exit 127\n${asUser(args.user)}${crontab(args.user)} -l`,
      },
      { keepLocale: true },
    );
    if (!isFile && text!.code === 127) {
      throw missingCommand('crontab');
    }
    // 1 may mean that there is no crontab yet.
    if (text!.code > 1) throw new ModuleFailure('Unable to read crontab');
    return readCrontab(text!.stdout, isFile);
  },

  diff: (state, args) => {
    const lines = wantedLines(state.lines, args);
    const isEmptied =
      args.state === 'absent' &&
      !args.env &&
      args.cron_file !== undefined &&
      lines.length < state.lines.length &&
      lines.every((line) => line.trim() === '');
    const lacksEnd = state.text !== '' && !/[\r\n]$/.test(state.text);
    const changed = lines.join('\n') !== state.lines.join('\n') || lacksEnd;
    const header =
      args.cron_file === undefined
        ? args.user
          ? `crontab for user "${args.user}"`
          : 'crontab'
        : fileName(args.cron_file);
    const result: ResultObject = isEmptied
      ? { cron_file: args.cron_file, state: args.state }
      : { jobs: jobNames(lines), envs: variableNames(lines), cron_file: args.cron_file };
    return {
      changed,
      result,
      diff: changed
        ? {
            before: state.text,
            after: isEmptied ? '' : renderCrontab(lines),
            beforeHeader: header,
            afterHeader: isEmptied ? '/dev/null' : header,
          }
        : undefined,
      steps: { lines, removeFile: isEmptied } satisfies Steps as Steps,
    };
  },

  apply: async ({ steps }, args, context, state) => {
    const { lines, removeFile } = steps!;
    const content = renderCrontab(lines);
    const file = args.cron_file;
    const answers = await ask(
      context,
      {
        backup:
          args.backup &&
          !removeFile &&
          sh`umask 077; m_backup=$(mktemp /tmp/crontabXXXXXXXX) || exit\n${emit(renderCrontab(state.lines))} >"$m_backup" && echo "$m_backup"`,
        write:
          file === undefined
            ? sh`${asUser(args.user)}${emit(content)} | ${crontab(args.user)} -`
            : removeFile
              ? sh`m_file=${filePath(file)}\nrm -f "$m_file"`
              : sh`m_file=${filePath(file)}\n${rewriteFile(sh`"$m_file"`, content)}`,
      },
      { stopAtFailure: true, keepLocale: true },
    );
    for (const answer of [answers.backup, answers.write]) {
      const cmd =
        answer === answers.write && file === undefined
          ? { cmd: `crontab ${args.user ? `-u ${args.user} ` : ''}-` }
          : {};
      if (answer && !went(answer)) throw commandFailure(answer, answer.stderr, cmd);
    }
    return { backup_file: answers.backup?.stdout.trim() };
  },
});

const checkArguments = (args: Arguments, context: ModuleContext): void => {
  const { cron_file: file, special_time: special } = args;
  if (file === '/etc/crontab') {
    throw new ModuleFailure('Will not manage /etc/crontab via cron_file, see documentation.');
  }
  const base = file?.slice(file.lastIndexOf('/') + 1);
  if (base !== undefined && !/^[A-Z0-9_-]+$/i.test(base)) {
    context.warn(
      `Filename portion of cron_file ("${base}") should consist solely of upper- and lower-case letters, digits, underscores, and hyphens`,
    );
  }
  if (
    special !== undefined &&
    [args.minute, args.hour, args.day, args.month, args.weekday].some((field) => field !== '*')
  ) {
    throw new ModuleFailure('You must specify time and date fields or special time.');
  }
  if (args.state === 'present') {
    if (file !== undefined && !args.user) {
      throw new ModuleFailure('To use cron_file=... parameter you must specify user=... as well');
    }
    if (args.job === undefined) throw new ModuleFailure("You must specify 'job' to install a new cron job or variable");
    if ((args.insertafter || args.insertbefore) && !args.env) {
      throw new ModuleFailure('Insertafter and insertbefore parameters are valid only with env=yes');
    }
    if (!args.env && /[\r\n]/.test(args.job.replace(/^[\r\n]+|[\r\n]+$/g, ''))) {
      context.warn('Job should not contain line breaks');
    }
  }
  if (args.env && args.name.includes(' ')) throw new ModuleFailure('Invalid name for environment variable');
};

const wantedLines = (lines: readonly string[], args: Arguments): string[] => {
  const isPresent = args.state === 'present';
  if (!args.env) {
    const user = args.cron_file === undefined ? undefined : args.user;
    return isPresent
      ? withJob(lines, args.name, jobLine(args, args.job!, user, args.disabled))
      : withoutJob(lines, args.name);
  }
  if (!isPresent) return withoutVariable(lines, args.name);
  const beside = { after: args.insertafter, before: args.insertbefore };
  const changed = withVariable(lines, args.name, args.job!, beside);
  if (!changed) throw new ModuleFailure(`Variable named '${beside.after || beside.before}' not found.`);
  return changed;
};

// Naming oneself is only allowed to root by some versions.
const asUser = (user: string | undefined): Script =>
  user ? sh`m_user=; [ "$(id -un)" = ${user} ] || m_user=${user}\n` : sh``;
const crontab = (user: string | undefined): Script => (user ? sh`crontab \${m_user:+-u "$m_user"}` : sh`crontab`);

const fileName = (file: string): string => (/^[/~$]/.test(file) ? file : `/etc/cron.d/${file}`);

const filePath = (file: string): Script => pathWord(fileName(file));
