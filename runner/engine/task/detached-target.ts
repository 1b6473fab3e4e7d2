import { setTimeout as sleep } from 'node:timers/promises';
import { lines, raw, type Script, type ShellFunction, sh, type Target } from '../../connection/index.ts';
import { UnreachableError } from '../../errors/index.ts';

/** Where a detached job keeps what it says, below the directory of asynchronous jobs on the target. */
export interface JobPlace {
  readonly directory: string;
  readonly id: string;
}

const longestPause = 2000;
const patience = 300_000;

/**
 * A target whose scripts run detached from the connection: they go on when it drops or when muster ends, and their
 * output is fetched when they are done. `started` is called with the job's results file when the first one runs.
 */
export const detachedTarget = (
  target: Target,
  place: JobPlace,
  watching: AbortSignal,
  started: (resultsFile: string) => void,
): Target => {
  let count = 0;
  return {
    host: target.host,
    put: (content, path) => target.put(content, path),
    get: (path, sink) => target.get(path, sink),
    temporaryDirectory: () => target.temporaryDirectory(),
    forward: (to) => target.forward(to),
    ...(target.open && { open: (command: Script) => target.open!(command) }),
    isLocal: target.isLocal,
    ...(target.reset && { reset: () => target.reset!() }),
    run: async (script, options) => {
      const name = `${place.id}.d/${++count}`;
      const { stdout } = await target.run(startScript(place, name, script), { environment: options?.environment });
      const base = stdout.toString().trim();
      started(base.slice(0, base.lastIndexOf('.d/')));
      const code = await untilDone(
        target,
        base,
        AbortSignal.any([watching, ...(options?.signal ? [options.signal] : [])]),
      );
      const [out, err] = await Promise.all([
        target.run(sh`cat ${base}.out`),
        target.run(
          sh`cat ${base}.err; rm -f ${base}.out ${base}.err ${base}.rc ${base}.sh; rmdir ${base.replace(/\/\d+$/, '')} 2>/dev/null`,
        ),
      ]);
      options?.onOutput?.('stdout', out.stdout);
      options?.onOutput?.('stderr', err.stdout);
      return { stdout: out.stdout, stderr: err.stdout, code };
    },
  };
};

/** Starts a script by itself: written to a file, in a session of its own where there is setsid. */
const startScript = ({ directory, id }: JobPlace, name: string, script: Script): Script => {
  const text = `${definitions(script.functions)}(\n${script.text}\n) </dev/null\n`;
  return lines(
    sh`m_dir=${raw(directory.replace(/^~/, '"$HOME"'))}; umask 077; mkdir -p "$m_dir"/${id}.d || exit 1`,
    sh`m_base=$m_dir/${name}; printf %s ${text} >"$m_base.sh"`,
    raw(`m_run='sh "$1.sh" >"$1.out" 2>"$1.err"; echo "$?" >"$1.rc.new"; mv "$1.rc.new" "$1.rc"'
if command -v setsid >/dev/null 2>&1
then setsid sh -c "$m_run" sh "$m_base" </dev/null >/dev/null 2>&1 &
else (trap '' HUP; exec sh -c "$m_run" sh "$m_base") </dev/null >/dev/null 2>&1 &
fi
printf %s "$m_base"`),
  );
};

const definitions = (functions: Iterable<ShellFunction>, done = new Set<ShellFunction>()): string => {
  let text = '';
  for (const needed of functions) {
    if (done.has(needed)) continue;
    done.add(needed);
    text += `${definitions(needed.needs, done)}${needed.name}() {\n${needed.body}\n}\n`;
  }
  return text;
};

/** The exit code, once there is one. A lost connection is made anew, for some minutes. */
const untilDone = async (target: Target, base: string, signal: AbortSignal): Promise<number> => {
  let pause = 20;
  let lostSince: number | undefined;
  for (;;) {
    signal.throwIfAborted();
    try {
      const { stdout } = await target.run(sh`cat ${base}.rc 2>/dev/null`);
      lostSince = undefined;
      if (stdout.length > 0) return Number(stdout.toString());
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      lostSince ??= Date.now();
      if (Date.now() - lostSince > patience) throw error;
    }
    await sleep(pause, undefined, { signal });
    pause = Math.min(pause * 1.5, longestPause);
  }
};
