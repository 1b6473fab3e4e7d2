import { lines, type Script, sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import { defineModule } from './define.ts';
import { ask } from './shared/ask.ts';
import {
  applyInit,
  type InitState,
  type InitSteps,
  initQuestions,
  planInit,
  readInit,
} from './shared/services/init-service.ts';
import { findManager, knownManager } from './shared/services/manager.ts';
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

// Exactly one of the two is there, by the manager that the host has.
interface State {
  readonly unit?: UnitState;
  readonly init?: InitState;
}

interface Steps {
  readonly unit?: UnitSteps | undefined;
  readonly init?: InitSteps | undefined;
}

export default defineModule({
  name: 'ansible.builtin.service',
  summary: 'Controls services, whatever manages them on the host.',
  args: {
    name: { type: 'str', required: true, doc: 'The service.' },
    state: unitState,
    enabled: { type: 'bool', doc: 'Whether the service starts at boot.' },
    sleep: { type: 'int', doc: 'Seconds between the stop and the start of a restart, for init scripts.' },
    pattern: { type: 'str', doc: 'Text in the list of processes that tells that the service runs.' },
    runlevel: { type: 'str', default: 'default', doc: 'The run level, for OpenRC.' },
    arguments: { type: 'str', default: '', aliases: ['args'], doc: 'More arguments for the init script.' },
    use: { type: 'str', default: 'auto', doc: 'The service manager; found out unless it is given.' },
  },
  returns: {
    name: 'The service.',
    enabled: 'Whether it starts at boot now, when that was asked for.',
    state: 'Its state, when that was asked for.',
    status: 'The properties of the unit before the change, where systemd manages it.',
  },
  supports: { check: 'full', diff: false },

  probe: async (args, context): Promise<State> => {
    const given = args.use.toLowerCase();
    const manager = given === 'auto' ? knownManager(context) : given;
    if (manager === 'systemd') refusePattern(args.name);
    const unitCommands = manager === undefined || manager === 'systemd' ? unitQuestions(args, context.check) : {};
    const initCommands = manager === 'systemd' ? {} : initQuestions(args);
    const answers = await ask(
      context,
      {
        manager: sh`echo "$m_manager"`,
        ...guarded(unitCommands, sh`[ "$m_manager" = systemd ] || exit 0`),
        ...guarded(initCommands, sh`[ "$m_manager" != systemd ] || exit 0`),
      },
      { before: sh`${manager === undefined ? findManager : sh`m_manager=${manager}`}\n${runtimeDirectory}` },
    );
    const found = (answers.manager?.stdout ?? '').trim();
    return found === 'systemd' ? { unit: readUnit(args, answers, context) } : { init: readInit(args, answers) };
  },
  diff: (state, args, context) => {
    if (state.unit) {
      for (const name of ['pattern', 'sleep'] as const) {
        if (args[name] !== undefined) context.warn(`Ignoring "${name}" as it is not used in "systemd"`);
      }
      const plan = planUnit(state.unit, args, context);
      return { ...plan, steps: { unit: plan.steps } satisfies Steps as Steps };
    }
    // systemd's units can be looked at without changing anything.
    if (args.state === undefined && args.enabled === undefined) {
      throw new ModuleFailure('one of the following is required: state, enabled');
    }
    const plan = planInit(state.init!, args);
    return { ...plan, steps: { init: plan.steps } satisfies Steps as Steps };
  },
  apply: async ({ steps }, args, context, state) => {
    if (state.unit) await applyUnit(steps!.unit!, args, state.unit, context);
    else await applyInit(steps!.init!, args, state.init!, context);
  },
});

/** Commands that are only run where the manager is theirs. */
const guarded = (commands: Readonly<Record<string, Script | false>>, guard: Script): Record<string, Script | false> =>
  Object.fromEntries(Object.entries(commands).map(([name, command]) => [name, command && lines(guard, command)]));
