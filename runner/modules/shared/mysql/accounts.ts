import { ModuleFailure } from '../../../errors/index.ts';
import { type Dict, Float, toText, type Value } from '../../../values/index.ts';
import { type Privileges, parseGrants } from './privileges.ts';
import type { MysqlSession, Row } from './session.ts';

/** What a server asks of a connection before a user may log in: a word, or fields of the client's certificate. */
export type Requirement = 'SSL' | 'X509' | ReadonlyMap<string, string> | undefined;

/** An account as the server has it. */
export interface Account {
  readonly host: string;
  readonly plugin: string;
  /** The hash of its password, or whatever its plugin keeps. */
  readonly hash: string;
  readonly limits: ReadonlyMap<string, number>;
}

const limitColumns: Readonly<Record<string, string>> = {
  MAX_QUERIES_PER_HOUR: 'max_questions',
  MAX_UPDATES_PER_HOUR: 'max_updates',
  MAX_CONNECTIONS_PER_HOUR: 'max_connections',
  MAX_USER_CONNECTIONS: 'max_user_connections',
  MAX_STATEMENT_TIME: 'max_statement_time',
};

/** The accounts of a user: at every host, sorted by it. */
export const readAccounts = async (session: MysqlSession, user: string): Promise<Account[]> => {
  const { rows } = await session.run(session.sql`SELECT * FROM mysql.user WHERE user = ${user} ORDER BY host`);
  return rows.map((row) => {
    const column = columnsOf(row);
    const limits = new Map(
      Object.entries(limitColumns).flatMap(([name, key]) => (column.has(key) ? [[name, count(column.get(key)!)]] : [])),
    );
    const text = (name: string): string => toText(column.get(name) ?? '');
    return {
      host: text('host'),
      plugin: text('plugin'),
      hash: text('password') || text('authentication_string'),
      limits,
    };
  });
};

// Servers write the names of columns in their own ways.
const columnsOf = (row: Row): Map<string, Value> =>
  new Map(Object.entries(row).map(([name, value]) => [name.toLowerCase(), value]));

const count = (value: Value): number => (value instanceof Float ? value.value : Number(toText(value)));

/** An account's name as SQL. */
export const accountSql = (session: MysqlSession, user: string, host: string): string => session.sql`${user}@${host}`;

/** The privileges of an account. */
export const readGrants = async (session: MysqlSession, account: string): Promise<Privileges> => {
  const { rows } = await session.run(`SHOW GRANTS FOR ${account}`);
  return parseGrants(rows.map((row) => toText(Object.values(row)[0] ?? '')));
};

/** What the server asks of an account's connections. */
export const readRequirement = async (session: MysqlSession, account: string): Promise<Requirement> => {
  const line = toText((await session.value(`SHOW CREATE USER ${account}`)) ?? '');
  return parseRequirement(line);
};

/** The requirement in a line of SHOW CREATE USER. */
export const parseRequirement = (line: string): Requirement => {
  const rest = / REQUIRE (.*)$/s.exec(line)?.[1] ?? '';
  const word = /^(SSL|X509|NONE)\b/.exec(rest)?.[1];
  if (word !== undefined) return word === 'NONE' ? undefined : (word as 'SSL' | 'X509');
  const fields = new Map<string, string>();
  for (const [, name, text] of rest.matchAll(/(?:AND )?(SUBJECT|ISSUER|CIPHER) '((?:[^'\\]|''|\\.)*)'/gs)) {
    fields.set(name!, text!.replaceAll("''", "'").replace(/\\(.)/gs, '$1'));
  }
  return fields.size > 0 ? fields : undefined;
};

/** The requirement that the argument tls_requires means. */
export const wantedRequirement = (given: Dict | undefined): Requirement => {
  if (!given || given.size === 0) return undefined;
  const fields = new Map([...given].map(([name, value]) => [toText(name).toUpperCase(), toText(value)]));
  for (const name of fields.keys()) {
    if (!['SSL', 'X509', 'SUBJECT', 'ISSUER', 'CIPHER'].includes(name)) {
      throw new ModuleFailure(`tls_requires: '${name}' is none of SSL, X509, SUBJECT, ISSUER and CIPHER`);
    }
  }
  const detailed = new Map([...fields].filter(([name]) => name !== 'SSL' && name !== 'X509'));
  if (detailed.size > 0) return detailed;
  return fields.has('X509') ? 'X509' : 'SSL';
};

/** Whether two requirements ask for the same of connections. */
export const sameRequirement = (one: Requirement, other: Requirement): boolean => {
  if (!(one instanceof Map) || !(other instanceof Map)) return one === other;
  return one.size === other.size && [...one].every(([name, text]) => other.get(name) === text);
};

/** A requirement as SQL. */
export const requirementSql = (session: MysqlSession, requirement: Requirement): string => {
  if (requirement === undefined) return 'REQUIRE NONE';
  if (typeof requirement === 'string') return `REQUIRE ${requirement}`;
  return `REQUIRE ${[...requirement].map(([name, text]) => `${name} ${session.sql`${text}`}`).join(' AND ')}`;
};

/** The limits that differ from what an account has. Throws ModuleFailure for those that the server does not know. */
export const changedLimits = (wanted: Dict, actual: ReadonlyMap<string, number>): [string, number][] =>
  [...wanted].flatMap(([key, value]): [string, number][] => {
    const name = toText(key);
    if (!actual.has(name)) throw new ModuleFailure(`resource_limits: key '${name}' is unsupported.`);
    const text = toText(value).trim();
    if (!/^[+-]?\d+$/.test(text)) throw new ModuleFailure(`Can't convert value '${toText(value)}' to integer.`);
    return actual.get(name) === Number(text) ? [] : [[name, Number(text)]];
  });
