import { randomBytes } from 'node:crypto';
import { lines, raw, type Script, type ShellFunction, sh, shellFunction } from '../../connection/index.ts';
import { ModuleFailure } from '../../errors/index.ts';
import type { ModuleContext } from '../define.ts';

/** How one command of a request went. */
export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The command, where it is one line that means something to people. */
  readonly command?: string | undefined;
}

// Standard output goes straight out, what is said on the error stream is caught; marks stand between and after.
const answered: ShellFunction = shellFunction(
  'm_answered',
  `printf '\\036%s o %s\\n' "$m_word" "$1"
{ m_err=$( (m_asked) 2>&1 >&3 3>&-; m_code=$?; echo .; exit $m_code); m_code=$?; } 3>&1
printf '\\036%s e %s\\n%s' "$m_word" "$m_code" "\${m_err%.}"
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
      return sh`m_asked() {\n${command}\n}\n${answered} ${name}${after}`;
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
    return answer ? [[name, { ...answer, command: plainCommand(command) }]] : [];
  });
  return Object.fromEntries(told) as { [N in Name]?: Answer };
};

/** A command of one line that uses nothing of muster's own: no variables, no functions, no content of files. */
const plainCommand = ({ text }: Script): string | undefined =>
  text.length <= 500 && !/\n|\bm_\w|\bprintf\b/.test(text) ? text : undefined;

const readAnswers = (text: string, word: string): Map<string, Answer> => {
  const answers = new Map<string, Answer>();
  const parts = text.split(`\x1e${word} `).slice(1);
  for (let index = 0; index + 1 < parts.length; index += 2) {
    const [name, stdout] = splitLine(parts[index]!.slice(2));
    const [code, stderr] = splitLine(parts[index + 1]!.slice(2));
    answers.set(name, { code: Number(code), stdout, stderr });
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
export const missingCommand = (name: string): ModuleFailure =>
  new ModuleFailure(`Failed to find required executable "${name}" on the host`);
