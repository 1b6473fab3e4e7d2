import { ModuleFailure } from '../errors/index.ts';
import { toText, type Value } from '../values/index.ts';
import { defineAction } from './define.ts';
import { mysqlArguments } from './shared/mysql/arguments.ts';
import { withMysql } from './shared/mysql/connect.ts';
import { type Row, SqlError } from './shared/mysql/session.ts';
import { FormatError, formatQuery } from './shared/mysql/sql.ts';

const dml = ['INSERT', 'UPDATE', 'DELETE', 'REPLACE'];
const ddl = ['CREATE', 'DROP', 'ALTER', 'RENAME', 'TRUNCATE'];

export default defineAction({
  name: 'community.mysql.mysql_query',
  summary: 'Runs queries on a MySQL or MariaDB server.',
  args: {
    ...mysqlArguments,
    query: { type: 'raw', required: true, doc: 'The query, or a list of queries.' },
    login_db: { type: 'str', doc: 'The database.' },
    positional_args: { type: 'list', doc: 'Values for %s, in turn.' },
    named_args: { type: 'dict', doc: 'Values for %(name)s.' },
    single_transaction: { type: 'bool', default: false, doc: 'All queries take effect together, or none does.' },
  },
  mutuallyExclusive: [['positional_args', 'named_args']],
  returns: {
    executed_queries: 'The queries, with the values in them.',
    query_result: 'The rows of each query.',
    rowcount: 'How many rows each query found or changed.',
  },
  notes: [
    'The server is reached through the connection of the task',
    'Decimal numbers are returned as numbers, where Ansible fails',
  ],
  supports: { check: 'none', diff: false },

  run: (args, context) => {
    const queries = readQueries(args.query);
    const values = args.positional_args ?? args.named_args;
    const hasValues = values !== undefined && (Array.isArray(values) ? values.length > 0 : values.size > 0);
    return withMysql(args, { database: args.login_db }, context, async (session) => {
      const executed: string[] = [];
      const results: (readonly Row[])[] = [];
      const counts: number[] = [];
      let changed = false;
      if (args.single_transaction) await session.run('START TRANSACTION');
      for (const query of queries) {
        try {
          const statement = hasValues ? formatQuery(query, values, session.isPlain) : query;
          executed.push(statement);
          const { rows, count, warnings } = await session.run(statement);
          results.push(rows);
          counts.push(count);
          const verb = query.trimStart().slice(0, 8).toUpperCase();
          const has = (words: readonly string[]): boolean => words.some((word) => verb.includes(word));
          if (has(dml) && count > 0) changed = true;
          if (has(ddl)) changed = !(warnings > 0 && (await existed(session.run.bind(session))));
        } catch (error) {
          if (!(error instanceof SqlError || error instanceof FormatError)) throw error;
          throw new ModuleFailure(
            `Cannot execute SQL '${query}' args [${hasValues ? toText(values) : 'None'}]: ${error.message}`,
          );
        }
      }
      if (args.single_transaction) await session.run('COMMIT');
      return {
        changed,
        executed_queries: executed,
        query_result: results.map((rows) => rows.map((row) => ({ ...row }))),
        rowcount: counts,
      };
    });
  },
});

/** Whether the server warned that what was to be made exists already, as after CREATE … IF NOT EXISTS. */
const existed = async (run: (statement: string) => Promise<{ rows: readonly Row[] }>): Promise<boolean> => {
  const { rows } = await run('SHOW WARNINGS');
  return rows.some(({ Message }) => toText(Message ?? '').includes('already exists'));
};

const readQueries = (query: Value): string[] => {
  const list = Array.isArray(query) ? query : [query];
  return list.map((item: Value) => {
    if (typeof item !== 'string')
      throw new ModuleFailure('the query option value must be a string or a list of strings');
    return item;
  });
};
