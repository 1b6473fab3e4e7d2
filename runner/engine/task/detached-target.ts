import { setTimeout as sleep } from 'node:timers/promises';
import { lines, raw, type Script, type ShellFunction, sh, type Target } from '../../connection/index.ts';
import { ModuleFailure, UnreachableError } from '../../errors/index.ts';
import { jobLives, lostJob, tellProcess } from '../../modules/shared/commands/job-process.ts';

/** Where a detached job keeps what it says, below the directory of asynchronous jobs on the target. */
export interface JobPlace {
  readonly directory: string;
  readonly id: string;
  /** The seconds after which the target ends a script of it. */
  readonly limit: number;
  /** An earlier run began it. Where nothing is left of it, it is not begun again. */
  readonly hasBegun: boolean;
}

/** Nothing is left on the host of a job that an earlier run had begun. */
export class JobGone extends ModuleFailure {}

const longestPause = 2000;
const patience = 300_000;

/**
 * A target whose scripts run detached from the connection: they go on when it drops or when muster ends, and their
 * output is fetched when they are done. Scripts that the job has run already, for a run that was killed since, are not run
 * again: what they said is there still. `started` is called with the job's results file when the first one runs.
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
      const isFirst = ++count === 1;
      const { stdout, code: refusal } = await target.run(startScript(place, count, script), {
        environment: options?.environment,
      });
      if (refusal !== 0) {
        throw isFirst && place.hasBegun
          ? new JobGone('could not find job', { ansible_job_id: place.id })
          : new ModuleFailure(`could not create directory: ${place.directory}`);
      }
      const base = stdout.toString().trim();
      started(base.slice(0, base.lastIndexOf('.d/')));
      const code = await untilDone(
        target,
        base,
        AbortSignal.any([watching, ...(options?.signal ? [options.signal] : [])]),
      );
      const [out, err] = await Promise.all([target.run(sh`cat ${base}.out`), target.run(sh`cat ${base}.err`)]);
      options?.onOutput?.('stdout', out.stdout);
      options?.onOutput?.('stderr', err.stdout);
      return { stdout: out.stdout, stderr: err.stdout, code };
    },
  };
};

// The first to make the directory is the one that runs: a job that is asked for twice is run once. A script that takes too
// long is killed with all that it has started, where it has a process group of its own.
const runJob = `mkdir "$1.run" 2>/dev/null || exit 0
${tellProcess}
m_end() { echo "$2" >"$1.rc.new"; mv "$1.rc.new" "$1.rc"; }
sh "$1.sh" >"$1.out" 2>"$1.err" &
m_job=$!
(trap 'kill "$m_sleep"' TERM
sleep "$2" &
m_sleep=$!
wait "$m_sleep" && { m_end "$1" late; if [ -n "$3" ]; then kill -9 -"$$"; else kill -9 "$m_job"; fi; }) >/dev/null 2>&1 &
m_watch=$!
wait "$m_job"
m_code=$?
[ -e "$1.rc" ] || m_end "$1" "$m_code"
kill "$m_watch"`;

/** Starts a script by itself unless it was started before: written to a file, in a session of its own where there is setsid. */
const startScript = ({ directory, id, limit, hasBegun }: JobPlace, count: number, script: Script): Script => {
  const text = `${definitions(script.functions)}(\n${script.text}\n) </dev/null\n`;
  const running = JSON.stringify({ started: 1, finished: 0, ansible_job_id: id });
  return lines(
    sh`m_dir=${raw(directory.replace(/^~/, '"$HOME"'))}; umask 077`,
    sh`m_base=$m_dir/${id}.d/${count}`,
    hasBegun && count === 1 && sh`[ -e "$m_base.sh" ] || exit 1`,
    sh`mkdir -p "$m_dir"/${id}.d && { [ -e "$m_dir"/${id} ] || printf %s ${running} >"$m_dir"/${id}; } || exit 1`,
    sh`[ -e "$m_base.sh" ] || { printf %s ${text} >"$m_base.sh.new" && mv "$m_base.sh.new" "$m_base.sh"; } || exit 1`,
    sh`m_run=${runJob}`,
    sh`if [ -e "$m_base.run" ]; then :
elif command -v setsid >/dev/null 2>&1
then setsid sh -c "$m_run" sh "$m_base" ${secondsUntilKilled(limit)} group </dev/null >/dev/null 2>&1 &
else (trap '' HUP; exec sh -c "$m_run" sh "$m_base" ${secondsUntilKilled(limit)} '') </dev/null >/dev/null 2>&1 &
fi
printf %s "$m_base"`,
  );
};

/** Ansible looks every five seconds whether a job has had its time, and begins to count at the first look. */
const secondsUntilKilled = (limit: number): number => 5 + 5 * Math.ceil(limit / 5);

const definitions = (functions: Iterable<ShellFunction>, done = new Set<ShellFunction>()): string => {
  let text = '';
  for (const needed of functions) {
    if (done.has(needed)) continue;
    done.add(needed);
    text += `${definitions(needed.needs, done)}${needed.name}() {\n${needed.body}\n}\n`;
  }
  return text;
};

/** Tells the exit code once there is one, and when the process is gone without having left one. */
const askScript = (base: string): Script =>
  sh`cat ${base}.rc 2>/dev/null || { ${jobLives} ${base} || cat ${base}.rc 2>/dev/null || echo lost; }`;

/** The exit code, once there is one. A lost connection is made anew, for some minutes. */
const untilDone = async (target: Target, base: string, signal: AbortSignal): Promise<number> => {
  let pause = 20;
  let lostSince: number | undefined;
  for (;;) {
    signal.throwIfAborted();
    try {
      const { stdout } = await target.run(askScript(base));
      lostSince = undefined;
      const answer = stdout.toString().trim();
      if (answer === 'late') throw new ModuleFailure('Timeout exceeded');
      if (answer === 'lost') {
        throw new ModuleFailure(lostJob);
      }
      if (answer !== '') return Number(answer);
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      lostSince ??= Date.now();
      if (Date.now() - lostSince > patience) throw error;
    }
    await sleep(pause, undefined, { signal });
    pause = Math.min(pause * 1.5, longestPause);
  }
};
