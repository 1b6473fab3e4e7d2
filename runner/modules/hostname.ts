import { type Script, sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import type { ResultObject } from '../values/index.ts';
import { defineModule } from './define.ts';
import { commandFailure } from './shared/answers.ts';
import { type Answer, ask, went } from './shared/ask.ts';
import { readAssignments } from './shared/facts/distro.ts';
import { askFullName, readFullName } from './shared/facts/full-name.ts';
import { rewriteFile, showFile, shownFile } from './shared/rewrite.ts';

// How a host keeps its name.
type Strategy = 'systemd' | 'file' | 'alpine' | 'openrc' | 'redhat' | 'sles';

interface State {
  readonly strategy: Strategy;
  readonly current: string;
  readonly permanent: string;
  /** The file that holds the name, where one does. */
  readonly content: string;
  /** The full name that the host's own address leads to. */
  readonly fullName: string;
}

const files: Readonly<Record<Exclude<Strategy, 'systemd'>, string>> = {
  file: '/etc/hostname',
  alpine: '/etc/hostname',
  openrc: '/etc/conf.d/hostname',
  redhat: '/etc/sysconfig/network',
  sles: '/etc/HOSTNAME',
};

const byUse: Readonly<Record<string, Strategy>> = {
  systemd: 'systemd',
  // As in ansible-core 2.14, whatever manages the host's services.
  debian: 'systemd',
  alpine: 'alpine',
  openrc: 'openrc',
  redhat: 'redhat',
  sles: 'sles',
};

const byDistribution: Readonly<Record<string, Strategy>> = {
  ...Object.fromEntries(
    'debian ubuntu kali parrot linuxmint linaro devuan raspbian uos deepin neon void pop kylin cumulus-linux'
      .split(' ')
      .map((id) => [id, 'file' as const]),
  ),
  ...Object.fromEntries(
    'rhel centos rocky almalinux anolis cloudlinux scientific ol oracle virtuozzo amzn altlinux eurolinux fedora'
      .split(' ')
      .map((id) => [id, 'redhat' as const]),
  ),
  alpine: 'alpine',
  gentoo: 'openrc',
  sles: 'sles',
};

export default defineModule({
  name: 'ansible.builtin.hostname',
  summary: 'Sets the name of a host.',
  args: {
    name: { type: 'str', required: true, doc: 'The name.' },
    use: {
      type: 'str',
      choices: [
        'alpine',
        'debian',
        'freebsd',
        'generic',
        'macos',
        'macosx',
        'darwin',
        'openbsd',
        'openrc',
        'redhat',
        'sles',
        'solaris',
        'systemd',
      ],
      doc: 'How the host keeps its name; found out unless it is given.',
    },
  },
  returns: { name: 'The name.', ansible_facts: 'The facts that follow from the name.' },
  supports: { check: 'full', diff: true },

  probe: async (args, context): Promise<State> => {
    const answers: Readonly<Record<string, Answer | undefined>> = await ask<string>(context, {
      systemd: sh`command -v systemctl >/dev/null && { [ -e /run/systemd/system ] || [ -e /dev/.run/systemd ] || [ -e /dev/.systemd ]; }`,
      release: sh`cat /etc/os-release 2>/dev/null || cat /usr/lib/os-release`,
      transient: ofSystemd(args.use, sh`hostnamectl --transient status`),
      static: ofSystemd(args.use, sh`hostnamectl --static status`),
      names: askFullName,
      nodename: sh`uname -n`,
      ...Object.fromEntries(
        [...new Set(Object.values(files))].map((file, index) => [`file${index}`, showFile(sh`${file}`)]),
      ),
    });
    const nodename = (answers.nodename?.stdout ?? '').trim();
    const fullName = readFullName(answers.names?.stdout ?? '', nodename);
    const strategy = chooseStrategy(args.use, went(answers.systemd), answers.release?.stdout ?? '');
    if (strategy === 'systemd') {
      if (args.name.length > 64) {
        throw new ModuleFailure('name cannot be longer than 64 characters on systemd servers, try a shorter name');
      }
      const current = required(answers.transient).stdout.trim();
      return { strategy, current, permanent: required(answers.static).stdout.trim(), content: '', fullName };
    }
    const index = [...new Set(Object.values(files))].indexOf(files[strategy]);
    const content = shownFile(answers[`file${index}`]) ?? '';
    const permanent = permanentName(strategy, content);
    return { strategy, current: permanent, permanent, content, fullName };
  },

  diff: ({ current, permanent, fullName }, { name }) => {
    const changed = current !== name || permanent !== name;
    const before = current === name ? permanent : current;
    return {
      changed,
      result: { name, ansible_facts: factsOf(name, fullName) },
      diff: changed ? { before: `hostname = ${before}\n`, after: `hostname = ${name}\n` } : undefined,
    };
  },

  apply: async (_plan, { name }, context, state) => {
    const steps = { ...commands(name, state), names: askFullName };
    const answers = await ask(context, steps, { stopAtFailure: true });
    for (const answer of [answers.static, answers.transient, answers.write, answers.current]) {
      if (answer) required(answer);
    }
    const fullName = readFullName(answers.names?.stdout ?? '', state.strategy === 'systemd' ? name : state.fullName);
    return { ansible_facts: factsOf(name, fullName) };
  },
});

const ofSystemd = (use: string | undefined, command: Script): Script =>
  use !== undefined && byUse[use] === 'systemd'
    ? command
    : use === undefined
      ? sh`[ "$m_code_systemd" = 0 ] || exit 0\n${command}`
      : sh`:`;

const chooseStrategy = (use: string | undefined, hasSystemd: boolean, release: string): Strategy => {
  const id = readAssignments(release.split('\n')).get('id') ?? '';
  const chosen = use === undefined ? (hasSystemd ? 'systemd' : byDistribution[id]) : byUse[use];
  if (chosen === undefined) throw new ModuleFailure(`hostname module cannot be used on platform Linux (${use ?? id})`);
  return chosen;
};

const required = (answer: Answer | undefined): Answer => {
  if (!went(answer)) {
    const { code, stdout, stderr } = answer!;
    throw commandFailure(answer!, `Command failed rc=${code}, out=${stdout}, err=${stderr}`);
  }
  return answer!;
};

const permanentName = (strategy: Strategy, content: string): string => {
  if (strategy === 'redhat') {
    const line = content.split('\n').find((each) => each.trim().startsWith('HOSTNAME'));
    if (line === undefined) throw new ModuleFailure('Unable to locate HOSTNAME entry in /etc/sysconfig/network');
    return (line.split('=')[1] ?? '').trim();
  }
  if (strategy !== 'openrc') return content.trim();
  const line = content.split('\n').find((each) => each.trim().startsWith('hostname='));
  return (line?.trim().slice(9) ?? '').replace(/^"+|"+$/g, '');
};

/** The file with the new name in place of the old one. */
const newContent = ({ strategy, content }: State, name: string): string => {
  if (strategy !== 'redhat' && strategy !== 'openrc') return `${name}\n`;
  const [start, entry] = strategy === 'redhat' ? ['HOSTNAME', `HOSTNAME=${name}`] : ['hostname=', `hostname="${name}"`];
  const lines = content.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return `${lines.map((line) => (line.trim().startsWith(start) ? entry : line)).join('\n')}\n`;
};

const commands = (name: string, state: State): Record<'static' | 'transient' | 'write' | 'current', Script | false> => {
  const { strategy, current, permanent } = state;
  const isSystemd = strategy === 'systemd';
  // The permanent name comes first, since NetworkManager complains otherwise.
  return {
    static: isSystemd && permanent !== name && sh`hostnamectl --pretty --static set-hostname ${name}`,
    transient: isSystemd && current !== name && sh`hostnamectl --transient set-hostname ${name}`,
    write: !isSystemd && rewriteFile(sh`${files[strategy]}`, newContent(state, name)),
    current: strategy === 'alpine' && sh`hostname -F /etc/hostname`,
  };
};

const factsOf = (name: string, fqdn: string): ResultObject => ({
  ansible_hostname: name.split('.')[0],
  ansible_nodename: name,
  ansible_fqdn: fqdn,
  ansible_domain: fqdn.split('.').slice(1).join('.'),
});
