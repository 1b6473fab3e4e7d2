import { defineModule } from './define.ts';
import { ask } from './shared/ask.ts';
import {
  applyUnit,
  planUnit,
  readUnit,
  refusePattern,
  runtimeDirectory,
  type UnitState,
  unitQuestions,
  unitState,
} from './shared/services/unit.ts';

export default defineModule({
  name: 'ansible.builtin.systemd',
  aliases: ['ansible.builtin.systemd_service'],
  summary: 'Controls systemd units.',
  args: {
    name: { type: 'str', aliases: ['service', 'unit'], doc: 'The unit; without an extension, a service.' },
    state: unitState,
    enabled: { type: 'bool', doc: 'Whether the unit starts at boot.' },
    force: { type: 'bool', doc: 'Replace symbolic links that stand in the way.' },
    masked: { type: 'bool', doc: 'Whether the unit is masked, which makes it impossible to start.' },
    daemon_reload: {
      type: 'bool',
      default: false,
      aliases: ['daemon-reload'],
      doc: 'Have systemd read its configuration anew before anything else.',
    },
    daemon_reexec: {
      type: 'bool',
      default: false,
      aliases: ['daemon-reexec'],
      doc: 'Have systemd execute itself anew before anything else.',
    },
    scope: {
      type: 'str',
      choices: ['system', 'user', 'global'],
      default: 'system',
      doc: 'Whose manager: the system’s, that of the user who runs the task, or that of all users.',
    },
    no_block: { type: 'bool', default: false, doc: 'Do not wait until the operation has finished.' },
  },
  requiredOneOf: [['state', 'enabled', 'masked', 'daemon_reload', 'daemon_reexec']],
  requiredBy: { state: ['name'], enabled: ['name'], masked: ['name'] },
  returns: {
    name: 'The unit.',
    status: 'The properties of the unit before the change, as systemctl show prints them.',
    enabled: 'Whether it starts at boot now, when that was asked for.',
    state: 'The state that it was brought to, when that was asked for.',
  },
  supports: { check: 'full', diff: false },

  probe: async (args, context): Promise<UnitState> => {
    refusePattern(args.name);
    return readUnit(
      args,
      await ask(context, unitQuestions(args, context.check), { before: runtimeDirectory }),
      context,
    );
  },
  diff: planUnit,
  apply: ({ steps }, args, context, state) => applyUnit(steps!, args, state, context),
});
