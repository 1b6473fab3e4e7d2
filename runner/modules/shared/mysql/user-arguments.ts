import type { ArgumentsOf } from '../../arguments.ts';
import { mysqlArguments } from './arguments.ts';

/** The arguments of mysql_user. */
export const userArguments = {
  ...mysqlArguments,
  user: { type: 'str', required: true, aliases: ['name'], doc: 'The name of the user.' },
  host: { type: 'str', default: 'localhost', doc: 'The host from which the user logs in; % for any.' },
  host_all: {
    type: 'bool',
    default: false,
    doc: 'Change or remove the accounts of the user at all hosts. None can be made this way.',
  },
  password: { type: 'str', secret: true, doc: 'The password, for the plugin mysql_native_password.' },
  encrypted: { type: 'bool', default: false, doc: 'The password is given as its hash: *SHA1(SHA1(password)).' },
  state: { type: 'str', default: 'present', choices: ['absent', 'present'], doc: 'Whether the user is there.' },
  priv: {
    type: 'raw',
    doc: 'Privileges as database.table:PRIVILEGE,PRIVILEGE with a slash between several, or a mapping of the same.',
  },
  append_privs: { type: 'bool', default: false, doc: 'Grant the privileges and leave others as they are.' },
  subtract_privs: { type: 'bool', default: false, doc: 'Revoke the privileges and leave others as they are.' },
  tls_requires: {
    type: 'dict',
    doc: 'What is asked of connections: SSL, X509, or any of SUBJECT, ISSUER and CIPHER with their values.',
  },
  sql_log_bin: { type: 'bool', default: true, doc: 'Write the changes into the binary log.' },
  force_context: {
    type: 'bool',
    default: false,
    doc: 'Use the database mysql, which filters of the binary log may ask for.',
  },
  check_implicit_admin: { type: 'bool', default: false, doc: 'Try root without a password first.' },
  update_password: {
    type: 'str',
    default: 'always',
    choices: ['always', 'on_create', 'on_new_username'],
    doc: 'Set the password always, only for a new account, or only for an account whose name has no password elsewhere.',
  },
  plugin: { type: 'str', doc: 'The plugin that checks logins of the user.' },
  plugin_hash_string: { type: 'str', doc: 'What the plugin keeps of the user, such as a hash.' },
  plugin_auth_string: { type: 'str', doc: 'What the plugin makes that of, such as a password.' },
  resource_limits: {
    type: 'dict',
    doc: 'Limits: MAX_QUERIES_PER_HOUR, MAX_UPDATES_PER_HOUR, MAX_CONNECTIONS_PER_HOUR, MAX_USER_CONNECTIONS, MAX_STATEMENT_TIME.',
  },
  session_vars: { type: 'dict', doc: 'Variables of the session to set first.' },
} as const;

export type UserArguments = ArgumentsOf<typeof userArguments>;
