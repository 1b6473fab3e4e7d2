import { raw, type Script, sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import type { ResultObject } from '../values/index.ts';
import { defineModule } from './define.ts';
import { commandFailure } from './shared/answers.ts';
import { type Answer, ask, went } from './shared/ask.ts';
import { runsByWords } from './shared/services/init-status.ts';
import { initScript, sysvEnabled } from './shared/services/systemctl.ts';

interface State {
  readonly isStarted: boolean;
  /** By run level; the key '' stands for any. */
  readonly enabled: ReadonlyMap<string, boolean>;
}

interface Steps {
  readonly enable: boolean | undefined;
  readonly act: string | undefined;
}

interface Arguments {
  readonly name: string;
  readonly arguments: string | undefined;
  readonly sleep: number;
  readonly daemonize: boolean;
  readonly runlevels: readonly string[] | undefined;
}

export default defineModule({
  name: 'ansible.builtin.sysvinit',
  summary: 'Controls services that init scripts run.',
  args: {
    name: { type: 'str', required: true, aliases: ['service'], doc: 'The service.' },
    state: {
      type: 'str',
      choices: ['started', 'stopped', 'restarted', 'reloaded'],
      doc: 'Started and stopped change only what differs; restarted and reloaded always act.',
    },
    enabled: { type: 'bool', doc: 'Whether the service starts at boot.' },
    sleep: { type: 'int', default: 1, doc: 'Seconds between the stop and the start of a restart.' },
    pattern: { type: 'str', doc: 'Text in the list of processes that tells that the service runs.' },
    runlevels: { type: 'list', elements: 'str', doc: 'The run levels that it is enabled or disabled for.' },
    arguments: { type: 'str', aliases: ['args'], doc: 'More arguments for the init script.' },
    daemonize: {
      type: 'bool',
      default: false,
      doc: 'Run the script as a daemon, for those that do not do so themselves.',
    },
  },
  requiredOneOf: [['state', 'enabled']],
  returns: { name: 'The service.', status: 'What was done, by action: changed, rc, stdout, stderr.' },
  supports: { check: 'full', diff: false },

  probe: async (args, context): Promise<State> => {
    const levels = args.runlevels ?? [];
    const script = initScript(args.name);
    const answers: Readonly<Record<string, Answer | undefined>> = await ask<string>(context, {
      script: sh`[ -e ${script} ]`,
      status:
        args.pattern === undefined &&
        sh`if command -v service >/dev/null; then service ${args.name} status; else ${script} status; fi`,
      processes: sh`ps auxww 2>/dev/null || ps`,
      ...(levels.length === 0
        ? { level_: sysvEnabled(args.name) }
        : Object.fromEntries(levels.map((level, index) => [`level_${index}`, sysvEnabled(args.name, level)]))),
    });
    if (!went(answers.script)) throw new ModuleFailure(`Could not find the requested service ${args.name}: `);
    const processes = (answers.processes?.stdout ?? '').split('\n');
    const shows = (text: string): boolean => processes.some((line) => line.includes(text));
    let isStarted = args.pattern !== undefined ? shows(args.pattern) : runsByWords(args.name, answers.status!);
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
        ? [['', went(answers.level_)] as const]
        : levels.map((level, index) => [level, went(answers[`level_${index}`])] as const);
    return { isStarted, enabled: new Map(enabled) };
  },

  diff: (state, args) => {
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
      steps: { enable: differs ? args.enabled : undefined, act } satisfies Steps as Steps,
    };
  },

  apply: async ({ steps, result }, args, context) => {
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
  },
});

const decide = (isStarted: boolean, wanted: string | undefined): string | undefined => {
  if (wanted === 'restarted') return 'restart';
  if (wanted === 'reloaded') return 'reload';
  if (wanted === 'started') return isStarted ? undefined : 'start';
  return wanted === 'stopped' && isStarted ? 'stop' : undefined;
};

const outcome = ({ code, stdout, stderr }: Answer): ResultObject => ({ rc: code, stdout, stderr });

const enableCommand = (enable: boolean, { name, runlevels = [] }: Arguments): Script => {
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
const actCommand = (act: string, args: Arguments): Script => {
  const script = initScript(args.name);
  const run = (verb: string): Script => {
    const plain = sh`${script} ${verb} ${raw(args.arguments ?? '')}`;
    return args.daemonize ? sh`setsid ${plain} </dev/null` : plain;
  };
  if (act !== 'restart') return run(act);
  const wait = args.sleep > 0 ? sh`sleep ${args.sleep}` : sh`:`;
  return sh`${run('stop')} || exit $?\n${wait}\n${run('start')} || exit $?\n${wait}`;
};
