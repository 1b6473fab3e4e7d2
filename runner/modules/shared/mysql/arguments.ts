import type { ArgumentsOf } from '../../arguments.ts';

/** The arguments that all modules have which speak with a MySQL or MariaDB server. */
export const mysqlArguments = {
  login_user: { type: 'str', doc: 'Who logs in; what config_file says, then the user of the task, when not given.' },
  login_password: { type: 'str', secret: true, doc: 'The password; what config_file says when not given.' },
  login_host: { type: 'str', default: 'localhost', doc: 'The server, as seen from the target. localhost means TCP.' },
  login_port: { type: 'int', default: 3306, doc: 'Its port.' },
  login_unix_socket: { type: 'str', doc: 'The socket of a server on the target, in place of host and port.' },
  config_file: { type: 'path', default: '~/.my.cnf', doc: 'An option file on the target, for what is not given.' },
  connect_timeout: { type: 'int', default: 30, doc: 'Seconds until a login is given up.' },
  client_cert: { type: 'path', aliases: ['ssl_cert'], doc: 'A certificate to show, on the target.' },
  client_key: { type: 'path', aliases: ['ssl_key'], doc: 'The key of that certificate, on the target.' },
  ca_cert: { type: 'path', aliases: ['ssl_ca'], doc: 'Certificates that the server is checked by, on the target.' },
  check_hostname: { type: 'bool', doc: "Whether the name in the server's certificate is checked." },
} as const;

export type MysqlArguments = ArgumentsOf<typeof mysqlArguments>;
