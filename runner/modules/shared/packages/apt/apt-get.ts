import { lines, type Script, sh, shellFunction } from '../../../../connection/index.ts';
import { ModuleFailure } from '../../../../errors/index.ts';
import type { ModuleContext, ResultObject } from '../../../define.ts';
import { decodeOutput, outputValues } from '../../commands/decode.ts';
import { joinWords } from '../../commands/shlex.ts';
import type { AptArguments } from './arguments.ts';
import { aptEnvironment, isLocked, pause } from './cache.ts';

/** Lets services of new packages start only as exit code $1 of policy-rc.d says, until the script ends. */
const policyRcD = shellFunction(
  'm_policy_rc_d',
  `
m_policy=/usr/sbin/policy-rc.d m_saved=
if [ -e "$m_policy" ]; then
  m_saved=$(mktemp -d /tmp/muster.XXXXXXXX) && mv "$m_policy" "$m_saved/" || { echo "Fail to move $m_policy" >&2; exit 92; }
fi
trap 'if [ -n "$m_saved" ]; then mv "$m_saved/policy-rc.d" "$m_policy"; rmdir "$m_saved"; else rm -f "$m_policy"; fi' EXIT
printf '#!/bin/sh\\nexit %d\\n' "$1" >"$m_policy" && chmod 755 "$m_policy" ||
  { echo "Failed to create or chmod $m_policy" >&2; exit 92; }`,
);

const policyFailure = 92;

export interface AptRun {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
  /** The command line. */
  readonly command: string;
}

/** The words of dpkg's options for apt-get. */
export const dpkgOptions = (args: Pick<AptArguments, 'dpkg_options'>): string[] =>
  args.dpkg_options
    .split(',')
    .filter((option) => option !== '')
    .flatMap((option) => ['-o', `Dpkg::Options::=--${option}`]);

/** A command as the messages of failures show it. */
export const showCommand = (words: readonly string[]): string => joinWords(words);

/**
 * Runs a package tool in one round trip, and again while another process holds its lock, up to `lock_timeout`. `before`
 * and `after` are scripts around it; `after` runs when it worked.
 */
export const runApt = async (
  words: readonly string[],
  args: Pick<AptArguments, 'policy_rc_d' | 'lock_timeout'>,
  context: ModuleContext,
  after?: Script,
): Promise<AptRun> => {
  const deadline = Date.now() + args.lock_timeout * 1000;
  const script = lines(
    aptEnvironment,
    args.policy_rc_d !== undefined && sh`${policyRcD} ${args.policy_rc_d}`,
    sh`${words} || exit`,
    after,
  );
  for (;;) {
    const reply = await context.target.run(script, { onOutput: context.output });
    const stdout = decodeOutput(reply.stdout);
    const stderr = decodeOutput(reply.stderr);
    if (reply.code === policyFailure) throw new ModuleFailure(stderr.trim());
    if (reply.code === 0 || !isLocked(stderr) || Date.now() >= deadline) {
      return { stdout, stderr, code: reply.code, command: showCommand(words) };
    }
    await pause(1, context.signal);
  }
};

/** The values that tell what a tool said. `diff` is there when it was asked for. */
export const runValues = ({ stdout, stderr }: AptRun, context: ModuleContext): ResultObject => ({
  ...outputValues(stdout, stderr),
  ...(context.wantsDiff ? { diff: { prepared: preparedChanges(stdout) } } : {}),
});

/** Fails with apt's words. */
export const refuseRun = (what: string, { stdout, stderr, code, command }: AptRun): never => {
  throw new ModuleFailure(`${what} failed: ${stderr}`, { cmd: command, rc: code, ...outputValues(stdout, stderr) });
};

/** Whether apt-get or aptitude found nothing to do. */
export const didNothing = (stdout: string): boolean =>
  /^0 (?:packages )?upgraded, 0 newly installed(?:, 0 reinstalled)?(?:, 0 downgraded)?, 0 to remove/m.test(stdout);

/** The part of apt-get's output that tells what it would do or did. */
const preparedChanges = (stdout: string): string => {
  const all = stdout.replace(/\n$/, '').split('\n');
  const resolving = all.indexOf('Resolving dependencies...');
  const start = (resolving === -1 ? all.indexOf('Reading state information...') : resolving) + 1;
  const end = all.findIndex((line) => /^\d+ (?:packages )?upgraded/.test(line));
  return all.slice(start, end === -1 ? undefined : end + 1).join('\n');
};
