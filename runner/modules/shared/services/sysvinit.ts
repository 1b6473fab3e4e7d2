import { raw, type Script, sh } from '../../../connection/index.ts';
import { ModuleFailure } from '../../../errors/index.ts';
import type { ResultObject } from '../../../values/index.ts';
import type { ModuleContext, Plan } from '../../define.ts';
import { commandFailure } from '../answers.ts';
import { type Answer, ask, went } from '../ask.ts';
import { runsByWords } from './init-status.ts';
import { initScript, sysvEnabled } from './systemctl.ts';

/** What is known of a service that an init script runs. */
export interface SysvState {
  readonly isStarted: boolean;
  /** By run level; the key '' stands for any. */
  readonly enabled: ReadonlyMap<string, boolean>;
}

/** What has to be done to it. */
export interface SysvSteps {
  readonly enable: boolean | undefined;
  readonly act: string | undefined;
}

/** What a task wants of it. */
export interface SysvArguments {
  readonly name: string;
  readonly state: 'reloaded' | 'restarted' | 'started' | 'stopped' | undefined;
  readonly enabled: boolean | undefined;
  readonly pattern: string | undefined;
  readonly arguments: string | undefined;
  readonly sleep: number;
  readonly daemonize: boolean;
  readonly runlevels: readonly string[] | undefined;
}

/** The commands that tell the state of such a service. */
export const sysvQuestions = (args: SysvArguments): Record<string, Script | false> => {
  const levels = args.runlevels ?? [];
  const script = initScript(args.name);
  return {
    sysvScript: sh`[ -e ${script} ]`,
    sysvStatus:
      args.pattern === undefined &&
      sh`if command -v service >/dev/null; then service ${args.name} status; else ${script} status; fi`,
    sysvProcesses: sh`ps auxww 2>/dev/null || ps`,
    ...(levels.length === 0
      ? { sysvLevel_: sysvEnabled(args.name) }
      : Object.fromEntries(levels.map((level, index) => [`sysvLevel_${index}`, sysvEnabled(args.name, level)]))),
  };
};

/** The state that the answers to `sysvQuestions` tell. Throws ModuleFailure where the host has no such service. */
export const readSysv = (
  args: SysvArguments,
  answers: Readonly<Record<string, Answer | undefined>>,
  context: ModuleContext,
): SysvState => {
  const levels = args.runlevels ?? [];
  if (!went(answers.sysvScript)) throw new ModuleFailure(`Could not find the requested service ${args.name}: `);
  const processes = (answers.sysvProcesses?.stdout ?? '').split('\n');
  const shows = (text: string): boolean => processes.some((line) => line.includes(text));
  let isStarted = args.pattern !== undefined ? shows(args.pattern) : runsByWords(args.name, answers.sysvStatus!);
  if (isStarted === undefined) {
    isStarted = shows(args.name);
    context.warn(
      isStarted
        ? 'Used ps output to match service name and determine it is up, this is very unreliable'
        : 'Unable to determine if service is up, assuming it is down',
    );
  }
  const enabled =
    levels.length === 0
      ? [['', went(answers.sysvLevel_)] as const]
      : levels.map((level, index) => [level, went(answers[`sysvLevel_${index}`])] as const);
  return { isStarted, enabled: new Map(enabled) };
};

/** What has to be done to it, and what is told of that. */
export const planSysv = (state: SysvState, args: SysvArguments): Plan<SysvSteps> => {
  const differs = args.enabled !== undefined && [...state.enabled.values()].some((is) => is !== args.enabled);
  const act = decide(state.isStarted, args.state);
  const none = { rc: null, stdout: null, stderr: null };
  const status: ResultObject = {
    enabled: { changed: differs, ...none, runlevels: args.runlevels },
  };
  if (args.state !== undefined) status[args.state] = { changed: act !== undefined, ...none };
  return {
    changed: differs || act !== undefined,
    result: { name: args.name, status },
    steps: { enable: differs ? args.enabled : undefined, act } satisfies SysvSteps as SysvSteps,
  };
};

/** Does what was planned, and no more after a failure. Throws ModuleFailure. */
export const applySysv = async (
  { steps, result }: Plan<SysvSteps>,
  args: SysvArguments,
  context: ModuleContext,
): Promise<ResultObject> => {
  const { enable, act } = steps!;
  const answers = await ask(
    context,
    {
      enable: enable !== undefined && enableCommand(enable, args),
      act: act !== undefined && actCommand(act, args),
    },
    { stopAtFailure: true },
  );
  const status = { ...(result!.status as ResultObject) };
  if (answers.enable) {
    if (answers.enable.stderr.includes('illegal runlevel specified')) {
      throw new ModuleFailure(`Illegal runlevel specified for enable operation on service ${args.name}`);
    }
    status.enabled = { ...(status.enabled as ResultObject), ...outcome(answers.enable) };
  }
  if (answers.act) {
    if (!went(answers.act)) {
      throw commandFailure(answers.act, `Failed to ${act} service: ${args.name}`, {
        cmd: `${initScript(args.name)} ${act}`,
      });
    }
    status[args.state!] = { ...(status[args.state!] as ResultObject), ...outcome(answers.act) };
  }
  return { status };
};

const decide = (isStarted: boolean, wanted: string | undefined): string | undefined => {
  if (wanted === 'restarted') return 'restart';
  if (wanted === 'reloaded') return 'reload';
  if (wanted === 'started') return isStarted ? undefined : 'start';
  return wanted === 'stopped' && isStarted ? 'stop' : undefined;
};

const outcome = ({ code, stdout, stderr }: Answer): ResultObject => ({ rc: code, stdout, stderr });

const enableCommand = (enable: boolean, { name, runlevels = [] }: SysvArguments): Script => {
  const levels = runlevels.length > 0;
  const debian = levels
    ? sh`update-rc.d ${name} ${enable ? 'enable' : 'disable'} ${[...runlevels]}`
    : sh`update-rc.d ${name} ${enable ? 'defaults' : 'disable'}`;
  const redHat = levels
    ? sh`chkconfig --level ${runlevels.join('')} ${name} ${enable ? 'on' : 'off'}`
    : sh`chkconfig ${name} ${enable ? 'on' : 'off'}`;
  // Codes are told, not judged, as by Ansible.
  return sh`if command -v update-rc.d >/dev/null; then ${debian}; elif command -v chkconfig >/dev/null; then ${redHat}; fi || true`;
};

// Scripts' own `restart` cannot be relied on.
const actCommand = (act: string, args: SysvArguments): Script => {
  const script = initScript(args.name);
  const run = (verb: string): Script => {
    const plain = sh`${script} ${verb} ${raw(args.arguments ?? '')}`;
    return args.daemonize ? sh`setsid ${plain} </dev/null` : plain;
  };
  if (act !== 'restart') return run(act);
  const wait = args.sleep > 0 ? sh`sleep ${args.sleep}` : sh`:`;
  return sh`${run('stop')} || exit $?\n${wait}\n${run('start')} || exit $?\n${wait}`;
};
