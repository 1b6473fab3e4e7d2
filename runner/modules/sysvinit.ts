import { defineModule } from './define.ts';
import { ask } from './shared/ask.ts';
import { applySysv, planSysv, readSysv, type SysvState, sysvQuestions } from './shared/services/sysvinit.ts';

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

  probe: async (args, context): Promise<SysvState> =>
    readSysv(args, await ask<string>(context, sysvQuestions(args)), context),
  diff: planSysv,
  apply: (plan, args, context) => applySysv(plan, args, context),
});
