import { lines, type Script, sh, shellFunction } from '../../../connection/index.ts';
import { ModuleFailure } from '../../../errors/index.ts';
import type { ModuleContext } from '../../define.ts';
import { commandTimes, learnClock, needsClock } from './clock.ts';
import { expandedWord, globWords } from './expand.ts';
import { LiveOutput, readTrailer } from './trailer.ts';

/** Tells on stdout that the command was not run, and why; ends the script. */
const stop = shellFunction('m_stop', `printf '\\036%s\\036%s' "$1" "$2"; exit 0`);

/** Whether a command can be run at all, without a process: returns 0, or the system's error number. */
const runnable = shellFunction(
  'm_runnable',
  `
case $1 in
'') return 2 ;;
*/*)
  if [ -d "$1" ]; then return 13; fi
  if [ -x "$1" ]; then return 0; fi
  if [ -e "$1" ]; then return 13; fi
  return 2 ;;
esac
m_rc=2 m_ifs=$IFS IFS=:
set -f
for m_dir in $PATH; do
  [ -f "\${m_dir:-.}/$1" ] || continue
  if [ -x "\${m_dir:-.}/$1" ]; then m_rc=0; break; fi
  m_rc=13
done
set +f
IFS=$m_ifs
return $m_rc`,
);

/**
 * Runs "$@" as a process of its own, then tells on stdout how it went. What the shell itself says about a child that a
 * signal ended is caught, since that tells a signal from an exit code above 128. $m_clock asks for the time of day too.
 */
const execute = shellFunction(
  'm_execute',
  `
m_from= m_to=
{ read -r m_from m_rest </proc/uptime; } 2>/dev/null
m_said=$({ (exec "$@" 3>&- 4>&-) 1>&3 2>&4; echo "$?"; } 2>&1)
{ read -r m_to m_rest </proc/uptime; } 2>/dev/null
printf '\\036%s\\036%s %s %s' "$m_said" "$m_from" "$m_to" "\${m_clock:+$(date '+%s.%N %z')}"
exit 0`,
);

/** How a command is to be run on the target. */
export interface Command {
  /** The program and its arguments, as shell words. */
  readonly words: Script;
  /** The program, as a shell word, when it has to be looked for first. */
  readonly program?: Script | undefined;
  readonly chdir?: string | undefined;
  readonly creates?: string | undefined;
  readonly removes?: string | undefined;
  /** A command that writes the command's standard input. */
  readonly stdin?: Script | undefined;
  /** Check mode: all but the command itself is done. */
  readonly check?: boolean;
}

export type Outcome =
  | {
      readonly kind: 'ran';
      readonly rc: number;
      readonly stdout: Buffer;
      readonly stderr: Buffer;
      readonly start: string;
      readonly end: string;
      readonly delta: string;
    }
  /** `creates` is there, `removes` is not, or it is a check run. */
  | { readonly kind: 'exists' | 'missing' | 'checked' }
  /** The system refused, with this error number. */
  | { readonly kind: 'directory' | 'program'; readonly errno: number };

/** Runs a command on the target in one round trip, with the checks in front of it and its timing. */
export const executeCommand = async (command: Command, context: ModuleContext): Promise<Outcome> => {
  const { target } = context;
  const asksClock = needsClock(target);
  const live = new LiveOutput((chunk) => context.output('stdout', chunk));
  const reply = await target.run(commandScript(command, asksClock), {
    onOutput: (stream, chunk) => (stream === 'stdout' ? live.add(chunk) : context.output('stderr', chunk)),
  });
  const trailer = readTrailer(reply.stdout, 2);
  if (!trailer) {
    throw new ModuleFailure('the shell on the host ended before the command did', {
      rc: reply.code,
      stdout: reply.stdout.toString(),
      stderr: reply.stderr.toString(),
    });
  }
  live.end(trailer.start);
  const [said, times] = trailer.fields as [string, string];
  if (/^[a-z]/.test(said) && isRefusal(said)) return refusal(said, times);
  const [from = '', to = '', ...date] = times.split(' ');
  const end = to === '' ? Date.now() / 1000 : Number(to);
  if (asksClock) learnClock(target, end, date.join(' '));
  return {
    kind: 'ran',
    rc: exitCode(said),
    stdout: reply.stdout.subarray(0, trailer.start),
    stderr: reply.stderr,
    ...commandTimes(target, from === '' ? end : Number(from), end),
  };
};

const commandScript = (command: Command, asksClock: boolean): Script => {
  const { words, program, chdir, creates, removes, stdin, check } = command;
  const run = sh`${execute} ${words} 3>&1 4>&2`;
  return lines(
    chdir !== undefined &&
      sh`m_dir=${expandedWord(chdir)}
if [ ! -d "$m_dir" ]; then if [ -e "$m_dir" ]; then ${stop} directory 20; else ${stop} directory 2; fi; fi
CDPATH= cd -P -- "$m_dir" 2>/dev/null || ${stop} directory 13`,
    creates !== undefined && sh`for m_path in ${globWords(creates)}; do ${exists} && ${stop} exists; done`,
    removes !== undefined &&
      sh`m_found=; for m_path in ${globWords(removes)}; do if ${exists}; then m_found=1; break; fi; done
[ -n "$m_found" ] || ${stop} missing`,
    check && sh`${stop} checked`,
    program && sh`${runnable} ${program} || ${stop} program "$?"`,
    asksClock && sh`m_clock=1`,
    stdin ? sh`${stdin} 2>/dev/null | ${run}` : run,
  );
};

const exists = sh`{ [ -e "$m_path" ] || [ -L "$m_path" ]; }`;

type Refusal = Exclude<Outcome['kind'], 'ran'>;
const refusals: readonly Refusal[] = ['directory', 'program', 'exists', 'missing', 'checked'];

const isRefusal = (word: string): word is Refusal => refusals.includes(word as Refusal);

const refusal = (kind: Refusal, errno: string): Outcome =>
  kind === 'directory' || kind === 'program' ? { kind, errno: Number(errno) } : { kind };

/** The exit code, negative for a signal as Python has it, from what the shell said and the code in the last line. */
export const exitCode = (said: string): number => {
  const code = Number(/(\d+)\s*$/.exec(said)?.[1] ?? 1);
  return code > 128 && said.includes('\n') ? 128 - code : code;
};
