import { ModuleFailure } from '../errors/index.ts';
import type { ResultObject } from '../values/index.ts';
import { defineModule } from './define.ts';
import type { PasswdEntry } from './shared/accounts/entries.ts';
import { isHashed } from './shared/accounts/password.ts';
import { applyUser, removeUser } from './shared/accounts/user-apply.ts';
import { planUser, type UserSteps } from './shared/accounts/user-plan.ts';
import { type KeyState, probeUser, type UserArguments } from './shared/accounts/user-state.ts';

const elsewhere = 'it is not for Linux, and is ignored there';

export default defineModule({
  name: 'ansible.builtin.user',
  summary: 'Adds, changes and removes users.',
  args: {
    name: { type: 'str', required: true, aliases: ['user'], doc: 'The user.' },
    state: { type: 'str', choices: ['absent', 'present'], default: 'present', doc: 'Whether the user is to exist.' },
    uid: { type: 'int', doc: 'The number of the user.' },
    non_unique: { type: 'bool', default: false, doc: 'Let the number be one that another user has.' },
    group: { type: 'str', doc: 'The primary group, by name or number.' },
    groups: {
      type: 'list',
      elements: 'str',
      doc: 'Groups that the user is a member of; an empty text stands for none. Others are left unless append is set.',
    },
    append: { type: 'bool', default: false, doc: 'Leave the user in groups that are not listed.' },
    comment: { type: 'str', doc: 'The description of the account.' },
    home: { type: 'path', doc: 'The home directory.' },
    create_home: {
      type: 'bool',
      default: true,
      aliases: ['createhome'],
      doc: 'Make the home directory when the account is made, or when it is missing.',
    },
    move_home: { type: 'bool', default: false, doc: 'With another home, move what the old one holds.' },
    skeleton: { type: 'str', doc: 'The folder whose content a new home directory starts with.' },
    umask: { type: 'str', doc: 'The umask for a new home directory.' },
    shell: { type: 'str', doc: 'The login shell.' },
    seuser: { type: 'str', doc: 'The SELinux user, for new accounts.' },
    password: { type: 'str', secret: true, doc: 'The hash of the password; ! or * lock or disable it.' },
    update_password: {
      type: 'str',
      choices: ['always', 'on_create'],
      default: 'always',
      doc: 'Set the password whenever it differs, or for new users only.',
    },
    password_lock: { type: 'bool', doc: 'Lock or unlock the password.' },
    password_expire_max: { type: 'int', doc: 'Days after which the password has to be changed.' },
    password_expire_min: { type: 'int', doc: 'Days before which the password cannot be changed again.' },
    expires: { type: 'float', doc: 'The time when the account expires, in seconds since 1970; negative for never.' },
    system: { type: 'bool', default: false, doc: 'Make a new account a system account.' },
    force: {
      type: 'bool',
      default: false,
      doc: 'Remove a user who is logged in, with its files; or replace an existing ssh key.',
    },
    remove: { type: 'bool', default: false, doc: 'Remove the home directory and mail of a removed user too.' },
    local: {
      type: 'bool',
      doc: 'Look and change in the local files only (luseradd and its kind), where a directory service is in use.',
    },
    generate_ssh_key: { type: 'bool', doc: 'Make an ssh key for the user, unless there is one.' },
    ssh_key_bits: { type: 'int', default: 0, doc: 'The length of the key.' },
    ssh_key_type: { type: 'str', default: 'rsa', doc: 'The type of the key.' },
    ssh_key_file: {
      type: 'path',
      doc: 'The file of the key; relative to the home directory. .ssh/id_<type> by default.',
    },
    ssh_key_comment: { type: 'str', doc: 'The comment of the key; names the host by default.' },
    ssh_key_passphrase: { type: 'str', secret: true, doc: 'The passphrase of the key; none by default.' },
    login_class: { type: 'str', doc: `Login class of BSD systems; ${elsewhere}.` },
    hidden: { type: 'bool', doc: `Whether macOS hides the account; ${elsewhere}.` },
    profile: { type: 'str', doc: `Profile of Solaris; ${elsewhere}.` },
    authorization: { type: 'str', doc: `Authorization of Solaris; ${elsewhere}.` },
    role: { type: 'str', doc: `Role of Solaris; ${elsewhere}.` },
  },
  returns: {
    name: 'The user.',
    state: 'Whether it exists.',
    uid: 'Its number.',
    group: 'The number of its primary group.',
    groups: 'The groups that were asked for, with commas.',
    comment: 'Its description.',
    home: 'Its home directory.',
    shell: 'Its shell.',
    append: 'Whether groups were only added, for a user that was there.',
    move_home: 'Whether the home was to be moved, for a user that was there.',
    create_home: 'Whether a home was to be made, for a new user.',
    system: 'Whether it is a system account, for a new user.',
    force: 'Whether removal was forced, for a removed user.',
    remove: 'Whether its files were removed, for a removed user.',
    password: 'A mark in place of the password, when one was given.',
    ssh_fingerprint: 'The fingerprint of its key, when one was asked for.',
    ssh_key_file: 'The file of its key.',
    ssh_public_key: 'Its public key.',
    stdout: 'What the command said.',
    stderr: 'What the command said on its error stream.',
  },
  supports: { check: 'full', diff: false },

  probe: async (args, context) => {
    if (args.umask !== undefined && args.local) throw new ModuleFailure("'umask' can not be used with 'local'");
    if (args.append && args.groups === undefined) {
      context.warn(
        "'append' is set, but no 'groups' are specified. Use 'groups' for appending new groups.This will change to an error in Ansible 2.14.",
      );
    }
    if (args.password !== undefined && !isHashed(args.password)) {
      context.warn(
        "The input password appears not to have been hashed. The 'password' argument must be encrypted for this module to work properly.",
      );
    }
    return probeUser(args, context);
  },

  diff: (state, args, context) => {
    const result: ResultObject = { name: args.name, state: args.state };
    if (args.state === 'absent') return { changed: state.user !== undefined, result };
    const steps = planUser(state, args, context);
    const changed = Object.values(steps).some((step) =>
      Array.isArray(step) ? step.length > 0 : step !== undefined && step !== false,
    );
    const about = state.user
      ? { append: args.append, move_home: args.move_home }
      : { system: args.system, create_home: args.create_home };
    return {
      changed,
      result: {
        ...result,
        ...about,
        ...(args.password !== undefined && { password: 'NOT_LOGGING_PASSWORD' }),
        ...(state.user && describeUser(state.user, args)),
        ...(state.user && state.key && describeKey(state.key)),
      },
      steps,
    };
  },

  apply: async ({ steps }, args, context, state) => {
    if (args.state === 'absent') return removeUser(args, state, context);
    const { stdout, stderr, user, key } = await applyUser(steps as UserSteps, args, state, context);
    if (!user) throw new ModuleFailure(`failed to look up user name: ${args.name}`);
    return {
      ...describeUser(user, args),
      ...(key && describeKey(key)),
      stdout: stdout || undefined,
      stderr: stderr || undefined,
    };
  },
});

const describeUser = (user: PasswdEntry, args: UserArguments): ResultObject => ({
  uid: user.uid,
  group: user.gid,
  comment: user.comment,
  home: user.home,
  shell: user.shell,
  groups: args.groups?.join(','),
});

const describeKey = (key: KeyState): ResultObject => ({
  ssh_fingerprint: key.fingerprint,
  ssh_key_file: key.path,
  ssh_public_key: key.publicKey ?? null,
});
