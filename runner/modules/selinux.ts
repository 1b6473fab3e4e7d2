import { posix } from 'node:path';
import { sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import { defineModule } from './define.ts';
import { mustGo } from './shared/answers.ts';
import { ask, went } from './shared/ask.ts';
import { rewriteFile } from './shared/rewrite.ts';

interface State {
  /** What runs now: enforcing, permissive or disabled. */
  readonly running: string;
  readonly runningPolicy: string | undefined;
  readonly config: string;
  /** Whether the kernels start with SELinux; undefined when that is not asked or they are not of one mind. */
  readonly kernels: boolean | undefined;
}

interface Steps {
  /** The mode to go to at once. */
  readonly mode: 'enforcing' | 'permissive' | undefined;
  readonly config: string | undefined;
  readonly kernels: boolean | undefined;
}

export default defineModule({
  name: 'ansible.posix.selinux',
  summary: 'Sets the mode and the policy of SELinux.',
  args: {
    state: {
      type: 'str',
      required: true,
      choices: ['enforcing', 'permissive', 'disabled'],
      doc: 'The mode, now and after a boot; disabled comes with the next boot.',
    },
    policy: { type: 'str', doc: 'The policy, such as targeted; needed unless SELinux is to be disabled.' },
    configfile: {
      type: 'str',
      default: '/etc/selinux/config',
      aliases: ['conf', 'file'],
      doc: 'The file of the configuration.',
    },
    update_kernel_param: { type: 'bool', default: false, doc: "Set the kernels' parameter selinux with grubby, too." },
  },
  returns: {
    msg: 'What was changed.',
    configfile: 'The file of the configuration.',
    policy: 'The policy.',
    state: 'The mode.',
    reboot_required: 'Whether it takes a boot.',
  },
  notes: [
    'Where there is no configuration of SELinux it fails and says so',
    'Compared with Ansible on a host where SELinux is disabled; where it runs, tested against output in the format of its tools and of grubby',
  ],
  supports: { check: 'full', diff: false },

  async probe(args, context): Promise<State> {
    if (args.state !== 'disabled' && !args.policy) {
      throw new ModuleFailure("Policy is required if state is not 'disabled'");
    }
    const answers = await ask(context, {
      file: sh`cat -- ${args.configfile}`,
      mode: sh`[ -e /sys/fs/selinux/enforce ] && cat /sys/fs/selinux/enforce`,
      policy: sh`sestatus`,
      there: sh`[ -e ${`/etc/selinux/${args.policy}/policy`} ] || [ -e ${`${posix.dirname(args.configfile)}/${args.policy}/policy`} ]`,
      grubby: args.update_kernel_param && sh`command -v grubby`,
      kernels: args.update_kernel_param && sh`grubby --info=ALL`,
    });
    if (!went(answers.file)) {
      throw new ModuleFailure(`Unable to find file ${args.configfile}`, {
        details: 'Please install SELinux-policy package, if this package is not installed previously.',
      });
    }
    if (answers.grubby && !went(answers.grubby)) throw new ModuleFailure("'grubby' command not found on host");
    mustGo(answers.kernels);
    const config = answers.file!.stdout;
    if (args.policy && args.policy !== setting(config, 'SELINUXTYPE') && !went(answers.there)) {
      throw new ModuleFailure(`Policy ${args.policy} does not exist in /etc/selinux/`);
    }
    const isOn = went(answers.mode);
    return {
      running: !isOn ? 'disabled' : answers.mode!.stdout.trim() === '1' ? 'enforcing' : 'permissive',
      // Without SELinux the policy of the configuration is the one that counts.
      runningPolicy:
        /^Loaded policy name:\s*(\S+)/m.exec(answers.policy!.stdout)?.[1] ?? setting(config, 'SELINUXTYPE'),
      config,
      kernels: answers.kernels ? kernelsOf(answers.kernels.stdout) : undefined,
    };
  },

  diff({ running, runningPolicy, config, kernels }, args, context) {
    const { state } = args;
    const said: string[] = [];
    const policy = args.policy || setting(config, 'SELINUXTYPE');
    let [text, changed, reboots] = [config, false, false];
    let mode: Steps['mode'];
    if (policy !== runningPolicy) {
      said.push(`Running SELinux policy changed from '${runningPolicy ?? ''}' to '${policy ?? ''}'`);
      changed = true;
    }
    const configured = setting(config, 'SELINUXTYPE');
    if (policy !== undefined && policy !== configured) {
      text = withSetting(text, 'SELINUXTYPE', policy);
      said.push(
        `SELinux policy configuration in '${args.configfile}' changed from '${configured ?? ''}' to '${policy}'`,
      );
      changed = true;
    }
    if (state !== running) {
      if (running === 'disabled') {
        context.warn(`Reboot is required to set SELinux state to '${state}'`);
        reboots = true;
      } else if (state === 'disabled') {
        reboots = true;
        if (running === 'permissive') context.warn('SELinux state change will take effect next reboot');
        else {
          mode = 'permissive';
          changed = true;
          context.warn(
            `SELinux state temporarily changed from '${running}' to 'permissive'. State change will take effect next reboot.`,
          );
        }
      } else {
        mode = state;
        changed = true;
        said.push(`SELinux state changed from '${running}' to '${state}'`);
      }
    }
    const kept = setting(config, 'SELINUX');
    if (state !== kept) {
      text = withSetting(text, 'SELINUX', state);
      said.push(`Config SELinux state changed from '${kept ?? ''}' to '${state}'`);
      changed = true;
    }
    const enables = state !== 'disabled';
    const setsKernels = args.update_kernel_param && kernels !== enables;
    if (setsKernels) {
      const before = kernels === undefined ? '<inconsistent>' : kernels ? 'enabled' : 'disabled';
      said.push(`Kernel SELinux state changed from '${before}' to '${enables ? 'enabled' : 'disabled'}'`);
      changed = true;
    }
    return {
      changed,
      result: { msg: said.join(', '), configfile: args.configfile, policy, state, reboot_required: reboots },
      steps: {
        mode,
        config: text === config ? undefined : text,
        kernels: setsKernels ? enables : undefined,
      } satisfies Steps as Steps,
    };
  },

  async apply({ steps }, args, context) {
    const { mode, config, kernels } = steps!;
    const answers = await ask(
      context,
      {
        mode: mode !== undefined && sh`setenforce ${mode === 'enforcing' ? 1 : 0}`,
        config: config !== undefined && rewriteFile(sh`${args.configfile}`, config),
        kernels:
          kernels !== undefined &&
          (kernels
            ? sh`grubby --update-kernel=ALL --remove-args=selinux`
            : sh`grubby --update-kernel=ALL --args=selinux=0`),
      },
      { stopAtFailure: true },
    );
    for (const answer of Object.values(answers)) mustGo(answer);
  },
});

/** A setting of the configuration. */
const setting = (config: string, name: string): string | undefined =>
  [...config.matchAll(new RegExp(`^${name}=(\\S*)`, 'gm'))].at(-1)?.[1];

const withSetting = (config: string, name: string, value: string): string => {
  const line = `${name}=${value}`;
  const pattern = new RegExp(`^${name}=.*`, 'gm');
  const whole = `${config}${config === '' || config.endsWith('\n') ? '' : '\n'}`;
  return pattern.test(whole) ? whole.replace(pattern, line) : `${whole}${line}\n`;
};

/** Whether all kernels start with SELinux, or none; undefined when they differ. */
const kernelsOf = (info: string): boolean | undefined => {
  const enabled = [...info.matchAll(/^args="(.*)"$/gm)].map(([, args]) => !/\bselinux=0\b/.test(args!));
  return enabled.every((one) => one === enabled[0]) ? enabled[0] : undefined;
};
