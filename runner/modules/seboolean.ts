import { sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import { defineModule } from './define.ts';
import { mustGo } from './shared/answers.ts';
import { ask, went } from './shared/ask.ts';
import { missingText } from './shared/missing.ts';

interface State {
  readonly isEnabled: boolean;
  /** What holds now; undefined where there is no such boolean. */
  readonly current: boolean | undefined;
  /** What holds after a boot, where that was asked for. */
  readonly kept: boolean | undefined;
}

export default defineModule({
  name: 'ansible.posix.seboolean',
  summary: 'Switches booleans of SELinux on and off.',
  args: {
    name: { type: 'str', required: true, doc: 'The boolean.' },
    state: { type: 'bool', required: true, doc: 'Whether it is on.' },
    persistent: { type: 'bool', default: false, doc: 'Keep it over boots.' },
    ignore_selinux_state: {
      type: 'bool',
      default: false,
      doc: 'Set it even where SELinux is disabled, as in a chroot.',
    },
  },
  returns: { name: 'The boolean.', state: 'Whether it is on.', persistent: 'Whether that is kept over boots.' },
  notes: [
    'It needs getsebool, setsebool and, with persistent, semanage on the host; without them, and where SELinux is disabled, it fails and says so',
    'Compared with Ansible on a host where SELinux is disabled; where it runs, tested against output in the format of these commands',
  ],
  supports: { check: 'full', diff: false },

  async probe({ name, persistent, ignore_selinux_state: ignores }, context): Promise<State> {
    const answers = await ask(context, {
      tools: sh`command -v setsebool && command -v getsebool`,
      enabled: sh`[ -e /sys/fs/selinux/enforce ] || { command -v selinuxenabled >/dev/null && selinuxenabled; }`,
      current: sh`getsebool ${name}`,
      kept: persistent && sh`semanage boolean -l -n`,
    });
    if (!went(answers.enabled) && !ignores) throw new ModuleFailure('SELinux is disabled on this host.');
    if (!went(answers.tools)) {
      throw new ModuleFailure(missingText('setsebool'));
    }
    if (!persistent && /SELinux is disabled/.test(answers.current!.stderr)) {
      throw new ModuleFailure('Failed to get list of boolean names');
    }
    const current = /-->\s*(on|off)/.exec(answers.current!.stdout)?.[1];
    // Lines such as `httpd_can_network_connect (off , on) …`: what holds now, and after a boot.
    const line = answers.kept?.stdout.split('\n').find((text) => text.trim().split(/\s+/)[0] === name);
    const kept = line === undefined ? undefined : /\(\s*\w+\s*,\s*(\w+)\s*\)/.exec(line)?.[1];
    if (current === undefined && kept === undefined) {
      throw new ModuleFailure(`SELinux boolean ${name} does not exist.`);
    }
    if (persistent) mustGo(answers.kept);
    return {
      isEnabled: went(answers.enabled),
      current: current === undefined ? undefined : current === 'on',
      kept: kept === undefined ? undefined : kept === 'on',
    };
  },

  diff({ isEnabled, current, kept }, { name, state, persistent }) {
    const isSame = persistent ? kept === state && (!isEnabled || current === state) : current === state;
    return { changed: !isSame, result: { name, state, persistent } };
  },

  async apply(_plan, { name, state, persistent }, context) {
    const option = persistent ? sh` -P` : sh``;
    const { set } = await ask(context, { set: sh`setsebool${option} ${name} ${state ? 'on' : 'off'}` });
    mustGo(set, (said) => `Failed to set boolean ${name} to ${state ? 'True' : 'False'}: ${said}`);
  },
});
