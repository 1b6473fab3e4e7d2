import { ModuleFailure } from '../errors/index.ts';
import { float, integer, isEqual, toText, type Value } from '../values/index.ts';
import { defineAction } from './define.ts';
import { mysqlArguments } from './shared/mysql/arguments.ts';
import { withMysql } from './shared/mysql/connect.ts';
import { type MysqlSession, Sql, SqlError } from './shared/mysql/session.ts';
import { identifier } from './shared/mysql/sql.ts';

const verbs = { global: 'SET GLOBAL', persist: 'SET PERSIST', persist_only: 'SET PERSIST_ONLY' } as const;

export default defineAction({
  name: 'community.mysql.mysql_variables',
  summary: 'Sets global variables of a MySQL or MariaDB server, or tells them.',
  args: {
    ...mysqlArguments,
    variable: { type: 'str', required: true, doc: 'The variable.' },
    value: { type: 'str', doc: 'Its value; without it, the task tells the one that it has.' },
    mode: {
      type: 'str',
      choices: ['global', 'persist', 'persist_only'],
      default: 'global',
      doc: 'persist and persist_only keep it over restarts, with MySQL 8; the latter leaves what runs as it is.',
    },
  },
  returns: { msg: 'The value, or what was done.', queries: 'What was executed.' },
  notes: ['The server is reached through the connection of the task'],
  supports: { check: 'none', diff: false },

  run: (args, context) => {
    if (!/^[0-9A-Za-z_.]+$/.test(args.variable)) throw new ModuleFailure(`invalid variable name "${args.variable}"`);
    return withMysql(args, { database: 'mysql' }, context, async (session) => {
      const { mode, variable, value } = args;
      const shown = await session.run(session.sql`SHOW VARIABLES WHERE Variable_name = ${variable}`);
      const running = shown.rows.length === 1 ? toText(shown.rows[0]!.Value ?? '') : undefined;
      if (running === undefined) throw new ModuleFailure(`Variable not available "${variable}"`, { changed: false });
      if (value === undefined) return { changed: false, msg: running };
      const kept = mode === 'global' ? undefined : await persisted(session, variable);
      const wanted = number(value);
      const isKept = kept !== undefined && isEqual(wanted, number(kept));
      const isRunning = isEqual(wanted, number(running));
      const isSet = { global: isRunning, persist: isRunning && isKept, persist_only: isKept }[mode];
      if (isSet) return { changed: false, msg: alreadySet[mode] };
      // `a.b` is the variable b of the instance a, and each is quoted by itself.
      const name = variable.split('.').map(identifier).join('.');
      try {
        await session.run(session.sql`${new Sql(verbs[mode])} ${new Sql(name)} = ${wanted}`);
      } catch (error) {
        if (!(error instanceof SqlError)) throw error;
        throw new ModuleFailure(error.message, { changed: false });
      }
      const before = mode === 'persist_only' ? (kept === undefined ? false : number(kept)) : number(running);
      return {
        changed: true,
        msg: `Variable change succeeded prev_value=${toText(before)}`,
        queries: [`${verbs[mode]} ${name} = ${toText(wanted)}`],
      };
    });
  },
});

const alreadySet = {
  global: 'Variable is already set to requested value.',
  persist: 'Variable is already set to requested value globally and stored into mysqld-auto.cnf file.',
  persist_only: 'Variable is already stored into mysqld-auto.cnf with requested value.',
} as const;

/** What a variable is kept as over restarts. */
const persisted = async (session: MysqlSession, variable: string): Promise<string | undefined> => {
  try {
    const value = await session.value(
      session.sql`SELECT VARIABLE_VALUE FROM performance_schema.persisted_variables WHERE VARIABLE_NAME = ${variable}`,
    );
    return value === undefined || value === null ? undefined : toText(value);
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    throw new ModuleFailure('Server version must be 8.0 or greater.');
  }
};

/** A number where the text is one, since the server takes numbers without quotes only. */
const number = (text: string): Value => {
  if (/^\s*[+-]?\d+\s*$/.test(text)) return integer(BigInt(text.trim().replace('+', '')));
  return /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/.test(text) ? float(Number(text)) : text;
};
