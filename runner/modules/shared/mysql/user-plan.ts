import { createHash } from 'node:crypto';
import { ModuleFailure } from '../../../errors/index.ts';
import { toRepr } from '../../../values/index.ts';
import { type Account, type Requirement, requirementSql, sameRequirement } from './accounts.ts';
import { grantStatement, type Privileges, revokeStatements, without } from './privileges.ts';
import type { MysqlSession } from './session.ts';
import { literal } from './sql.ts';
import type { UserArguments } from './user-arguments.ts';

/** One thing that is to be done to an account. */
export interface Step {
  readonly statements: readonly string[];
  /** What is said once it is done; undefined leaves what was said before. */
  readonly says?: string | undefined;
  /** What a check run says. */
  readonly saysInCheck?: string;
  readonly isPassword?: true;
  /** It counts as a change only when the privileges are others afterwards. */
  readonly isJudgedAfter?: true;
}

/** An account as it is. */
export interface Present {
  readonly account: Account;
  readonly sql: string;
  readonly grants: Privileges;
  readonly requirement: Requirement;
}

/** What an account is to be. */
export interface Wanted {
  readonly privileges: Privileges | undefined;
  readonly requirement: Requirement;
}

/** The hash of a password for mysql_native_password. */
const nativeHash = (password: string): string => {
  const once = createHash('sha1').update(password).digest();
  return `*${createHash('sha1').update(once).digest('hex').toUpperCase()}`;
};

/** The steps that make an account what is wanted. */
export const planAccount = (
  present: Present,
  wanted: Wanted,
  args: UserArguments,
  session: MysqlSession,
): readonly Step[] => [
  ...(args.update_password === 'always'
    ? [...passwordSteps(present, args), ...pluginSteps(present, args, session)]
    : []),
  ...(wanted.privileges ? privilegeSteps(present, wanted.privileges, args) : []),
  ...(sameRequirement(present.requirement, wanted.requirement)
    ? []
    : [
        {
          statements: [`ALTER USER ${present.sql} ${requirementSql(session, wanted.requirement)}`],
          says: 'TLS requires updated',
        },
      ]),
];

/** The hash that the arguments want; undefined when they name no password. Throws ModuleFailure. */
export const wantedHash = ({ password, encrypted }: UserArguments): string | undefined => {
  if (!password) return undefined;
  if (!encrypted) return nativeHash(password);
  if (!/^\*[0-9A-Fa-f]{40}$/.test(password)) {
    throw new ModuleFailure(
      'encrypted was specified however it does not appear to be a valid hash expecting: *SHA1(SHA1(your_password))',
    );
  }
  return password;
};

const passwordSteps = ({ account, sql }: Present, args: UserArguments): Step[] => {
  const hash = wantedHash(args);
  if (hash === undefined || hash === account.hash) return [];
  return [
    {
      statements: [`ALTER USER ${sql} IDENTIFIED WITH mysql_native_password AS ${literal(hash)}`],
      says: 'Password updated (new style)',
      saysInCheck: 'Password updated',
      isPassword: true,
    },
  ];
};

const pluginSteps = ({ account, sql }: Present, args: UserArguments, session: MysqlSession): Step[] => {
  const { plugin, plugin_hash_string: hash, plugin_auth_string: text } = args;
  if (!plugin) return [];
  // A plugin may keep anything of a text, so that one is given again each time.
  const isSame = account.plugin === plugin && (!hash || account.hash === hash) && (!text || account.hash === text);
  return isSame ? [] : [{ statements: [`ALTER USER ${sql} ${pluginSql(args, session)}`], isPassword: true }];
};

/** How a plugin checks logins, as SQL. */
export const pluginSql = (
  args: Pick<UserArguments, 'plugin' | 'plugin_hash_string' | 'plugin_auth_string'>,
  session: MysqlSession,
): string => {
  const plugin = session.sql`IDENTIFIED WITH ${args.plugin}`;
  if (args.plugin_hash_string) return `${plugin} AS ${session.sql`${args.plugin_hash_string}`}`;
  if (!args.plugin_auth_string) return plugin;
  return `${plugin} ${args.plugin === 'pam' ? 'USING' : 'BY'} ${session.sql`${args.plugin_auth_string}`}`;
};

const privilegeSteps = ({ sql, grants }: Present, wanted: Privileges, args: UserArguments): Step[] => {
  const steps: Step[] = [];
  const { append_privs: appends, subtract_privs: subtracts } = args;
  if (!appends && !subtracts) {
    for (const [object, names] of grants) {
      if (wanted.has(object) || args.user === 'root' || names.includes('PROXY')) continue;
      steps.push({ statements: revokeStatements(object, names, sql), says: 'Privileges updated' });
    }
  }
  if (!subtracts) {
    for (const [object, names] of wanted) {
      if (grants.has(object)) continue;
      steps.push({ statements: [grantStatement(object, names, sql)], says: 'New privileges granted' });
    }
  }
  for (const [object, names] of wanted) {
    const actual = grants.get(object);
    if (!actual) continue;
    const missing = subtracts ? [] : without(names, actual);
    const surplus = appends ? [] : subtracts ? without(actual, without(actual, names)) : without(actual, names);
    // Who gets everything need not lose anything first, but for what is not part of it.
    const revoked = missing.includes('ALL') ? surplus.filter((name) => name === 'GRANT' || name === 'PROXY') : surplus;
    if (missing.length === 0 && revoked.every((name) => name === 'USAGE')) continue;
    const granted = missing.length === 1 && missing[0] === 'GRANT' ? [...missing, 'USAGE'] : missing;
    steps.push({
      statements: [
        ...revokeStatements(
          object,
          revoked.filter((name) => name !== 'USAGE'),
          sql,
        ),
        ...(granted.length > 0 ? [grantStatement(object, granted, sql)] : []),
      ],
      says: `Privileges updated: granted ${toRepr(granted)}, revoked ${toRepr(revoked)}`,
      isJudgedAfter: true,
    });
  }
  return steps;
};
