import { sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import { defineModule } from './define.ts';
import { mustGo } from './shared/answers.ts';
import { ask, went } from './shared/ask.ts';
import { pathWord } from './shared/files/paths.ts';
import { rewriteFile } from './shared/rewrite.ts';
import { editHost, removeHost } from './shared/system/ssh-hosts.ts';

interface State {
  readonly path: string;
  readonly content: string;
}

const systemFile = '/etc/ssh/ssh_config';

export default defineModule({
  name: 'community.general.ssh_config',
  summary: 'Keeps hosts in the configuration of an ssh client.',
  args: {
    state: { type: 'str', default: 'present', choices: ['present', 'absent'], doc: 'Whether the host has an entry.' },
    user: { type: 'str', doc: 'Whose configuration it is: ~/.ssh/config of this user; otherwise that of the system.' },
    group: { type: 'str', doc: 'The group that owns the file; the one that is named like the user when not given.' },
    host: { type: 'str', required: true, doc: 'The name or pattern that the entry is for.' },
    hostname: { type: 'str', doc: 'HostName: the real name or address.' },
    port: { type: 'str', doc: 'Port.' },
    remote_user: { type: 'str', doc: 'User: who logs in.' },
    identity_file: { type: 'path', doc: 'IdentityFile: the private key, which has to be there.' },
    user_known_hosts_file: { type: 'str', doc: 'UserKnownHostsFile.' },
    strict_host_key_checking: { type: 'str', choices: ['yes', 'no', 'ask'], doc: 'StrictHostKeyChecking.' },
    proxycommand: { type: 'str', doc: 'ProxyCommand.' },
    proxyjump: { type: 'str', doc: 'ProxyJump.' },
    forward_agent: { type: 'bool', doc: 'ForwardAgent.' },
    ssh_config_file: { type: 'path', doc: 'A file in place of those of user and system.' },
    host_key_algorithms: { type: 'str', doc: 'HostKeyAlgorithms.' },
  },
  mutuallyExclusive: [
    ['user', 'ssh_config_file'],
    ['proxycommand', 'proxyjump'],
  ],
  returns: {
    hosts_added: 'The host, when its entry is new.',
    hosts_removed: 'The host, when its entry was removed.',
    hosts_changed: 'The host, when its entry differed.',
    hosts_change_diff: 'The options before and after, by host.',
  },
  supports: { check: 'full', diff: true },

  probe: async (args, context): Promise<State> => {
    const file = args.user ? `~${args.user}/.ssh/config` : (args.ssh_config_file ?? systemFile);
    const answers = await ask(context, {
      user: args.user !== undefined && sh`id -u -- ${args.user}`,
      path: sh`m_file=${pathWord(file)}\nprintf '%s' "$m_file"`,
      content: sh`m_file=${pathWord(file)}\n[ ! -e "$m_file" ] || cat "$m_file"`,
      // Seen from the folder of the configuration, which only counts where that is there.
      key:
        args.identity_file !== undefined &&
        sh`m_file=${pathWord(file)}\n[ -e "$m_file" ] || exit 0\ncase $m_file in */*) cd "\${m_file%/*}/";; esac\nm_key=${pathWord(args.identity_file)}\n[ -e "$m_key" ]`,
    });
    if (answers.user && !went(answers.user)) throw new ModuleFailure(`Failed to find user ${args.user}`);
    mustGo(answers.content, (said) => `Failed to read ${answers.path!.stdout}: ${said}`);
    if (answers.key && !went(answers.key)) {
      throw new ModuleFailure(`IdentityFile ${args.identity_file} does not exist`);
    }
    return { path: answers.path!.stdout, content: answers.content!.stdout };
  },

  diff: ({ path, content }, args) => {
    const options: [string, string | undefined][] = [
      ['hostname', args.hostname],
      ['port', args.port],
      ['identityfile', args.identity_file],
      ['user', args.remote_user],
      ['stricthostkeychecking', args.strict_host_key_checking],
      ['userknownhostsfile', args.user_known_hosts_file],
      ['proxycommand', args.proxycommand],
      ['proxyjump', args.proxyjump],
      ['hostkeyalgorithms', args.host_key_algorithms],
      ['forwardagent', args.forward_agent === undefined ? undefined : args.forward_agent ? 'yes' : 'no'],
    ];
    const given = options.filter((option): option is [string, string] => Boolean(option[1]));
    const edited = args.state === 'absent' ? removeHost(content, args.host) : editHost(content, args.host, given);
    const changed = edited.text !== content;
    const hosts = (kind: 'added' | 'removed' | 'changed'): string[] =>
      changed && edited.kind === kind ? [args.host] : [];
    return {
      changed,
      result: {
        hosts_added: hosts('added'),
        hosts_removed: hosts('removed'),
        hosts_changed: hosts('changed'),
        hosts_change_diff: hosts('changed').map((host) => ({ [host]: { old: edited.old, new: edited.new } })),
      },
      diff: { before: content, after: edited.text, beforeHeader: path, afterHeader: path },
      steps: edited.text,
    };
  },

  apply: async ({ steps }, args, context, { path }) => {
    const owner = args.user ?? '';
    const group = args.group ?? args.user ?? '';
    const both = group === '' ? owner : `${owner}:${group}`;
    const { write } = await ask(context, {
      write: sh`m_file=${path}
case $m_file in */*) [ -d "\${m_file%/*}/" ] || { mkdir -p -m 700 "\${m_file%/*}" && ${owner === '' ? sh`:` : sh`chown ${owner} "\${m_file%/*}"`}; };; esac
${rewriteFile(sh`"$m_file"`, steps!)} && chmod ${path === systemFile ? '0644' : '0600'} "$m_file"${both === '' ? sh`` : sh` && chown ${both} "$m_file"`}`,
    });
    mustGo(write, (said) => `Failed to write to ${path}: ${said}`);
  },
});
