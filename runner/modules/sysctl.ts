import { type Script, sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import { defineModule } from './define.ts';
import { commandFailure } from './shared/answers.ts';
import { type Answer, ask, missingCommand, went } from './shared/ask.ts';
import { pathWord } from './shared/files/paths.ts';
import { rewriteFile } from './shared/rewrite.ts';

interface State {
  /** The kernel's value; undefined where it has no such key. */
  readonly kernel: string | undefined;
  readonly lines: readonly string[];
}

interface Steps {
  readonly set: boolean;
  readonly content: string | undefined;
  readonly reload: boolean;
}

export default defineModule({
  name: 'ansible.posix.sysctl',
  summary: 'Manages settings of the kernel.',
  args: {
    name: { type: 'str', required: true, aliases: ['key'], doc: 'The setting, with dots.' },
    value: { type: 'str', aliases: ['val'], doc: 'Its value.' },
    state: {
      type: 'str',
      choices: ['present', 'absent'],
      default: 'present',
      doc: 'Whether the file is to have an entry for it.',
    },
    reload: { type: 'bool', default: true, doc: 'Have the kernel take over the file when something changed.' },
    sysctl_set: { type: 'bool', default: false, doc: 'Set the value in the kernel too, where it differs.' },
    ignoreerrors: { type: 'bool', default: false, doc: 'Do not mind keys that the kernel does not know.' },
    sysctl_file: { type: 'path', default: '/etc/sysctl.conf', doc: 'The file.' },
  },
  requiredIf: [['state', 'present', ['value']]],
  returns: {},
  supports: { check: 'full', diff: false },

  probe: async (args, context): Promise<State> => {
    const name = args.name.trim();
    if (name === '') throw new ModuleFailure('name cannot be blank');
    if (args.state === 'present' && args.value === '') throw new ModuleFailure('value cannot be blank');
    const answers = await ask(context, {
      there: sh`command -v sysctl`,
      kernel: sh`sysctl -e -n ${name}`,
      file: sh`m_file=${pathWord(args.sysctl_file)}\n[ ! -f "$m_file" ] || cat "$m_file"`,
    });
    if (!went(answers.there)) throw missingCommand('sysctl');
    if (!went(answers.file)) throw new ModuleFailure(`Failed to open ${args.sysctl_file}: ${answers.file!.stderr}`);
    const lines = answers.file!.stdout.split('\n').map((line) => line.trim());
    if (lines.at(-1) === '') lines.pop();
    return { kernel: went(answers.kernel) ? answers.kernel!.stdout : undefined, lines };
  },

  diff: ({ kernel, lines }, args) => {
    const name = args.name.trim();
    const isPresent = args.state === 'present';
    const value = readValue(args.value);
    const current = lines.reduce<string | undefined>((found, line) => {
      const entry = readEntry(line);
      return entry?.key === name ? entry.value : found;
    }, undefined);
    const isRight = kernel !== undefined && isSame(kernel, value);
    const writes = isPresent ? current !== value : Boolean(current);
    const set = args.sysctl_set && isPresent && kernel !== undefined && !isRight;
    // An entry that is right in the file may still not be what the kernel has.
    const lags = isPresent && !isRight && (args.reload || args.sysctl_set);
    const lagsAbsent = !isPresent && current === '' && args.reload && !isRight;
    const changed = writes || lags || lagsAbsent;
    return {
      changed,
      steps: {
        set,
        content: writes ? newContent(lines, name, isPresent ? value : undefined) : undefined,
        reload: changed && args.reload,
      } satisfies Steps as Steps,
    };
  },

  apply: async ({ steps }, args, context) => {
    const { set, content, reload } = steps!;
    const ignore: Script = args.ignoreerrors ? sh`-e ` : sh``;
    const file = sh`m_file=${pathWord(args.sysctl_file)}\n`;
    const answers = await ask(
      context,
      {
        set: set && sh`sysctl ${ignore}-w ${`${args.name.trim()}=${readValue(args.value)}`}`,
        write: content !== undefined && sh`${file}${rewriteFile(sh`"$m_file"`, content)}`,
        reload: reload && sh`${file}sysctl ${ignore}-p "$m_file"`,
      },
      { stopAtFailure: true },
    );
    if (hasFailed(answers.set)) {
      throw commandFailure(
        answers.set!,
        `setting ${args.name.trim()} failed: ${answers.set!.stdout}${answers.set!.stderr}`,
      );
    }
    if (answers.write && !went(answers.write)) {
      throw new ModuleFailure(`Failed to write to file ${args.sysctl_file}: ${answers.write.stderr}`);
    }
    if (hasFailed(answers.reload)) {
      throw commandFailure(
        answers.reload!,
        `Failed to reload sysctl: ${answers.reload!.stdout}${answers.reload!.stderr}`,
      );
    }
  },
});

const yes = ['y', 'yes', 'on', '1', 'true', 't'];
const no = ['n', 'no', 'off', '0', 'false', 'f'];

/** A value as it is written: words for truth become 1 and 0. */
const readValue = (value: string | undefined): string => {
  const lower = (value ?? '').toLowerCase();
  if (yes.includes(lower)) return '1';
  return no.includes(lower) ? '0' : (value ?? '').trim();
};

const isSame = (left: string, right: string): boolean => words(left) === words(right);
const words = (text: string): string => text.trim().split(/\s+/).join(' ');

const readEntry = (line: string): { key: string; value: string } | undefined => {
  const equals = line.indexOf('=');
  if (line === '' || /^[#;]/.test(line) || equals === -1) return undefined;
  return { key: line.slice(0, equals).trim(), value: line.slice(equals + 1).trim() };
};

/** The file with one entry for each key, and this key set or left out. */
const newContent = (lines: readonly string[], name: string, value: string | undefined): string => {
  const seen = new Set<string>();
  const kept: string[] = [];
  for (const line of lines) {
    const entry = readEntry(line);
    if (!entry) kept.push(line);
    else if (!seen.has(entry.key)) {
      seen.add(entry.key);
      if (entry.key !== name) kept.push(`${entry.key}=${entry.value}`);
      else if (value !== undefined) kept.push(`${name}=${value}`);
    }
  }
  if (value !== undefined && !seen.has(name)) kept.push(`${name}=${value}`);
  return kept.map((line) => `${line}\n`).join('');
};

// Some versions succeed although the kernel refused.
const hasFailed = (answer: Answer | undefined): boolean =>
  answer !== undefined &&
  (!went(answer) || /^sysctl: setting key "[^"]+": (Invalid argument|Read-only file system)$/m.test(answer.stderr));
