import { randomBytes } from 'node:crypto';
import { lines, raw, type Script, type ShellFunction, sh, shellFunction } from '../../connection/index.ts';
import { ModuleFailure } from '../../errors/index.ts';
import type { ModuleContext } from '../define.ts';
import { missingText } from './missing.ts';

/** How one command of a request went. */
export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The command, where it is one line that means something to people; the tool with its path when it failed. */
  readonly command?: string | undefined;
}

// Standard output goes straight out, what is said on the error stream is caught; marks stand between and after.
const answered: ShellFunction = shellFunction(
  'm_answered',
  `printf '\\036%s o %s\\n' "$m_word" "$1"
{ m_err=$( (m_asked) 2>&1 >&3 3>&-; m_code=$?; echo .; exit $m_code); m_code=$?; } 3>&1
m_tool=; [ "$m_code" = 0 ] || [ -z "$2" ] || m_tool=$(command -v "$2")
printf '\\036%s e %s %s\\n%s' "$m_word" "$m_code" "$m_tool" "\${m_err%.}"
return $m_code`,
);

export interface AskOptions {
  /** Leaves out the commands after one that fails. */
  readonly stopAtFailure?: boolean;
  /** Shell that comes before all of the commands: variables and functions that they share. */
  readonly before?: Script | undefined;
  /** Keeps the host's language instead of plain C. */
  readonly keepLocale?: boolean;
}

/**
 * Runs several commands in one round trip, each in a subshell of its own, and tells how each went; those that were not
 * run are missing. Later commands find the exit code of the one called `name` in `$m_code_name`. The folders of system
 * programs are on the PATH.
 */
export const ask = async <Name extends string>(
  context: Pick<ModuleContext, 'target'>,
  commands: Readonly<Partial<Record<Name, Script | undefined | false>>>,
  options: AskOptions = {},
): Promise<{ readonly [N in Name]?: Answer }> => {
  const word = randomBytes(9).toString('hex');
  const given = Object.entries(commands).filter((entry): entry is [string, Script] => !!entry[1]);
  const script = lines(
    sh`PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin; m_word=${word}`,
    options.keepLocale ? undefined : sh`LC_ALL=C LANGUAGE=; export PATH LC_ALL LANGUAGE`,
    options.before,
    ...given.map(([name, command]) => {
      const after = options.stopAtFailure ? sh` || exit 0` : sh`; ${raw(`m_code_${name}`)}=$m_code`;
      return sh`m_asked() {\n${command}\n}\n${answered} ${name} ${toolOf(plainCommand(command))}${after}`;
    }),
  );
  const { stdout, stderr, code } = await context.target.run(script);
  const answers = readAnswers(stdout.toString('utf8'), word);
  if (given.length > 0 && !answers.has(given[0]![0])) {
    throw new ModuleFailure(`the host could not run the module's script: ${stderr.toString('utf8').trim()}`, {
      rc: code,
    });
  }
  const told = given.flatMap(([name, command]) => {
    const answer = answers.get(name);
    return answer ? [[name, { ...answer, command: withPath(plainCommand(command), answer.tool) }]] : [];
  });
  return Object.fromEntries(told) as { [N in Name]?: Answer };
};

/** Longer ones carry content, and need not be looked at. */
const longest = 4000;

/**
 * A command of one line that uses nothing of muster's own: no functions, no content of files, and no variables but those
 * that hold a plain word, which is shown in their place.
 */
const plainCommand = ({ text }: Script): string | undefined => {
  if (text.length > longest) return undefined;
  const words = new Map<string, string>();
  const all = text.split('\n');
  for (;;) {
    const [, name, word] = /^(m_\w+)=([\w@%+=:,./-]+|'[^']*')$/.exec(all[0]!) ?? [];
    if (name === undefined) break;
    words.set(name, word!);
    all.shift();
    if (all.length === 0) return undefined;
  }
  const command = all.join('\n').replace(/"\$(m_\w+)"/g, (whole, name: string) => words.get(name) ?? whole);
  if (command.length > 500 || /\n|\bm_\w|\bprintf\b/.test(command)) return undefined;
  // Options that are not there leave their spaces.
  return /['"]/.test(command) ? command : command.replace(/ {2,}/g, ' ');
};

/** The program that a command begins with, which a failure tells with its path. */
const toolOf = (command: string | undefined): string => /^[A-Za-z][\w.+-]*(?= |$)/.exec(command ?? '')?.[0] ?? '';

const withPath = (command: string | undefined, tool: string): string | undefined =>
  command !== undefined && tool.startsWith('/') ? tool + command.slice(toolOf(command).length) : command;

const readAnswers = (text: string, word: string): Map<string, Answer & { readonly tool: string }> => {
  const answers = new Map<string, Answer & { readonly tool: string }>();
  const parts = text.split(`\x1e${word} `).slice(1);
  for (let index = 0; index + 1 < parts.length; index += 2) {
    const [name, stdout] = splitLine(parts[index]!.slice(2));
    const [outcome, stderr] = splitLine(parts[index + 1]!.slice(2));
    const code = outcome.split(' ')[0]!;
    answers.set(name, { code: Number(code), stdout, stderr, tool: outcome.slice(code.length + 1) });
  }
  return answers;
};

const splitLine = (text: string): [string, string] => {
  const end = text.indexOf('\n');
  return [text.slice(0, end), text.slice(end + 1)];
};

/** Whether a command went well. */
export const went = (answer: Answer | undefined): boolean => answer?.code === 0;

/** The failure that a host lacks a command. */
export const missingCommand = (name: string): ModuleFailure => new ModuleFailure(missingText(name));
