import { type Script, sh } from '../../../connection/index.ts';
import type { ResultObject } from '../../../values/index.ts';
import type { ModuleContext } from '../../define.ts';
import { commandFailure } from '../answers.ts';
import { type Answer, ask, went } from '../ask.ts';
import { pathWord } from '../files/paths.ts';
import { findEntry, findGroup, type PasswdEntry, readPasswd } from './entries.ts';
import { sshKeyScript } from './ssh-key.ts';
import { expiryDate, lockedPassword, type UserSteps, wantedGroups } from './user-plan.ts';
import {
  isBusybox,
  type KeyState,
  keyScript,
  readKey,
  tellKey,
  type UserArguments,
  type UserState,
} from './user-state.ts';

export interface Applied {
  readonly stdout: string;
  readonly stderr: string;
  readonly user: PasswdEntry | undefined;
  readonly key: KeyState | undefined;
}

/** Does all steps in one round trip and fails at the first one that does not work. */
export const applyUser = async (
  steps: UserSteps,
  args: UserArguments,
  state: UserState,
  context: ModuleContext,
): Promise<Applied> => {
  const local = args.local === true;
  const { name } = args;
  const entry = findEntry('passwd', name, local);
  const limits = [
    ...(steps.minimum === undefined ? [] : ['-m', steps.minimum]),
    ...(steps.maximum === undefined ? [] : ['-M', steps.maximum]),
  ];
  const answers: Readonly<Record<string, Answer | undefined>> = await ask<string>(
    context,
    {
      parents:
        steps.create &&
        args.home !== undefined &&
        args.create_home &&
        !state.hasHomeParent &&
        makeHome(args, args.home),
      create: steps.create && createCommand(args, state),
      change: steps.options.length > 0 && sh`${local ? sh`lusermod` : sh`usermod`} ${[...steps.options]} ${name}`,
      password: passwordCommand(steps, args, state),
      groups: groupCommands(steps, args, state),
      expires: expiryCommand(steps, args),
      home:
        (steps.makeHome || (steps.create && args.create_home)) &&
        sh`m_entry=$(${entry})
m_home=\${m_entry%:*}; m_home=\${m_home##*:}
${args.home === undefined ? sh`` : sh`m_home=${pathWord(args.home)}`}
${steps.create && state.hasHomeParent ? sh`[ -e "$m_home" ] && exit 0` : sh``}
${makeHomeAt(args)}
m_ids=\${m_entry#*:*:}; m_uid=\${m_ids%%:*}; m_ids=\${m_ids#*:}
chown -R "$m_uid:\${m_ids%%:*}" "$m_home"`,
      key: steps.makeKey && sh`m_entry=$(${entry})\n${keyScript(args)}\n${sshKeyScript(args)}`,
      limits: limits.length > 0 && sh`chage ${limits} ${name}`,
      user: entry,
      told: args.generate_ssh_key === true && sh`m_entry=$(${entry})\n${keyScript(args)}\n${tellKey}`,
    },
    { stopAtFailure: true },
  );
  for (const step of ['parents', 'create', 'change', 'password', 'groups', 'expires', 'home', 'key', 'limits']) {
    const answer = answers[step];
    if (answer && !went(answer)) throw commandFailure(answer, answer.stderr, { name });
  }
  const first = answers.create ?? answers.change;
  return {
    stdout: first?.stdout ?? '',
    stderr: first?.stderr ?? '',
    user: readPasswd(answers.user?.stdout ?? ''),
    key: answers.told && readKey(answers.told.stdout),
  };
};

/** A path's parents, and the path itself from the skeleton, as useradd would not make them. */
const makeHome = (args: UserArguments, home: string): Script => sh`m_home=${pathWord(home)}\n${makeHomeAt(args)}`;

const makeHomeAt = (args: UserArguments): Script => sh`[ -e "$m_home" ] || {
mkdir -p "$m_home" || exit
m_skeleton=${args.skeleton ?? '/etc/skel'}
[ ! -d "$m_skeleton" ] || cp -R -P -p "$m_skeleton"/. "$m_home"/ || exit
m_umask=
[ -e /etc/login.defs ] && while read -r m_key m_value m_rest; do [ "$m_key" = UMASK ] && m_umask=$m_value; done </etc/login.defs
case $m_umask in ''|*[!0-7]*) chmod 0755 "$m_home";; *) chmod "$(printf '%o' "$((0777 & ~0$m_umask))")" "$m_home";; esac
}`;

const createCommand = (args: UserArguments, state: UserState): Script => {
  if (isBusybox(state)) return busyboxCreate(args);
  const local = args.local === true;
  const words: (string | number)[] = [];
  if (args.uid !== undefined) words.push('-u', args.uid, ...(args.non_unique ? ['-o'] : []));
  if (args.seuser !== undefined) words.push('-Z', args.seuser);
  if (args.group !== undefined) words.push('-g', args.group);
  // Without it useradd would make a group of the user's name, which there is already.
  else if (findGroup(state.groups, args.name)) words.push(local ? '-n' : '-N');
  const groups = wantedGroups(args);
  if (groups.length > 0 && !local) words.push('-G', groups.join(','));
  if (args.comment !== undefined) words.push('-c', args.comment);
  if (args.shell !== undefined) words.push('-s', args.shell);
  if (args.expires !== undefined && !local) words.push('-e', expiryDate(args.expires));
  if (args.create_home) {
    if (!local) words.push('-m');
    if (args.skeleton !== undefined) words.push('-k', args.skeleton);
    if (args.umask !== undefined) words.push('-K', `UMASK=${args.umask}`);
  } else words.push('-M');
  if (args.system) words.push('-r');
  const home = args.home === undefined ? sh`` : sh`-d ${pathArgument(args.home)}`;
  return sh`${args.home === undefined ? sh`` : setHome(args.home)}${local ? sh`luseradd` : sh`useradd`} ${words} ${home} ${args.name}`;
};

// A path with ~ or variables is one word only after an assignment.
const setHome = (home: string): Script => sh`m_home=${pathWord(home)}; `;
const pathArgument = (_home: string): Script => sh`"$m_home"`;

const busyboxCreate = (args: UserArguments): Script => {
  const words: (string | number)[] = ['-D'];
  if (args.uid !== undefined) words.push('-u', args.uid);
  if (args.group !== undefined) words.push('-G', args.group);
  if (args.comment !== undefined) words.push('-g', args.comment);
  if (args.shell !== undefined) words.push('-s', args.shell);
  if (!args.create_home) words.push('-H');
  if (args.skeleton !== undefined) words.push('-k', args.skeleton);
  if (args.system) words.push('-S');
  const home = args.home === undefined ? sh`` : sh`-h ${pathArgument(args.home)}`;
  return sh`${args.home === undefined ? sh`` : setHome(args.home)}adduser ${words} ${home} ${args.name}`;
};

// By standard input, since arguments of commands can be seen by everybody on the host.
const passwordCommand = (steps: UserSteps, args: UserArguments, state: UserState): Script | false => {
  const password = steps.create ? lockedPassword(args) : steps.password;
  if (password === undefined) return false;
  if (args.local) return sh`lusermod -p ${password} ${args.name}`;
  if (!state.tools.has('chpasswd')) return sh`usermod -p ${password} ${args.name}`;
  return sh`printf '%s:%s\n' ${args.name} ${password} | chpasswd -e`;
};

const groupCommands = (steps: UserSteps, args: UserArguments, state: UserState): Script | false => {
  const { name } = args;
  const isSmall = isBusybox(state);
  const add = steps.create && (isSmall || args.local) ? wantedGroups(args) : steps.addGroups;
  const commands = [
    ...add.map((group) => (isSmall ? sh`adduser ${name} ${group}` : sh`lgroupmod -M ${name} ${group}`)),
    ...steps.removeGroups.map((group) => (isSmall ? sh`delgroup ${name} ${group}` : sh`lgroupmod -m ${name} ${group}`)),
  ];
  if (commands.length === 0) return false;
  return sh`${commands.map((command) => sh`${command} || exit\n`)}`;
};

const expiryCommand = (steps: UserSteps, args: UserArguments): Script | false => {
  if (!args.local) return false;
  const created = steps.create && args.expires !== undefined ? Math.floor(args.expires / 86_400) : undefined;
  const day = created ?? steps.expires;
  return day !== undefined && sh`lchage -E ${Math.max(day, -1)} ${args.name}`;
};

/** Removes a user, and what belongs to it when asked. */
export const removeUser = async (
  args: UserArguments,
  state: UserState,
  context: ModuleContext,
): Promise<ResultObject> => {
  const { name, local, force, remove } = args;
  const busybox = !state.tools.has('userdel') && state.tools.has('deluser');
  const options = [...(force && !local ? ['-f'] : []), ...(remove ? ['-r'] : [])];
  const command = busybox
    ? sh`deluser ${remove ? sh`--remove-home ` : sh``}${name}`
    : sh`${local ? sh`luserdel` : sh`userdel`} ${options} ${name}`;
  await context.target.endSessionsOf?.(name);
  const { remove: answer } = await ask(context, { remove: command });
  if (!went(answer)) throw commandFailure(answer!, answer!.stderr, { name });
  return {
    force,
    remove,
    stdout: answer!.stdout || undefined,
    stderr: answer!.stderr || undefined,
  };
};
