import { lines, type Script, sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import type { ArgumentsOf } from './arguments.ts';
import { defineModule } from './define.ts';
import { ask } from './shared/ask.ts';
import {
  applyInit,
  type InitArguments,
  type InitState,
  type InitSteps,
  initQuestions,
  planInit,
  readInit,
} from './shared/services/init-service.ts';
import { findManager, knownManager } from './shared/services/manager.ts';
import {
  applySysv,
  planSysv,
  readSysv,
  type SysvArguments,
  type SysvState,
  type SysvSteps,
  sysvQuestions,
} from './shared/services/sysvinit.ts';
import {
  applyUnit,
  planUnit,
  readUnit,
  refusePattern,
  runtimeDirectory,
  type UnitState,
  type UnitSteps,
  unitQuestions,
  unitState,
} from './shared/services/unit.ts';

// Exactly one of them is there, by the manager that the host has.
interface State {
  readonly unit?: UnitState;
  readonly sysv?: SysvState;
  readonly init?: InitState;
}

interface Steps {
  readonly unit?: UnitSteps | undefined;
  readonly sysv?: SysvSteps | undefined;
  readonly init?: InitSteps | undefined;
}

/** What is passed on to systemd only. */
const forSystemd = {
  masked: { type: 'bool', doc: 'Whether the unit is masked, for systemd.' },
  force: { type: 'bool', doc: 'Replace symbolic links that stand in the way, for systemd.' },
  daemon_reload: {
    type: 'bool',
    aliases: ['daemon-reload'],
    doc: 'Have systemd read its configuration anew before anything else.',
  },
  daemon_reexec: {
    type: 'bool',
    aliases: ['daemon-reexec'],
    doc: 'Have systemd execute itself anew before anything else.',
  },
  scope: {
    type: 'str',
    choices: ['system', 'user', 'global'],
    doc: 'Whose manager, for systemd: the system’s unless given, that of the user who runs the task, or that of all users.',
  },
  no_block: { type: 'bool', doc: 'Do not wait until the operation has finished, for systemd.' },
} as const;

/** What is passed on to sysvinit only. */
const forSysvinit = {
  runlevels: { type: 'list', elements: 'str', doc: 'The run levels that it is enabled or disabled for, for sysvinit.' },
  daemonize: { type: 'bool', doc: 'Run the script as a daemon, for sysvinit.' },
} as const;

const serviceArguments = {
  name: { type: 'str', aliases: ['service', 'unit'], doc: 'The service; systemd can reload without one.' },
  state: unitState,
  enabled: { type: 'bool', doc: 'Whether the service starts at boot.' },
  sleep: { type: 'int', doc: 'Seconds between the stop and the start of a restart, for init scripts.' },
  pattern: { type: 'str', doc: 'Text in the list of processes that tells that the service runs.' },
  runlevel: { type: 'str', doc: 'The run level, for OpenRC: default unless given.' },
  arguments: { type: 'str', default: '', aliases: ['args'], doc: 'More arguments for the init script.' },
  ...forSystemd,
  ...forSysvinit,
  use: { type: 'str', default: 'auto', doc: 'The service manager; found out unless it is given.' },
} as const;

export default defineModule({
  name: 'ansible.builtin.service',
  summary: 'Controls services, whatever manages them on the host.',
  args: serviceArguments,
  requiredBy: { state: ['name'], enabled: ['name'], masked: ['name'] },
  returns: {
    name: 'The service.',
    enabled: 'Whether it starts at boot now, when that was asked for.',
    state: 'Its state, when that was asked for.',
    status:
      'The properties of the unit before the change, where systemd manages it; what was done by action, where sysvinit does.',
  },
  supports: { check: 'full', diff: false },

  probe: async (args, context): Promise<State> => {
    const given = args.use.toLowerCase();
    const manager = given === 'auto' ? knownManager(context) : given;
    if (manager === 'systemd') refusePattern(args.name);
    else if (manager !== undefined) refuseOthers(manager, args);
    const unitCommands = manager === undefined || manager === 'systemd' ? unitQuestions(args, context.check) : {};
    const { name } = args;
    const sysvCommands =
      name !== undefined && (manager ?? 'sysvinit') === 'sysvinit' ? sysvQuestions(forSysv(args, name)) : {};
    const isInit = name !== undefined && manager !== 'systemd' && manager !== 'sysvinit';
    const initCommands = isInit ? initQuestions(forInit(args, name)) : {};
    const answers = await ask(
      context,
      {
        manager: sh`echo "$m_manager"`,
        ...guarded(unitCommands, sh`[ "$m_manager" = systemd ] || exit 0`),
        ...guarded(sysvCommands, sh`[ "$m_manager" = sysvinit ] || exit 0`),
        ...guarded(initCommands, sh`case $m_manager in systemd|sysvinit) exit 0;; esac`),
      },
      { before: sh`${manager === undefined ? findManager : sh`m_manager=${manager}`}\n${runtimeDirectory}` },
    );
    const found = (answers.manager?.stdout ?? '').trim();
    if (found === 'systemd') return { unit: readUnit(args, answers, context) };
    const named = refuseOthers(found, args);
    return found === 'sysvinit'
      ? { sysv: readSysv(forSysv(args, named), answers, context) }
      : { init: readInit(forInit(args, named), answers) };
  },
  diff: (state, args, context) => {
    if (state.unit) {
      for (const name of ['pattern', 'runlevel', 'sleep', 'arguments'] as const) {
        if (args[name] !== undefined && args[name] !== '') {
          context.warn(`Ignoring "${name}" as it is not used in "systemd"`);
        }
      }
      refuse('systemd', args, Object.keys(forSysvinit));
      const plan = planUnit(state.unit, args, context);
      return { ...plan, steps: { unit: plan.steps } satisfies Steps as Steps };
    }
    // systemd's units can be looked at without changing anything.
    if (args.state === undefined && args.enabled === undefined) {
      throw new ModuleFailure('one of the following is required: state, enabled');
    }
    if (state.sysv) {
      const plan = planSysv(state.sysv, forSysv(args, args.name!));
      return { ...plan, steps: { sysv: plan.steps } satisfies Steps as Steps };
    }
    const plan = planInit(state.init!, forInit(args, args.name!));
    return { ...plan, steps: { init: plan.steps } satisfies Steps as Steps };
  },
  apply: async ({ steps, result, changed }, args, context, state) => {
    if (state.unit) await applyUnit(steps!.unit!, args, state.unit, context);
    else if (state.sysv) {
      const plan = { changed, steps: steps!.sysv!, ...(result && { result }) };
      return applySysv(plan, forSysv(args, args.name!), context);
    } else await applyInit(steps!.init!, forInit(args, args.name!), state.init!, context);
    return {};
  },
});

type Arguments = ArgumentsOf<typeof serviceArguments>;

const forSysv = (args: Arguments, name: string): SysvArguments => ({
  ...args,
  name,
  sleep: args.sleep ?? 1,
  daemonize: args.daemonize ?? false,
});

const forInit = (args: Arguments, name: string): InitArguments => ({
  ...args,
  name,
  runlevel: args.runlevel ?? 'default',
});

/** Fails when an argument was given that is no argument of the manager's own module, as Ansible passes them on to that. */
const refuse = (module: keyof typeof supported, args: Arguments, names: readonly string[]): void => {
  const given = names.filter((name) => args[name as keyof Arguments] !== undefined);
  if (given.length > 0) {
    throw new ModuleFailure(
      `Unsupported parameters for (ansible.legacy.${module}) module: ${given.join(', ')}. Supported parameters include: ${supported[module]}.`,
    );
  }
};

/** The arguments that the managers' modules have. */
const supported = {
  service: 'arguments, enabled, name, pattern, runlevel, sleep, state (args)',
  systemd:
    'daemon_reexec, daemon_reload, enabled, force, masked, name, no_block, scope, state (daemon-reexec, daemon-reload, service, unit)',
  sysvinit: 'arguments, daemonize, enabled, name, pattern, runlevels, sleep, state (args, service)',
} as const;

/** The same for what is not systemd, which has to know the service. */
const refuseOthers = (manager: string, args: Arguments): string => {
  if (manager === 'sysvinit') refuse('sysvinit', args, [...Object.keys(forSystemd), 'runlevel']);
  else refuse('service', args, [...Object.keys(forSystemd), ...Object.keys(forSysvinit)]);
  if (args.name === undefined) throw new ModuleFailure('missing required arguments: name');
  return args.name;
};

/** Commands that are only run where the manager is theirs. */
const guarded = (commands: Readonly<Record<string, Script | false>>, guard: Script): Record<string, Script | false> =>
  Object.fromEntries(Object.entries(commands).map(([name, command]) => [name, command && lines(guard, command)]));
