import type { Duplex } from 'node:stream';
import type { TypeCastField, TypeCastNext } from 'mysql2';
import type { Connection, ConnectionOptions } from 'mysql2/promise';
import { type Script, sh, type Target } from '../../../connection/index.ts';
import { ModuleFailure, UnreachableError } from '../../../errors/index.ts';
import { float, integer } from '../../../values/index.ts';
import type { ModuleContext } from '../../define.ts';
import { mustGo } from '../answers.ts';
import { ask, went } from '../ask.ts';
import { expandedWord } from '../commands/expand.ts';
import { channelStream } from '../docker/channel-stream.ts';
import { pathWord } from '../files/paths.ts';
import type { MysqlArguments } from './arguments.ts';
import { bridgeCommand } from './bridge.ts';
import { clientOptions } from './option-file.ts';
import { MysqlSession, SqlError, toSqlError } from './session.ts';

export interface LoginOptions {
  readonly database?: string | undefined;
  /** Try root without a password before anything else. */
  readonly triesRoot?: boolean;
  /** Host and port of the option file count for more than the defaults of the arguments. */
  readonly fileOverrides?: boolean;
}

/** A login, with what of it commands on the target need too. */
export interface Login {
  readonly session: MysqlSession;
  /** Root without a password did. */
  readonly isRoot: boolean;
  /** The option file's path, where there is one. */
  readonly configFile: string | undefined;
}

interface Way {
  readonly socket: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string | undefined;
}

/** Logs in at the server that the arguments, and the option file on the target, name. */
const logIn = async (args: MysqlArguments, options: LoginOptions, context: ModuleContext): Promise<Login> => {
  if (args.login_password) context.controller.addSecret(args.login_password);
  const answers = await ask(context, {
    path: sh`m_file=${pathWord(args.config_file)}; printf '%s' "$m_file"; [ -f "$m_file" ] && [ -r "$m_file" ]`,
    file: sh`m_file=${pathWord(args.config_file)}; [ ! -r "$m_file" ] || cat "$m_file"`,
    user: sh`id -un`,
    ca: args.ca_cert !== undefined && readCommand(args.ca_cert),
    cert: args.client_cert !== undefined && readCommand(args.client_cert),
    key: args.client_key !== undefined && readCommand(args.client_key),
  });
  for (const answer of [answers.ca, answers.cert, answers.key]) mustGo(answer);
  const file = clientOptions(answers.file!.stdout);
  const hasFile = went(answers.path);
  const path = answers.path!.stdout;
  if (file.get('password')) context.controller.addSecret(file.get('password')!);
  const overrides = options.fileOverrides && hasFile;
  const way: Way = {
    socket: args.login_unix_socket ?? file.get('socket'),
    host: (overrides && file.get('host')) || args.login_host,
    port: Number((overrides && file.get('port')) || args.login_port),
    user: args.login_user ?? file.get('user') ?? answers.user!.stdout.trim(),
    password: args.login_password ?? file.get('password'),
  };
  if (!(way.port >= 0 && way.port <= 65535)) {
    throw new ModuleFailure('login_port must be a valid unix port number (0-65535)');
  }
  const usesTls = answers.ca || answers.cert || answers.key || args.check_hostname !== undefined;
  const settings: ConnectionOptions = {
    database: options.database,
    connectTimeout: args.connect_timeout * 1000,
    ...(usesTls && {
      ssl: {
        ...(answers.ca && { ca: answers.ca.stdout }),
        ...(answers.cert && { cert: answers.cert.stdout }),
        ...(answers.key && { key: answers.key.stdout }),
        rejectUnauthorized: answers.ca !== undefined,
        verifyIdentity: args.check_hostname ?? false,
      },
    }),
  };
  const configFile = hasFile ? path : undefined;
  if (options.triesRoot) {
    try {
      const session = await connect({ ...way, user: 'root', password: '' }, settings, context.target);
      return { session, isRoot: true, configFile };
    } catch (error) {
      if (error instanceof UnreachableError) throw error;
    }
  }
  try {
    return { session: await connect(way, settings, context.target), isRoot: false, configFile };
  } catch (error) {
    if (error instanceof UnreachableError) throw error;
    const reason = (error as Error).message;
    throw new ModuleFailure(
      `unable to connect to database, check login_user and login_password are correct or ${path} has the credentials. Exception message: ${reason}`,
    );
  }
};

const readCommand = (path: string): Script => sh`cat -- ${expandedWord(path)}`;

// The server knows the user of a socket by the process that connects, and refuses the login with one of these.
const refusals = new Set([1045, 1698, 1130]);

const connect = async (way: Way, settings: ConnectionOptions, target: Target): Promise<MysqlSession> => {
  const { socket } = way;
  try {
    return await login(await openStream(way, target), way, settings);
  } catch (error) {
    const isRefusal = error instanceof SqlError ? refusals.has(error.number) : error instanceof StreamError;
    if (socket === undefined || !target.open || !isRefusal) throw error;
    try {
      const stream = channelStream(await target.open(bridgeCommand(socket)), (said) => new Error(said.trim()));
      return await login(stream, way, settings);
    } catch (second) {
      throw second instanceof SqlError || second instanceof UnreachableError ? second : error;
    }
  }
};

/** There is nobody at the other end, or the user that logs in may not reach it. */
class StreamError extends Error {}

const openStream = async ({ socket, host, port }: Way, target: Target): Promise<Duplex> => {
  try {
    return await target.forward(socket === undefined ? { host, port } : { path: socket });
  } catch (error) {
    if (error instanceof UnreachableError) throw error;
    const where = socket ?? `${host}:${port}`;
    throw new StreamError(`(2003, "Can't connect to MySQL server on '${where}' (${(error as Error).message})")`);
  }
};

const login = async (
  stream: Duplex,
  { host, user, password }: Way,
  settings: ConnectionOptions,
): Promise<MysqlSession> => {
  const { createConnection } = await import('mysql2/promise');
  let connection: Connection | undefined;
  try {
    connection = await createConnection({
      ...settings,
      stream,
      host,
      user,
      ...(password !== undefined && { password }),
      // Rows that were changed count, not those that were found.
      flags: ['-FOUND_ROWS'],
      charset: 'utf8mb4_general_ci',
      supportBigNumbers: true,
      typeCast: readField,
    });
    return await MysqlSession.open(connection);
  } catch (error) {
    if (connection) connection.destroy();
    else stream.destroy();
    throw toSqlError(error);
  }
};

/** A column's value: integers and floats stay apart, and times are written as Python writes them. */
const readField = (field: TypeCastField, next: TypeCastNext): unknown => {
  const text = (): string | null => field.string('utf8');
  if (field.type === 'LONGLONG') {
    const digits = text();
    return digits === null ? null : integer(BigInt(digits));
  }
  if (/^(?:NEW)?DECIMAL$|^FLOAT$|^DOUBLE$/.test(field.type)) {
    const digits = text();
    return digits === null ? null : float(Number(digits));
  }
  if (field.type === 'DATETIME' || field.type === 'TIMESTAMP') return text()?.replace(' ', 'T') ?? null;
  return /BLOB|JSON|DATE|TIME|YEAR|BIT|STRING|VARCHAR|GEOMETRY/.test(field.type) ? text() : next();
};

/** Runs `work` with a login that is closed afterwards; what the server refuses becomes the task's failure. */
export const withMysql = async <T>(
  args: MysqlArguments,
  options: LoginOptions,
  context: ModuleContext,
  work: (session: MysqlSession, login: Login) => Promise<T>,
): Promise<T> => {
  const login = await logIn(args, options, context);
  try {
    return await work(login.session, login);
  } catch (error) {
    throw error instanceof SqlError ? new ModuleFailure(error.message) : error;
  } finally {
    await login.session.close();
  }
};
