import { ModuleFailure } from '../errors/index.ts';
import { toText } from '../values/index.ts';
import { defineAction, type ResultObject } from './define.ts';
import { withMysql } from './shared/mysql/connect.ts';
import { databaseArguments, dumpDatabases, importDatabase } from './shared/mysql/database.ts';
import { type MysqlSession, SqlError } from './shared/mysql/session.ts';
import { identifier } from './shared/mysql/sql.ts';

export default defineAction({
  name: 'community.mysql.mysql_db',
  summary: 'Makes, removes, dumps and imports databases of a MySQL or MariaDB server.',
  args: databaseArguments,
  returns: {
    db: 'The names, with blanks between them.',
    db_list: 'The names.',
    executed_commands: 'What was executed.',
    msg: 'What mysqldump or mysql said.',
  },
  notes: [
    'The server is reached through the connection of the task; only dumps and imports need mysqldump and mysql on the target',
  ],
  supports: { check: 'full', diff: false },

  run: (args, context) => {
    const names = args.name.map((name) => toText(name).trim());
    const isAll = names.length === 1 && names[0] === 'all';
    const moves = args.state === 'dump' || args.state === 'import';
    if (args.ignore_tables.some((table) => table === ''))
      throw new ModuleFailure('Name of ignored table cannot be empty');
    if (names.length > 1 && args.state === 'import') {
      throw new ModuleFailure('Multiple databases are not supported with state=import');
    }
    if (moves && args.target === undefined) throw new ModuleFailure(`with state=${args.state} target is required`);
    if (!moves && isAll) {
      throw new ModuleFailure("name is not allowed to equal 'all' unless state equals import, or dump.");
    }
    const login = { triesRoot: args.check_implicit_admin, fileOverrides: args.config_overrides_defaults };
    return withMysql(args, login, context, async (session, { isRoot, configFile }): Promise<ResultObject> => {
      const present = isAll ? [] : await existing(session, names);
      const missing = isAll ? [] : names.filter((name) => !present.includes(name));
      const told = { db: names.join(' '), db_list: names };
      const executed: string[] = [];
      const execute = async (statements: readonly string[], what: string): Promise<void> => {
        for (const statement of statements) {
          executed.push(statement);
          try {
            await session.run(statement);
          } catch (error) {
            if (!(error instanceof SqlError)) throw error;
            throw new ModuleFailure(`error ${what} database: ${error.message}`);
          }
        }
      };
      const create = missing.map((name) => createStatement(session, name, args));
      switch (args.state) {
        case 'absent':
          if (!context.check)
            await execute(
              present.map((name) => `DROP DATABASE ${identifier(name)}`),
              'deleting',
            );
          return { changed: present.length > 0, ...told, ...(!context.check && { executed_commands: executed }) };
        case 'present':
          if (!context.check) await execute(create, 'creating');
          return { changed: missing.length > 0, ...told, ...(!context.check && { executed_commands: executed }) };
        case 'dump': {
          if (missing.length > 0)
            throw new ModuleFailure(`Cannot dump database(s) '${missing.join(', ')}' - not found`);
          if (context.check) return { changed: true, ...told };
          const done = await dumpDatabases(isAll ? undefined : names, args, { isRoot, configFile }, context);
          return { changed: true, ...told, msg: done.said, executed_commands: [done.command] };
        }
        case 'import': {
          if (context.check) return { changed: true, ...told };
          await execute(create, 'creating');
          const done = await importDatabase(isAll ? undefined : names[0], args, { isRoot, configFile }, context);
          return { changed: true, ...told, msg: done.said, executed_commands: [...executed, done.command] };
        }
      }
    });
  },
});

const existing = async (session: MysqlSession, names: readonly string[]): Promise<string[]> => {
  if (names.length === 0) return [];
  const { rows } = await session.run(
    session.sql`SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA WHERE SCHEMA_NAME IN ${[...names]}`,
  );
  const found = rows.map(({ name }) => toText(name ?? ''));
  // Where names are not told apart by case, the server finds them under another one.
  return names.filter((name) => found.some((other) => other.toLowerCase() === name.toLowerCase()));
};

const createStatement = (
  session: MysqlSession,
  name: string,
  { encoding, collation }: { readonly encoding: string; readonly collation: string },
): string =>
  [
    `CREATE DATABASE ${identifier(name)}`,
    encoding === '' ? '' : session.sql`CHARACTER SET ${encoding}`,
    collation === '' ? '' : session.sql`COLLATE ${collation}`,
  ]
    .filter((part) => part !== '')
    .join(' ');
