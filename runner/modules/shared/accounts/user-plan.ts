import { ModuleFailure } from '../../../errors/index.ts';
import type { ModuleContext } from '../../define.ts';
import { findGroup } from './entries.ts';
import { isBusybox, type UserArguments, type UserState } from './user-state.ts';

/** What has to be done for a user that is to be there. */
export interface UserSteps {
  readonly create: boolean;
  /** Options of usermod; empty when nothing of the kind differs. */
  readonly options: readonly string[];
  /** The hash to set, with its lock. */
  readonly password: string | undefined;
  readonly addGroups: readonly string[];
  readonly removeGroups: readonly string[];
  /** Day of expiry for lchage, for local users. */
  readonly expires: number | undefined;
  readonly makeHome: boolean;
  readonly makeKey: boolean;
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
}

/** The day of a time, as shadow writes it; '' for none. */
export const expiryDate = (expires: number): string => {
  if (expires < 0) return '';
  const date = new Date(expires * 1000);
  if (Number.isNaN(date.getTime())) throw new ModuleFailure(`Invalid value for 'expires' ${expires}`);
  return date.toISOString().slice(0, 10);
};

/** What has to be done to an account. Throws ModuleFailure for groups that are not there. */
export const planUser = (state: UserState, args: UserArguments, context: ModuleContext): UserSteps => {
  const { user, shadow } = state;
  // A new user's groups may be what an earlier task would have made.
  if (user || !context.check) checkGroups(state, args);
  const makeKey = args.generate_ssh_key === true && (args.force || !state.key?.exists || !user);
  const days = {
    minimum: differing(args.password_expire_min, user && shadow?.minimum),
    maximum: differing(args.password_expire_max, user && shadow?.maximum),
  };
  const rest = { makeKey, makeHome: args.create_home && (user ? !state.hasHome : false), ...days };
  const nothing = { options: [], password: undefined, addGroups: [], removeGroups: [], expires: undefined };
  if (!user) return { create: true, ...nothing, ...rest };
  const changes =
    isBusybox(state) && !state.tools.has('usermod') ? busyboxChanges(state, args, context) : changesOf(state, args);
  return { create: false, ...nothing, ...changes, ...rest };
};

const differing = (wanted: number | undefined, current: number | undefined): number | undefined =>
  wanted === undefined || wanted === current ? undefined : wanted;

/** The groups that are asked for, without repetition and empty names. */
export const wantedGroups = (args: UserArguments): string[] => [
  ...new Set(
    (args.groups ?? [])
      .flatMap((name) => name.split(','))
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  ),
];

const checkGroups = (state: UserState, args: UserArguments): void => {
  for (const name of [...(args.group === undefined ? [] : [args.group]), ...wantedGroups(args)]) {
    if (!findGroup(state.groups, name)) throw new ModuleFailure(`Group ${name} does not exist`);
  }
};

/** The hash that counts: that of the shadow file, where the entry itself has only a mark. */
const currentPassword = ({ user, shadow }: UserState): string =>
  user!.password.length <= 1 ? (shadow?.password ?? '') : user!.password;

const newPassword = (state: UserState, args: UserArguments): string | undefined => {
  if (args.password === undefined || args.update_password !== 'always') return undefined;
  const bare = (hash: string): string => hash.replace(/^!+/, '');
  if (bare(currentPassword(state)) === bare(args.password)) return undefined;
  return lockedPassword(args);
};

/** The hash to set, made unusable where the password is to be locked. */
export const lockedPassword = (args: UserArguments): string | undefined =>
  args.password !== undefined && args.password_lock ? `!${args.password}` : args.password;

type Changes = Pick<UserSteps, 'options' | 'password' | 'addGroups' | 'removeGroups' | 'expires'>;

const changesOf = (state: UserState, args: UserArguments): Changes => {
  const user = state.user!;
  const options: string[] = [];
  if (args.uid !== undefined && args.uid !== user.uid) {
    options.push('-u', String(args.uid), ...(args.non_unique ? ['-o'] : []));
  }
  const group = args.group === undefined ? undefined : findGroup(state.groups, args.group);
  if (group && group.gid !== user.gid) options.push('-g', String(group.gid));

  const { wanted, add, remove } = membership(state, args);
  const isChanged = args.append ? add.length > 0 : add.length > 0 || remove.length > 0;
  if (args.groups !== undefined && isChanged && !args.local) {
    options.push(...(args.append && wanted.length > 0 ? ['-a'] : []), '-G', wanted.join(','));
  }
  if (args.comment !== undefined && args.comment !== user.comment) options.push('-c', args.comment);
  if (args.home !== undefined && args.home !== user.home) {
    options.push('-d', args.home, ...(args.move_home ? ['-m'] : []));
  }
  if (args.shell !== undefined && args.shell !== user.shell) options.push('-s', args.shell);

  const expires = newExpiry(state, args);
  if (expires !== undefined && !args.local) options.push('-e', expires);

  const password = newPassword(state, args);
  const isLocked = currentPassword(state).startsWith('!');
  // A new password carries its lock with it.
  if (password === undefined && args.password_lock === true && !isLocked) options.push('-L');
  if (password === undefined && args.password_lock === false && isLocked) options.push('-U');
  return {
    options,
    password,
    addGroups: args.local ? add : [],
    removeGroups: args.local && !args.append ? remove : [],
    expires:
      args.local && expires !== undefined ? (expires === '' ? -1 : Math.floor(args.expires! / 86_400)) : undefined,
  };
};

const membership = (state: UserState, args: UserArguments): { wanted: string[]; add: string[]; remove: string[] } => {
  const wanted = wantedGroups(args);
  if (args.groups === undefined) return { wanted, add: [], remove: [] };
  const current = state.groups.filter(({ members }) => members.includes(args.name)).map(({ name }) => name);
  return {
    wanted,
    add: wanted.filter((name) => !current.includes(name)),
    remove: current.filter((name) => !wanted.includes(name)),
  };
};

/** The day of expiry to set, '' to remove it; undefined when it is right. */
const newExpiry = ({ shadow }: UserState, args: UserArguments): string | undefined => {
  if (args.expires === undefined) return undefined;
  const current = shadow?.expires ?? -1;
  const wanted = expiryDate(args.expires);
  if (wanted === '') return current >= 0 ? '' : undefined;
  return current < 0 || expiryDate(current * 86_400) !== wanted ? wanted : undefined;
};

/** Busybox can change membership and passwords only, and so does Ansible there; the rest is told. */
const busyboxChanges = (state: UserState, args: UserArguments, context: ModuleContext): Changes => {
  const { options, password } = changesOf({ ...state }, { ...args, groups: undefined });
  if (options.length > 0) {
    context.warn(
      `user ${args.name} differs from what was asked for in ways that this host has no usermod to change (${options.filter((option) => option.startsWith('-')).join(' ')})`,
    );
  }
  const primary = state.groups.find(({ gid }) => gid === state.user!.gid)?.name;
  const { add, remove, wanted } = membership(state, args);
  const others = (names: readonly string[]): string[] => names.filter((name) => name !== primary);
  return {
    options: [],
    password,
    addGroups: others(add),
    removeGroups: args.append || wanted.length === 0 ? [] : others(remove),
    expires: undefined,
  };
};
