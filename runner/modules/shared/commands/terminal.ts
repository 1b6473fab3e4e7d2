import { emit, lines, type Script, sh, type Target } from '../../../connection/index.ts';
import { ModuleFailure } from '../../../errors/index.ts';
import { expandedWord } from './expand.ts';

const missingCode = 97;
const skippedCode = 98;

/** How a command on a terminal is to be started. */
export interface TerminalCommand {
  /** The command, as words of shell. */
  readonly words: Script;
  readonly echo: boolean;
  readonly chdir?: string | undefined;
  /** Shell in front; it may `exit` with 98 after printing why the command is not needed. */
  readonly guard?: Script | undefined;
}

/** What came since the last look. */
export interface TerminalNews {
  readonly bytes: Buffer;
  /** Exit code, when the command has ended. */
  readonly code: number | undefined;
  /** The host's clock. */
  readonly time: string;
}

/** Says that the command was not started, and why. */
export class NotStarted extends Error {}

/**
 * A command on a terminal of the target, made by `script` or Python there. It runs in the background, its output in a
 * file, its input from a pipe; each look is a request that answers when there is something new.
 */
export class Terminal {
  readonly #target: Target;
  readonly #directory: string;
  #offset = 0;

  constructor(target: Target, directory: string) {
    this.#target = target;
    this.#directory = directory;
  }

  static async open(target: Target): Promise<Terminal> {
    return new Terminal(target, `${await target.temporaryDirectory()}/terminal-${process.hrtime.bigint()}`);
  }

  /** Starts the command, and waits for its first output. */
  start(command: TerminalCommand, seconds: number): Promise<TerminalNews> {
    const { words, echo, chdir, guard } = command;
    const line = `${echo ? '' : 'stty -echo; '}exec ${words.text}`;
    return this.#look(
      lines(
        guard,
        chdir === undefined
          ? undefined
          : sh`cd ${expandedWord(chdir)} || { printf %s ${`cannot enter ${chdir}`} >&2; exit 1; }`,
        sh`mkdir -m 700 "$m_x" && mkfifo "$m_x/in" && : >"$m_x/out" || exit
SHELL=/bin/sh; export SHELL
if command -v script >/dev/null; then set -- script -qec ${line} /dev/null
elif command -v python3 >/dev/null; then set -- python3 -c ${pythonTerminal} ${line}
else exit ${missingCode}
fi
{ sleep 1000000 >"$m_x/in" & echo $! >"$m_x/holder"; } >/dev/null 2>&1
{ "$@" <"$m_x/in" >"$m_x/out"; echo $? >"$m_x/rc.new"; mv "$m_x/rc.new" "$m_x/rc"; } >/dev/null 2>&1 &
echo $! >"$m_x/pid"`,
      ),
      seconds,
    );
  }

  /**
   * Types an answer, if there is one, and waits for what comes next. The pipe is opened for both directions, since the
   * command may have ended meanwhile, and then nobody would ever read what is opened for writing only.
   */
  answer(text: string | undefined, seconds: number): Promise<TerminalNews> {
    return this.#look(text === undefined ? undefined : sh`{ ${emit(text)}\n} 1<>"$m_x/in"`, seconds);
  }

  /** Ends whatever still runs, and removes what was needed for it. */
  async close(): Promise<void> {
    await this.#target.run(sh`m_x=${this.#directory}
for m_f in holder pid; do read -r m_p <"$m_x/$m_f" && { pkill -P "$m_p"; kill "$m_p"; }; done 2>/dev/null
rm -rf "$m_x"`);
  }

  async #look(before: Script | undefined, seconds: number): Promise<TerminalNews> {
    const reply = await this.#target.run(
      lines(
        sh`m_x=${this.#directory} m_n=0`,
        before,
        sh`while [ ! -e "$m_x/rc" ] && [ "$(wc -c <"$m_x/out")" -le ${this.#offset} ] && [ "$m_n" -lt ${Math.ceil(seconds * 20)} ]; do
  sleep 0.05; m_n=$((m_n + 1))
done
if [ -e "$m_x/rc" ]; then read -r m_rc <"$m_x/rc"; else m_rc=; fi
printf '%s\\0%s\\0' "$m_rc" "$(date '+%Y-%m-%d %H:%M:%S.%N')"
tail -c +${this.#offset + 1} "$m_x/out"`,
      ),
    );
    if (reply.code === missingCode) {
      throw new ModuleFailure('a terminal on the host needs `script` (of util-linux) or python3 there');
    }
    if (reply.code === skippedCode) throw new NotStarted(reply.stdout.toString());
    if (reply.code !== 0) throw new ModuleFailure(reply.stderr.toString().trim(), { rc: reply.code });
    const first = reply.stdout.indexOf(0);
    const second = reply.stdout.indexOf(0, first + 1);
    const code = reply.stdout.toString('latin1', 0, first);
    const bytes = reply.stdout.subarray(second + 1);
    this.#offset += bytes.length;
    return {
      bytes,
      code: code === '' ? undefined : Number(code),
      time: reply.stdout.toString('latin1', first + 1, second).replace(/(\.\d{6})\d*$|\.%?N$/, '$1'),
    };
  }
}

const pythonTerminal = `import os, pty, sys
status = pty.spawn(['/bin/sh', '-c', sys.argv[1]])
sys.exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))`;
