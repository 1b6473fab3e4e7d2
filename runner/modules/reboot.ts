import { setTimeout as sleep } from 'node:timers/promises';
import { raw, type Script, sh } from '../connection/index.ts';
import { ModuleFailure, UnreachableError } from '../errors/index.ts';
import { toText } from '../values/index.ts';
import { defineAction, type ModuleContext } from './define.ts';
import { commandFailure } from './shared/answers.ts';
import { type Answer, ask, went } from './shared/ask.ts';
import { readAssignments } from './shared/facts/distro.ts';

const searchPaths = ['/sbin', '/bin', '/usr/sbin', '/usr/bin', '/usr/local/sbin'];
// Waits between attempts grow up to this many seconds.
const longestWait = 12;

export default defineAction({
  name: 'ansible.builtin.reboot',
  summary: 'Reboots a host and waits until it is back.',
  args: {
    pre_reboot_delay: {
      type: 'int',
      default: 0,
      aliases: ['pre_reboot_delay_sec'],
      doc: 'Seconds before the reboot; on Linux whole minutes count.',
    },
    post_reboot_delay: {
      type: 'int',
      default: 0,
      aliases: ['post_reboot_delay_sec'],
      doc: 'Seconds to wait after the reboot command before looking whether the host is back.',
    },
    reboot_timeout: {
      type: 'int',
      default: 600,
      aliases: ['reboot_timeout_sec'],
      doc: 'Seconds that the host has to come back, and again to answer the test command.',
    },
    connect_timeout: { type: 'int', aliases: ['connect_timeout_sec'], doc: 'Seconds that one attempt may take.' },
    test_command: { type: 'str', doc: 'A command that succeeds when the host is ready; whoami by default.' },
    msg: { type: 'str', default: 'Reboot initiated by Ansible', doc: 'What users of the host are told.' },
    search_paths: { type: 'list', elements: 'str', default: searchPaths, doc: 'Folders to look for the command in.' },
    boot_time_command: { type: 'str', doc: 'A command whose output changes with every boot.' },
    reboot_command: { type: 'str', doc: 'The command that reboots, with its arguments.' },
  },
  returns: { rebooted: 'Whether the host was rebooted.', elapsed: 'Seconds that it took.' },
  supports: { check: 'full', diff: false },

  run: async (args, context) => {
    if (toText(context.controller.variable('ansible_connection') ?? '') === 'local') {
      throw new ModuleFailure('Running reboot with local connection would reboot the control node.', {
        changed: false,
        elapsed: 0,
        rebooted: false,
      });
    }
    if (context.check) return { changed: true, elapsed: 0, rebooted: true };

    const bootTime = raw(args.boot_time_command ?? 'cat /proc/sys/kernel/random/boot_id');
    const answers = await ask(context, {
      boot: bootTime,
      release: sh`cat /etc/os-release; exit 0`,
      // Every command that may be wanted, at once: which one it is depends on the distribution.
      found: sh`for m_command in ${[...candidates(args.reboot_command)]}; do for m_folder in ${[...args.search_paths]}; do
[ -e "$m_folder/$m_command" ] && { printf '%s %s\n' "$m_command" "$m_folder/$m_command"; break; }
done; done; exit 0`,
    });
    const before = requireBootTime(answers.boot);
    const id = readAssignments((answers.release?.stdout ?? '').split('\n')).get('id') ?? '';
    const command = rebootCommand(args, id, answers.found?.stdout ?? '');

    const start = Date.now();
    const elapsed = (): number => Math.floor((Date.now() - start) / 1000);
    await startReboot(command, context, elapsed);
    await sleep(Math.max(0, args.post_reboot_delay) * 1000, undefined, { signal: context.signal });
    const attempt = { timeout: args.reboot_timeout, oneAttempt: args.connect_timeout ?? 10, elapsed, context };
    await untilSuccess({ ...attempt, what: 'last boot time check' }, async () => {
      const { boot } = await ask(context, { boot: bootTime });
      const now = boot!.stdout.trim();
      return went(boot) && now !== '' && now !== before;
    });
    await untilSuccess({ ...attempt, what: 'post-reboot test command' }, async () =>
      went((await ask(context, { test: raw(args.test_command ?? 'whoami') })).test),
    );
    return { changed: true, rebooted: true, elapsed: elapsed() };
  },
});

const candidates = (given: string | undefined): string[] =>
  given === undefined ? ['shutdown', 'reboot'] : [given.split(' ')[0]!].filter((word) => !word.startsWith('/'));

const requireBootTime = (answer: Answer | undefined): string => {
  if (went(answer)) return answer!.stdout.trim();
  throw new ModuleFailure(
    `reboot: failed to get host boot time info, rc: ${answer?.code}, stdout: ${answer?.stdout}, stderr: ${answer?.stderr}`,
    { rebooted: false },
  );
};

interface RebootArguments {
  readonly pre_reboot_delay: number;
  readonly msg: string;
  readonly reboot_command: string | undefined;
  readonly search_paths: readonly string[];
}

const rebootCommand = (args: RebootArguments, distribution: string, found: string): Script => {
  const given = args.reboot_command;
  const paths = new Map(found.split('\n').map((line) => line.split(' ') as [string, string]));
  // Busybox has no `shutdown`.
  const isPlain = distribution === 'alpine' || (!paths.has('shutdown') && paths.has('reboot'));
  const name = given === undefined ? (isPlain ? 'reboot' : 'shutdown') : given.split(' ')[0]!;
  const path = name.startsWith('/') ? name : paths.get(name);
  if (path === undefined) {
    const folders = args.search_paths.map((folder) => `'${folder}'`).join(', ');
    throw new ModuleFailure(`Unable to find command "${name}" in search paths: [${folders}]`);
  }
  if (given !== undefined) return sh`${path} ${raw(given.slice(name.length))}`;
  if (isPlain) return sh`${path}`;
  const minutes = Math.floor(Math.max(0, args.pre_reboot_delay) / 60);
  return sh`${path} -r ${distribution === 'void' ? `+${minutes}` : minutes} ${args.msg}`;
};

/** Gives the command. That the connection breaks is no failure: the host may be faster than its answer. */
const startReboot = async (command: Script, context: ModuleContext, elapsed: () => number): Promise<void> => {
  try {
    const { reboot } = await ask(context, { reboot: command });
    if (went(reboot)) return;
    const said = `${reboot!.stdout.trim()}, ${reboot!.stderr.trim()}`;
    throw commandFailure(reboot!, `Reboot command failed. Error was: '${said}'`, {
      rebooted: false,
      elapsed: elapsed(),
    });
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
  }
};

interface Attempts {
  readonly what: string;
  readonly timeout: number;
  readonly oneAttempt: number;
  readonly elapsed: () => number;
  readonly context: ModuleContext;
}

/** Tries until it works, with growing waits and a little chance in them, so that many hosts do not knock at once. */
const untilSuccess = async (attempts: Attempts, work: () => Promise<boolean>): Promise<void> => {
  const { timeout, oneAttempt, context } = attempts;
  const end = Date.now() + timeout * 1000;
  for (let failures = 0; Date.now() < end; failures++) {
    try {
      const outcome = await Promise.race([work(), sleep(oneAttempt * 1000, 'late' as const, { ref: false })]);
      if (outcome === true) return;
      // A host that went down without a word leaves a connection that never answers.
      if (outcome === 'late') await context.target.reset?.();
    } catch (error) {
      if (!(error instanceof UnreachableError) && !(error instanceof ModuleFailure)) throw error;
      await context.target.reset?.();
    }
    const wait = Math.min(2 ** failures, longestWait) + Math.random();
    await sleep(wait * 1000, undefined, { signal: context.signal });
  }
  throw new ModuleFailure(`Timed out waiting for ${attempts.what} (timeout=${timeout})`, {
    rebooted: true,
    elapsed: attempts.elapsed(),
  });
};
