import { ModuleFailure } from '../errors/index.ts';
import type { Value } from '../values/index.ts';
import { type ArgumentsOf, defineAction, type ResultObject } from './index.ts';
import { mysqlArguments } from './shared/mysql/arguments.ts';
import { withMysql } from './shared/mysql/connect.ts';
import { type MysqlSession, SqlError } from './shared/mysql/session.ts';

const replicationArguments = {
  ...mysqlArguments,
  mode: {
    type: 'str',
    default: 'getreplica',
    choices: [
      'getprimary',
      'getreplica',
      'changeprimary',
      'stopreplica',
      'startreplica',
      'resetprimary',
      'resetreplica',
      'resetreplicaall',
    ],
    doc: 'What to do: tell how the server stands, name its primary, start, stop or forget.',
  },
  primary_auto_position: {
    type: 'bool',
    default: false,
    aliases: ['master_auto_position'],
    doc: 'Follow by GTID, with MySQL.',
  },
  primary_host: { type: 'str', aliases: ['master_host'], doc: 'The primary, as seen from the server.' },
  primary_user: { type: 'str', aliases: ['master_user'], doc: 'Who logs in at the primary.' },
  primary_password: { type: 'str', secret: true, aliases: ['master_password'], doc: 'The password for that.' },
  primary_port: { type: 'int', aliases: ['master_port'], doc: 'The port of the primary.' },
  primary_connect_retry: { type: 'int', aliases: ['master_connect_retry'], doc: 'Seconds between tries to connect.' },
  primary_log_file: { type: 'str', aliases: ['master_log_file'], doc: 'The binary log to start from.' },
  primary_log_pos: { type: 'int', aliases: ['master_log_pos'], doc: 'The place in it.' },
  relay_log_file: { type: 'str', doc: 'The relay log to start from.' },
  relay_log_pos: { type: 'int', doc: 'The place in it.' },
  primary_ssl: { type: 'bool', aliases: ['master_ssl'], doc: 'Connect with TLS.' },
  primary_ssl_ca: { type: 'str', aliases: ['master_ssl_ca'], doc: 'The file of CA certificates, at the server.' },
  primary_ssl_capath: { type: 'str', aliases: ['master_ssl_capath'], doc: 'The folder of CA certificates.' },
  primary_ssl_cert: { type: 'str', aliases: ['master_ssl_cert'], doc: 'The certificate to show.' },
  primary_ssl_key: { type: 'str', aliases: ['master_ssl_key'], doc: 'Its key.' },
  primary_ssl_cipher: { type: 'str', aliases: ['master_ssl_cipher'], doc: 'Ciphers, with colons between them.' },
  primary_ssl_verify_server_cert: { type: 'bool', default: false, doc: "Check the name in the primary's certificate." },
  primary_use_gtid: {
    type: 'str',
    choices: ['current_pos', 'replica_pos', 'disabled'],
    aliases: ['master_use_gtid'],
    doc: 'Follow by GTID, with MariaDB.',
  },
  primary_delay: { type: 'int', aliases: ['master_delay'], doc: 'Seconds to stay behind the primary.' },
  connection_name: { type: 'str', doc: 'The connection, where MariaDB has several primaries.' },
  channel: { type: 'str', doc: 'The channel, where MySQL has several primaries.' },
  fail_on_error: { type: 'bool', default: false, doc: 'Fail when the server refuses to start, stop or reset.' },
} as const;

type ReplicationArguments = ArgumentsOf<typeof replicationArguments>;

/** What a mode sends, and what is said when it went well and when it did not. */
const commands = {
  startreplica: { verb: 'START', done: 'Replica started ', refused: 'Replica already started (Or cannot be started)' },
  stopreplica: { verb: 'STOP', done: 'Replica stopped', refused: 'Replica already stopped' },
  resetreplica: { verb: 'RESET', done: 'Replica reset', refused: 'Replica already reset' },
  resetreplicaall: { verb: 'RESET', done: 'Replica reset', refused: 'Replica already reset' },
  resetprimary: { verb: 'RESET', done: 'Primary reset', refused: 'Primary already reset' },
} as const;

export default defineAction({
  name: 'community.mysql.mysql_replication',
  summary: 'Sets up, starts, stops and tells the replication of a MySQL or MariaDB server.',
  args: replicationArguments,
  mutuallyExclusive: [['connection_name', 'channel']],
  returns: {
    queries: 'The statements that were executed to change something.',
    msg: 'What was done.',
    Is_Primary: 'With getprimary: whether the server writes a binary log; its state stands beside it.',
    Is_Replica: 'With getreplica: whether the server follows another; its state stands beside it.',
  },
  notes: ['The server is reached through the connection of the task'],
  supports: { check: 'none', diff: false },

  run: (args, context) => {
    if (args.primary_password) context.controller.addSecret(args.primary_password);
    return withMysql(args, {}, context, async (session): Promise<ResultObject> => {
      switch (args.mode) {
        case 'getprimary': {
          const { rows } = await session.run('SHOW MASTER STATUS');
          if (!rows[0])
            return { changed: false, queries: [], Is_Primary: false, msg: 'Server is not configured as mysql primary' };
          return { changed: false, queries: [], ...rows[0], Is_Primary: true };
        }
        case 'getreplica': {
          const { rows } = await session.run(
            `SHOW ${replica(session)}${named(args, session)} STATUS${channel(args, session)}`,
          );
          if (!rows[0])
            return { changed: false, queries: [], Is_Replica: false, msg: 'Server is not configured as mysql replica' };
          return { changed: false, queries: [], ...rows[0], Is_Replica: true };
        }
        case 'changeprimary':
          return changePrimary(args, session);
        default:
          return command(args.mode, args, session);
      }
    });
  },
});

/** The word for a server that follows another; it changed over time. */
const replica = (session: MysqlSession): string =>
  session.isAtLeast({ mariadb: '10.5.1', mysql: '8.0.22' }) ? 'REPLICA' : 'SLAVE';

const named = ({ connection_name: name }: ReplicationArguments, session: MysqlSession): string =>
  name ? session.sql` ${name}` : '';

const channel = ({ channel: name }: ReplicationArguments, session: MysqlSession): string =>
  name ? session.sql` FOR CHANNEL ${name}` : '';

const command = async (
  mode: keyof typeof commands,
  args: ReplicationArguments,
  session: MysqlSession,
): Promise<ResultObject> => {
  const { verb, done, refused } = commands[mode];
  const statement =
    mode === 'resetprimary'
      ? 'RESET MASTER'
      : `${verb} ${replica(session)}${named(args, session)}${mode === 'resetreplicaall' ? ' ALL' : ''}${channel(args, session)}`;
  try {
    await session.run(statement);
    return { changed: true, msg: done, queries: [statement] };
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    if (args.fail_on_error) {
      const what =
        mode === 'resetprimary' ? 'RESET PRIMARY' : `${verb} REPLICA${mode === 'resetreplicaall' ? ' ALL' : ''}`;
      throw new ModuleFailure(`${what} failed: ${error.message}`, { queries: [statement] });
    }
    return { changed: false, msg: refused, queries: [statement] };
  }
};

const changePrimary = async (args: ReplicationArguments, session: MysqlSession): Promise<ResultObject> => {
  const gtid =
    args.primary_use_gtid === 'disabled'
      ? 'no'
      : args.primary_use_gtid === 'replica_pos' && replica(session) === 'SLAVE'
        ? 'slave_pos'
        : args.primary_use_gtid;
  const given: readonly (readonly [string, Value | undefined])[] = [
    ['MASTER_HOST', args.primary_host],
    ['MASTER_USER', args.primary_user],
    ['MASTER_PASSWORD', args.primary_password],
    ['MASTER_PORT', args.primary_port],
    ['MASTER_CONNECT_RETRY', args.primary_connect_retry],
    ['MASTER_LOG_FILE', args.primary_log_file],
    ['MASTER_LOG_POS', args.primary_log_pos],
    ['MASTER_DELAY', args.primary_delay],
    ['RELAY_LOG_FILE', args.relay_log_file],
    ['RELAY_LOG_POS', args.relay_log_pos],
    ['MASTER_SSL', args.primary_ssl === undefined ? undefined : Number(args.primary_ssl)],
    ['MASTER_SSL_CA', args.primary_ssl_ca],
    ['MASTER_SSL_CAPATH', args.primary_ssl_capath],
    ['MASTER_SSL_CERT', args.primary_ssl_cert],
    ['MASTER_SSL_KEY', args.primary_ssl_key],
    ['MASTER_SSL_CIPHER', args.primary_ssl_cipher],
    ['MASTER_SSL_VERIFY_SERVER_CERT', args.primary_ssl_verify_server_cert ? 1 : undefined],
    ['MASTER_AUTO_POSITION', args.primary_auto_position ? 1 : undefined],
  ];
  const settings = given.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${session.sql`${value}`}`]));
  if (gtid !== undefined) settings.push(`MASTER_USE_GTID=${gtid}`);
  const statement = `CHANGE MASTER${named(args, session)} TO ${settings.join(',')}${channel(args, session)}`;
  try {
    await session.run(statement);
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    throw new ModuleFailure(`${error.message}. Query == ${statement}`, { queries: [statement] });
  }
  return { changed: true, queries: [statement] };
};
