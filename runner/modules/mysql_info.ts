import { createRequire } from 'node:module';
import { ModuleFailure } from '../errors/index.ts';
import { Float, integer, toText, type Value } from '../values/index.ts';
import { defineAction, type ResultObject } from './define.ts';
import { mysqlArguments } from './shared/mysql/arguments.ts';
import { withMysql } from './shared/mysql/connect.ts';
import { type MysqlSession, type Row, SqlError } from './shared/mysql/session.ts';

const subsets = [
  'version',
  'databases',
  'settings',
  'global_status',
  'engines',
  'users',
  'master_status',
  'slave_hosts',
  'slave_status',
] as const;
type Subset = (typeof subsets)[number];

export default defineAction({
  name: 'community.mysql.mysql_info',
  summary: 'Tells about a MySQL or MariaDB server.',
  args: {
    ...mysqlArguments,
    login_db: { type: 'str', doc: 'The database to log in to.' },
    filter: {
      type: 'list',
      elements: 'str',
      doc: 'What to tell: version, databases, settings, global_status, engines, users, master_status, slave_hosts, slave_status; with ! in front: all but that.',
    },
    exclude_fields: { type: 'list', elements: 'str', doc: 'db_size leaves out the sizes of databases.' },
    return_empty_dbs: { type: 'bool', default: false, doc: 'Tell of databases without tables, too.' },
  },
  returns: {
    version: 'major, minor, release, suffix and full.',
    databases: 'The size of each database.',
    settings: 'The global variables.',
    global_status: "The server's counters.",
    engines: 'The storage engines.',
    users: 'The users, by host and name.',
    master_status: 'How the server stands as a primary.',
    slave_hosts: 'Who follows it.',
    slave_status: 'How it follows others, by host, port and user.',
    connector_name: 'The library that speaks with the server.',
    connector_version: 'Its version.',
  },
  notes: ['The server is reached through the connection of the task', 'connector_name is mysql2'],
  supports: { check: 'full', diff: false },

  run: (args, context) => {
    const wanted = selected(args.filter ?? [], (text) => context.warn(text));
    const isSized = !args.exclude_fields?.some((field) => field.trim() === 'db_size');
    return withMysql(args, { database: args.login_db }, context, async (session): Promise<ResultObject> => {
      const told: ResultObject = {};
      const settings = wanted.has('version') || wanted.has('settings') ? await variables(session) : {};
      for (const subset of subsets) {
        if (!wanted.has(subset)) continue;
        if (subset === 'version') told.version = versionOf(toText(settings.version as Value));
        else if (subset === 'settings') told.settings = settings;
        else if (subset === 'databases') told.databases = await databases(session, isSized, args.return_empty_dbs);
        else told[subset] = await readers[subset](session);
      }
      return { changed: false, connector_name: 'mysql2', connector_version: driverVersion(), ...told };
    });
  },
});

const driverVersion = (): string =>
  (createRequire(import.meta.url)('mysql2/package.json') as { version: string }).version;

/** The subsets that a filter means. What it names counts for more than what it leaves out. */
const selected = (filter: readonly string[], warn: (text: string) => void): ReadonlySet<Subset> => {
  const known = filter
    .map((item) => item.trim())
    .filter((item) => {
      const isKnown = (subsets as readonly string[]).includes(item.replace(/^!+/, ''));
      if (!isKnown) warn(`filter element: ${item} is not allowable, ignored`);
      return isKnown;
    });
  const named = known.filter((item) => !item.startsWith('!'));
  if (named.length > 0) return new Set(subsets.filter((subset) => named.includes(subset)));
  const left = known.map((item) => item.replace(/^!+/, ''));
  return new Set(subsets.filter((subset) => !left.includes(subset)));
};

const query = async (session: MysqlSession, statement: string): Promise<readonly Row[]> => {
  try {
    return (await session.run(statement)).rows;
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    throw new ModuleFailure(`Cannot execute SQL '${statement}': ${error.message}`);
  }
};

/** Text of digits as a number, as the server means it. */
const number = (value: Value): Value => {
  if (value instanceof Float || typeof value !== 'string') return value;
  return /^\s*[+-]?\d+\s*$/.test(value) ? integer(BigInt(value.trim().replace(/^\+/, ''))) : value;
};

const numbers = (row: Row, ...left: readonly string[]): ResultObject =>
  Object.fromEntries(
    Object.entries(row)
      .filter(([name]) => !left.includes(name))
      .map(([name, value]) => [name, number(value)]),
  );

const pairs = async (session: MysqlSession, statement: string): Promise<ResultObject> =>
  Object.fromEntries(
    (await query(session, statement)).map((row) => [toText(row.Variable_name!), number(row.Value ?? null)]),
  );

const variables = (session: MysqlSession): Promise<ResultObject> => pairs(session, 'SHOW GLOBAL VARIABLES');

/** A version by its parts: `10.11.6-MariaDB-1` is 10, 11, 6 and `MariaDB-1`. */
const versionOf = (full: string): ResultObject => {
  const [, major = '0', minor = '0', release = '0', suffix = ''] =
    /^(\d+)\.(\d+)\.(\d+)[^-]*(?:-([^.]*))?/.exec(full) ?? [];
  return { major: Number(major), minor: Number(minor), release: Number(release), suffix, full };
};

const databases = async (session: MysqlSession, isSized: boolean, hasEmpty: boolean): Promise<ResultObject> => {
  const size = isSized ? ', SUM(data_length + index_length) AS size' : '';
  const told = mapping();
  const rows = await query(
    session,
    `SELECT table_schema AS name${size} FROM information_schema.TABLES GROUP BY table_schema`,
  );
  const sizeOf = (row: Row): ResultObject =>
    isSized ? { size: row.size instanceof Float ? row.size.value : number(row.size ?? 0) } : {};
  for (const row of rows) told[toText(row.name!)] = sizeOf(row);
  if (!hasEmpty) return told;
  for (const row of await query(session, 'SHOW DATABASES')) told[toText(row.Database!)] ??= isSized ? { size: 0 } : {};
  return told;
};

/** A mapping for names that a server gives, which may be any. */
const mapping = (): ResultObject => Object.create(null) as ResultObject;

/** A place inside of nested mappings, made on the way. */
const inside = (told: ResultObject, ...path: readonly Value[]): ResultObject => {
  let place = told;
  for (const part of path) {
    const name = toText(part);
    place[name] ??= mapping();
    place = place[name] as ResultObject;
  }
  return place;
};

const readers: Readonly<
  Record<Exclude<Subset, 'version' | 'settings' | 'databases'>, (session: MysqlSession) => Promise<ResultObject>>
> = {
  global_status: (session) => pairs(session, 'SHOW GLOBAL STATUS'),
  engines: async (session) =>
    Object.fromEntries(
      (await query(session, 'SHOW ENGINES')).map(({ Engine, ...rest }) => [toText(Engine!), rest as ResultObject]),
    ),
  users: async (session) => {
    const told = mapping();
    for (const row of await query(session, 'SELECT * FROM mysql.user')) {
      Object.assign(inside(told, row.Host!, row.User!), numbers(row, 'Host', 'User'));
    }
    return told;
  },
  master_status: async (session) =>
    Object.assign({}, ...(await query(session, 'SHOW MASTER STATUS')).map((row) => numbers(row))) as ResultObject,
  slave_hosts: async (session) => {
    const told = mapping();
    for (const row of await query(session, 'SHOW SLAVE HOSTS')) {
      Object.assign(inside(told, row.Server_id!), numbers(row, 'Server_id'));
    }
    return told;
  },
  slave_status: async (session) => {
    const told = mapping();
    for (const row of await query(session, 'SHOW SLAVE STATUS')) {
      const place = inside(told, row.Master_Host!, row.Master_Port!, row.Master_User!);
      Object.assign(place, numbers(row, 'Master_Host', 'Master_Port', 'Master_User'));
    }
    return told;
  },
};
