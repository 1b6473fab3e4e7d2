import { raw, type Script, sh } from '../../../connection/index.ts';
import { ModuleFailure } from '../../../errors/index.ts';
import type { ModuleContext, Plan } from '../../define.ts';
import { commandFailure } from '../answers.ts';
import { type Answer, ask, went } from '../ask.ts';
import { runsByStatus } from './init-status.ts';
import { sysvEnabled } from './systemctl.ts';

/** What a task wants of a service that an init script or OpenRC runs. */
export interface InitArguments {
  readonly name: string;
  readonly state: 'reloaded' | 'restarted' | 'started' | 'stopped' | undefined;
  readonly enabled: boolean | undefined;
  readonly sleep: number | undefined;
  readonly pattern: string | undefined;
  readonly runlevel: string;
  readonly arguments: string;
}

export interface InitState {
  readonly tools: ReadonlySet<string>;
  readonly runs: boolean | undefined;
  readonly isCrashed: boolean;
  readonly isEnabled: boolean;
  /** The init script's links include one that keeps it from starting. */
  readonly hasStopLinks: boolean;
}

export interface InitSteps {
  readonly enable: boolean | undefined;
  readonly act: 'start' | 'stop' | 'reload' | 'restart' | undefined;
}

/** The commands that tell the state of such a service. */
export const initQuestions = (args: InitArguments): Record<string, Script | false> => {
  const { name } = args;
  return {
    tools: sh`for m_tool in rc-service rc-update update-rc.d insserv chkconfig service; do command -v $m_tool >/dev/null && echo $m_tool; done
[ -f ${`/etc/init.d/${name}`} ] && echo script`,
    initStatus:
      args.state !== undefined &&
      args.pattern === undefined &&
      sh`if command -v rc-service >/dev/null; then rc-service ${name} status
elif command -v service >/dev/null; then service ${name} status ${raw(args.arguments)}
else ${`/etc/init.d/${name}`} status ${raw(args.arguments)}
fi`,
    processes: args.pattern !== undefined && sh`ps auxww 2>/dev/null || ps`,
    initEnabled: args.enabled !== undefined && enabledQuestion(name, args.enabled),
    stopLinks: sh`for m_link in /etc/rc?.d/K??${name}; do [ -e "$m_link" ] && exit 0; done; exit 1`,
  };
};

const enabledQuestion = (
  name: string,
  wanted: boolean,
): Script => sh`if command -v rc-update >/dev/null; then rc-update show
elif command -v update-rc.d >/dev/null; then ${sysvEnabled(name)}
elif command -v insserv >/dev/null; then insserv -n ${wanted ? sh`` : sh`-r `}-v ${name} 2>&1
elif command -v chkconfig >/dev/null; then
m_list=$(chkconfig --list ${name} 2>&1)
case $m_list in *'chkconfig --add'*) chkconfig --add ${name}; m_list=$(chkconfig --list ${name} 2>&1);; esac
echo "$m_list"
fi`;

/** Reads the answers about a service. Throws ModuleFailure where the host has no such service. */
export const readInit = (args: InitArguments, answers: Readonly<Record<string, Answer | undefined>>): InitState => {
  const tools = new Set((answers.tools?.stdout ?? '').split('\n').filter((tool) => tool !== ''));
  const hasEnabler = ['rc-service', 'update-rc.d', 'insserv', 'chkconfig'].some((tool) => tools.has(tool));
  if (!tools.has('rc-service') && !(tools.has('script') && hasEnabler)) {
    throw new ModuleFailure(`Could not find the requested service ${args.name}: host`);
  }
  const status = answers.initStatus;
  const crashed = tools.has('rc-service') && /crashed/.test(`${status?.stdout}${status?.stderr}`);
  return {
    tools,
    runs: readRunning(args, tools, answers),
    isCrashed: crashed,
    isEnabled: readEnabled(args, tools, answers.initEnabled),
    hasStopLinks: went(answers.stopLinks),
  };
};

const readRunning = (
  args: InitArguments,
  tools: ReadonlySet<string>,
  { initStatus: status, processes }: Readonly<Record<string, Answer | undefined>>,
): boolean | undefined => {
  const pattern = args.pattern;
  if (pattern !== undefined) return processes?.stdout.split('\n').some((line) => line.includes(pattern));
  if (!status) return undefined;
  return tools.has('rc-service') ? status.stdout.includes('started') : runsByStatus(args.name, status);
};

const readEnabled = (args: InitArguments, tools: ReadonlySet<string>, answer: Answer | undefined): boolean => {
  if (!answer) return false;
  const { stdout } = answer;
  if (tools.has('rc-update')) {
    const line = stdout.split('\n').find((each) => each.split('|')[0]?.trim() === args.name);
    return (line?.split('|')[1] ?? '').split(/\s+/).includes(args.runlevel);
  }
  if (tools.has('update-rc.d')) return went(answer);
  if (tools.has('insserv')) {
    // A dry run tells what it would do.
    const would = stdout.includes(args.enabled ? 'enable service' : 'remove service');
    return would ? !args.enabled : args.enabled === true;
  }
  if (!stdout.includes(args.name)) throw new ModuleFailure(`service ${args.name} does not support chkconfig`);
  const isOn = stdout.includes('3:on') && stdout.includes('5:on');
  const isOff = stdout.includes('3:off') && stdout.includes('5:off');
  return args.enabled ? isOn : !isOff;
};

/** What has to be done to a service, and its state after that. */
export const planInit = (state: InitState, args: InitArguments): Plan<InitSteps> => {
  if (args.state !== undefined && state.runs === undefined) {
    throw new ModuleFailure('failed determining service state, possible typo of service name?');
  }
  const enable = args.enabled === undefined || args.enabled === state.isEnabled ? undefined : args.enabled;
  const act = decide(state.runs === true, args.state);
  return {
    changed: enable !== undefined || act !== undefined,
    result: {
      name: args.name,
      enabled: args.enabled,
      state: args.state === undefined ? undefined : args.state === 'stopped' ? 'stopped' : 'started',
    },
    steps: { enable, act },
  };
};

const decide = (runs: boolean, wanted: InitArguments['state']): InitSteps['act'] => {
  if (wanted === 'restarted') return 'restart';
  if (wanted === 'started' || wanted === 'reloaded')
    return runs ? (wanted === 'reloaded' ? 'reload' : undefined) : 'start';
  return wanted === 'stopped' && runs ? 'stop' : undefined;
};

/** Does what was planned, and no more after a failure. Throws ModuleFailure. */
export const applyInit = async (
  { enable, act }: InitSteps,
  args: InitArguments,
  state: InitState,
  context: ModuleContext,
): Promise<void> => {
  const answers = await ask(
    context,
    { enable: enable !== undefined && enableCommand(enable, args, state), act: act && actCommand(act, args, state) },
    { stopAtFailure: true },
  );
  if (answers.enable && !went(answers.enable)) {
    const { code, stdout, stderr } = answers.enable;
    const verb = enable ? 'enable' : 'disable';
    throw commandFailure(
      answers.enable,
      stderr === ''
        ? `Failure for ${verb} ${args.name}: rc=${code} ${stdout}`
        : `Error when trying to ${verb} ${args.name}: rc=${code} ${stderr}`,
    );
  }
  if (answers.act && !went(answers.act) && !answers.act.stderr.includes('Job is already running')) {
    throw commandFailure(answers.act, answers.act.stderr || answers.act.stdout, {
      cmd: `${state.tools.has('rc-service') ? 'rc-service' : 'service'} ${args.name} ${act}`,
    });
  }
};

const enableCommand = (
  enable: boolean,
  { name, runlevel }: InitArguments,
  { tools, hasStopLinks }: InitState,
): Script => {
  if (tools.has('rc-update')) return sh`rc-update ${enable ? 'add' : 'delete'} ${name} ${runlevel}`;
  if (tools.has('update-rc.d')) {
    const first = enable && !hasStopLinks ? sh`update-rc.d ${name} defaults && ` : sh``;
    return sh`${first}update-rc.d ${name} ${enable ? 'enable' : 'disable'}`;
  }
  if (tools.has('insserv')) return enable ? sh`insserv ${name}` : sh`insserv -r ${name}`;
  return sh`chkconfig ${name} ${enable ? 'on' : 'off'}`;
};

// Daemons would keep the streams of the script open, so that they get none of them.
const actCommand = (act: string, args: InitArguments, { tools, isCrashed }: InitState): Script => {
  const { name } = args;
  const more = raw(args.arguments);
  if (tools.has('rc-service')) {
    const zap = act === 'start' && isCrashed ? sh`rc-service ${name} zap; ` : sh``;
    return sh`${zap}rc-service ${name} ${act} ${more}`;
  }
  const control = tools.has('service') ? sh`service ${name}` : sh`${`/etc/init.d/${name}`}`;
  if (act !== 'restart') return sh`${control} ${act} ${more}`;
  const wait = args.sleep ? sh`sleep ${args.sleep}; ` : sh``;
  return sh`${control} stop ${more}; m_first=$?; ${wait}${control} start ${more}; m_second=$?
[ $m_second = 0 ] || exit $m_second; exit 0`;
};
