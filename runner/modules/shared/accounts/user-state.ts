import { raw, sh } from '../../../connection/index.ts';
import type { ModuleContext } from '../../define.ts';
import { ask, missingCommand, went } from '../ask.ts';
import { pathWord } from '../files/paths.ts';
import {
  findEntry,
  type GroupEntry,
  listGroups,
  type PasswdEntry,
  readGroups,
  readPasswd,
  readShadow,
  type ShadowEntry,
} from './entries.ts';

/** What a task wants of a user; the arguments of the module `user` that matter on Linux. */
export interface UserArguments {
  readonly name: string;
  readonly state: 'absent' | 'present';
  readonly uid: number | undefined;
  readonly non_unique: boolean;
  readonly group: string | undefined;
  readonly groups: readonly string[] | undefined;
  readonly append: boolean;
  readonly comment: string | undefined;
  readonly home: string | undefined;
  readonly create_home: boolean;
  readonly move_home: boolean;
  readonly skeleton: string | undefined;
  readonly umask: string | undefined;
  readonly shell: string | undefined;
  readonly seuser: string | undefined;
  readonly password: string | undefined;
  readonly update_password: 'always' | 'on_create';
  readonly password_lock: boolean | undefined;
  readonly password_expire_min: number | undefined;
  readonly password_expire_max: number | undefined;
  readonly expires: number | undefined;
  readonly system: boolean;
  readonly force: boolean;
  readonly remove: boolean;
  readonly local: boolean | undefined;
  readonly generate_ssh_key: boolean | undefined;
  readonly ssh_key_bits: number;
  readonly ssh_key_type: string;
  readonly ssh_key_file: string | undefined;
  readonly ssh_key_comment: string | undefined;
  readonly ssh_key_passphrase: string | undefined;
}

export interface UserState {
  readonly user: PasswdEntry | undefined;
  readonly shadow: ShadowEntry | undefined;
  readonly groups: readonly GroupEntry[];
  /** Commands of the host: those of shadow, or busybox's. */
  readonly tools: ReadonlySet<string>;
  readonly hasHome: boolean;
  /** Whether the folder that the home directory is to lie in is there. */
  readonly hasHomeParent: boolean;
  readonly key: KeyState | undefined;
}

export interface KeyState {
  readonly path: string;
  readonly exists: boolean;
  readonly fingerprint: string;
  readonly publicKey: string | undefined;
}

/** The key's file as it is given: relative ones lie in the home directory. */
const keyFile = (args: UserArguments): string => args.ssh_key_file ?? `.ssh/id_${args.ssh_key_type}`;

/** Shell that sets $m_home and $m_key for the user whose entry is in $m_entry. */
export const keyScript = (args: UserArguments): ReturnType<typeof sh> => sh`m_home=\${m_entry%:*}; m_home=\${m_home##*:}
m_key=${pathWord(keyFile(args))}
case $m_key in /*) ;; *) m_key=$m_home/$m_key;; esac`;

/** Shell that tells of a key: its path, whether it is there, fingerprint, public key. */
export const tellKey = raw(`printf '%s\\n' "$m_key"
if [ -e "$m_key" ]; then echo 1; ssh-keygen -l -f "$m_key" 2>&1; [ -r "$m_key.pub" ] && cat "$m_key.pub"; else echo 0; fi
exit 0`);

/** Everything about a user that a task may change, in one round trip. */
export const probeUser = async (args: UserArguments, context: ModuleContext): Promise<UserState> => {
  const local = args.local === true;
  const wanted = [args.group, ...(args.groups ?? []), args.name].filter((name): name is string => !!name?.trim());
  const isPresent = args.state === 'present';
  const entry = findEntry('passwd', args.name, local);
  const home = args.home === undefined ? sh`"$m_home"` : pathWord(args.home);
  const answers = await ask(context, {
    user: entry,
    shadow: isPresent && findEntry('shadow', args.name, local),
    groups: isPresent && listGroups(wanted),
    tools: sh`for m_tool in useradd usermod userdel adduser deluser chpasswd; do command -v $m_tool >/dev/null && echo $m_tool; done
[ -e /etc/alpine-release ] && echo alpine; exit 0`,
    home:
      isPresent &&
      sh`m_entry=$(${entry})
m_home=\${m_entry%:*}; m_home=\${m_home##*:}
m_home=${home}
[ -e "$m_home" ] && echo home
[ -d "\${m_home%/*}/" ] && echo parent
exit 0`,
    key: args.generate_ssh_key === true && isPresent && sh`m_entry=$(${entry})\n${keyScript(args)}\n${tellKey}`,
  });
  const user = went(answers.user) ? readPasswd(answers.user!.stdout) : undefined;
  if (local && !user) {
    context.warn(
      `'local: true' specified and user '${args.name}' was not found in /etc/passwd. The local user account may already exist if the local account database exists somewhere other than /etc/passwd.`,
    );
  }
  const tools = new Set((answers.tools?.stdout ?? '').split('\n'));
  const [full, small] = args.state === 'present' ? ['useradd', 'adduser'] : ['userdel', 'deluser'];
  if (!tools.has(full) && !tools.has(small)) throw missingCommand(full);
  const about = (answers.home?.stdout ?? '').split('\n');
  return {
    user,
    shadow: readShadow(answers.shadow?.stdout ?? ''),
    groups: readGroups(answers.groups?.stdout ?? ''),
    tools,
    hasHome: about.includes('home'),
    hasHomeParent: about.includes('parent'),
    key: answers.key && readKey(answers.key.stdout),
  };
};

/** What the probe of an SSH key prints: its path, whether it is there, its fingerprint and public half. */
export const readKey = (text: string): KeyState => {
  const [path = '', exists, fingerprint = '', ...rest] = text.split('\n');
  const publicKey = rest.join('\n').trim();
  return { path, exists: exists === '1', fingerprint: fingerprint.trim(), publicKey: publicKey || undefined };
};

/** Only busybox's commands are there for what has to be done. */
export const isBusybox = ({ tools }: UserState): boolean => !tools.has('useradd') && tools.has('adduser');
