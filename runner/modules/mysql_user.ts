import { ModuleFailure } from '../errors/index.ts';
import { toText, type Value } from '../values/index.ts';
import { defineAction, type ModuleContext, type ResultObject } from './define.ts';
import {
  type Account,
  accountSql,
  changedLimits,
  readAccounts,
  readGrants,
  readRequirement,
  requirementSql,
  wantedRequirement,
} from './shared/mysql/accounts.ts';
import { withMysql } from './shared/mysql/connect.ts';
import {
  grantStatement,
  type Privileges,
  privilegeText,
  readPrivileges,
  samePrivileges,
} from './shared/mysql/privileges.ts';
import { type MysqlSession, Sql, SqlError } from './shared/mysql/session.ts';
import { identifier } from './shared/mysql/sql.ts';
import { type UserArguments, userArguments } from './shared/mysql/user-arguments.ts';
import { planAccount, pluginSql, type Wanted, wantedHash } from './shared/mysql/user-plan.ts';

export default defineAction({
  name: 'community.mysql.mysql_user',
  summary: 'Adds, changes and removes users of a MySQL or MariaDB server, with their privileges.',
  args: userArguments,
  mutuallyExclusive: [['append_privs', 'subtract_privs']],
  returns: {
    user: 'The name of the user.',
    msg: 'What was done.',
    password_changed: 'Whether the password is another one; null where a check run cannot tell.',
  },
  notes: [
    'The server is reached through the connection of the task; where it knows users by the process at its socket, that is a process of the user of the task',
    'MariaDB 10.2 or MySQL 5.7 is the oldest server that it works with',
    'Under --check a plugin stays as it is, where Ansible changes it',
  ],
  supports: { check: 'full', diff: false },

  run: (args, context) => {
    const wanted: Wanted = {
      privileges: readPriv(args.priv, !args.subtract_privs),
      requirement: wantedRequirement(args.tls_requires),
    };
    wantedHash(args);
    const login = { triesRoot: args.check_implicit_admin, database: args.force_context ? 'mysql' : undefined };
    return withMysql(args, login, context, async (session): Promise<ResultObject> => {
      if (!session.isAtLeast({ mariadb: '10.2', mysql: '5.7' })) {
        throw new ModuleFailure(`mysql_user needs MariaDB 10.2 or MySQL 5.7, and the server is ${session.version}`);
      }
      if (!args.sql_log_bin) await session.run('SET SQL_LOG_BIN=0');
      await setSessionVariables(session, args.session_vars);
      const host = args.host.toLowerCase();
      const all = await readAccounts(session, args.user);
      const accounts = args.host_all ? all : all.filter((account) => account.host.toLowerCase() === host);
      const told = { user: args.user };
      if (args.state === 'absent') {
        if (!context.check) {
          for (const account of accounts)
            await session.run(`DROP USER IF EXISTS ${accountSql(session, args.user, account.host)}`);
        }
        const isThere = accounts.length > 0;
        return {
          changed: isThere,
          ...told,
          msg: isThere ? 'User deleted' : "User doesn't exist",
          password_changed: false,
        };
      }
      if (accounts.length > 0) return { ...told, ...(await change(accounts, wanted, args, session, context)) };
      if (args.host_all) throw new ModuleFailure('host_all parameter cannot be used when adding a user');
      return { ...told, ...(await add(all, host, wanted, args, session, context)) };
    });
  },
});

/** The privileges that are given. Everybody has at least USAGE, which is none. */
const readPriv = (priv: Value | undefined, hasUsage: boolean): Privileges | undefined => {
  if (priv === undefined || priv === null) return undefined;
  if (typeof priv !== 'string' && !(priv instanceof Map)) {
    throw new ModuleFailure('priv parameter must be a string or a mapping');
  }
  const text =
    typeof priv === 'string'
      ? priv
      : privilegeText([...priv].map(([object, list]) => [toText(object), toText(list)] as const));
  const given = readPrivileges(text);
  return hasUsage && !given.has('*.*') ? new Map([...given, ['*.*', ['USAGE']]]) : given;
};

const setSessionVariables = async (session: MysqlSession, variables: UserArguments['session_vars']): Promise<void> => {
  for (const [name, value] of variables ?? []) {
    const statement = session.sql`SET SESSION ${new Sql(identifier(toText(name)))} = ${value}`;
    try {
      await session.run(statement);
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      throw new ModuleFailure(`Failed to execute ${statement}: ${error.message}`);
    }
  }
};

/** Makes the accounts of a user what is wanted; a check run tells of the first thing that differs. */
const change = async (
  accounts: readonly Account[],
  wanted: Wanted,
  args: UserArguments,
  session: MysqlSession,
  context: ModuleContext,
): Promise<ResultObject> => {
  let [changed, isPassword, msg] = [false, false, 'User unchanged'];
  for (const account of accounts) {
    const sql = accountSql(session, args.user, account.host);
    const grants = wanted.privileges ? await readGrants(session, sql) : new Map();
    const present = { account, sql, grants, requirement: await readRequirement(session, sql) };
    const steps = planAccount(present, wanted, args, session);
    if (context.check && steps.length > 0) {
      const [first] = steps as [(typeof steps)[number]];
      return {
        changed: true,
        msg: first.saysInCheck ?? first.says ?? msg,
        password_changed: first.isPassword ?? false,
      };
    }
    for (const step of steps) {
      for (const statement of step.statements) await grantOrFail(session, statement);
      if (step.says !== undefined) msg = step.says;
      if (step.isPassword) isPassword = true;
      if (!step.isJudgedAfter) changed = true;
    }
    if (steps.some((step) => step.isJudgedAfter) && !samePrivileges(grants, await readGrants(session, sql)))
      changed = true;
  }
  if (await limit(accounts, args, session, context)) changed = true;
  return { changed, msg, password_changed: isPassword };
};

/** Adds an account. */
const add = async (
  others: readonly Account[],
  host: string,
  wanted: Wanted,
  args: UserArguments,
  session: MysqlSession,
  context: ModuleContext,
): Promise<ResultObject> => {
  if (context.check) return { changed: true, msg: 'User added', password_changed: null };
  const sql = accountSql(session, args.user, host);
  const known = new Map(others.map((account) => [`${account.plugin}\0${account.hash}`, account]));
  const reused = args.update_password === 'on_new_username' && known.size === 1 ? [...known.values()][0]! : undefined;
  const require = wanted.requirement === undefined ? '' : ` ${requirementSql(session, wanted.requirement)}`;
  await session.run(`CREATE USER ${sql}${loginSql(reused, args, session)}${require}`);
  if (wanted.privileges && !args.subtract_privs) {
    for (const [object, names] of wanted.privileges) await grantOrFail(session, grantStatement(object, names, sql));
  }
  const made = (await readLimited(session, args)).filter((account) => account.host.toLowerCase() === host);
  await limit(made, args, session, context);
  return { changed: true, msg: 'User added', password_changed: reused === undefined };
};

const loginSql = (reused: Account | undefined, args: UserArguments, session: MysqlSession): string => {
  if (reused) {
    const { plugin, hash } = reused;
    return ` ${pluginSql({ plugin, plugin_hash_string: hash, plugin_auth_string: undefined }, session)}`;
  }
  const hash = wantedHash(args);
  if (hash !== undefined) return session.sql` IDENTIFIED WITH mysql_native_password AS ${hash}`;
  return args.plugin ? ` ${pluginSql(args, session)}` : '';
};

const readLimited = async (session: MysqlSession, args: UserArguments): Promise<Account[]> =>
  args.resource_limits && args.resource_limits.size > 0 ? readAccounts(session, args.user) : [];

/** Sets the limits of the account that `host` names. */
const limit = async (
  accounts: readonly Account[],
  args: UserArguments,
  session: MysqlSession,
  { check }: ModuleContext,
): Promise<boolean> => {
  const { resource_limits: limits } = args;
  const account = accounts.find(({ host }) => host.toLowerCase() === args.host.toLowerCase());
  if (!limits || limits.size === 0 || !account) return false;
  const different = changedLimits(limits, account.limits);
  if (different.length > 0 && !check) {
    const sql = accountSql(session, args.user, account.host);
    await session.run(`ALTER USER ${sql} WITH ${different.map(([name, value]) => `${name} ${value}`).join(' ')}`);
  }
  return different.length > 0;
};

const grantOrFail = async (session: MysqlSession, statement: string): Promise<void> => {
  try {
    await session.run(statement);
  } catch (error) {
    if (!(error instanceof SqlError) || !/^(?:GRANT|REVOKE) /.test(statement)) throw error;
    const list = /^\w+ (.*?) ON /s.exec(statement)?.[1] ?? '';
    throw new ModuleFailure(
      `Error granting privileges, invalid priv string: ${list} , query: ${statement} , exception: ${error.message}.`,
    );
  }
};
