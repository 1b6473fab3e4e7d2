import { ModuleFailure } from '../../../errors/index.ts';
import { identifier } from './sql.ts';

/** Privileges by what they are about: `*.*`, `` `db`.* ``, `` PROCEDURE `db`.`name` ``. */
export type Privileges = ReadonlyMap<string, readonly string[]>;

/** The privileges that a module's `priv` text names: `db.table:PRIV,PRIV/db2.*:ALL`. Throws ModuleFailure. */
export const readPrivileges = (text: string): Privileges => {
  const privileges = new Map<string, string[]>();
  for (const item of text.trim().split('/')) {
    const [, object, list] = /^(.*):([^:]*)$/s.exec(item.trim()) ?? [];
    if (object === undefined || list === undefined) {
      throw new ModuleFailure(`invalid priv string: '${item}' is not of the form database.table:PRIVILEGE,PRIVILEGE`);
    }
    privileges.set(objectName(object.trim()), splitList(list).map(normal));
  }
  return privileges;
};

/** The text of `priv` from a mapping of the same. */
export const privilegeText = (entries: Iterable<readonly [string, string]>): string =>
  [...entries].map(([object, list]) => `${object}:${list}`).join('/');

const objectName = (text: string): string => {
  const [, kind = '', name = ''] = /^((?:FUNCTION|PROCEDURE) )?(.*)$/s.exec(text)!;
  const dot = lastDot(name);
  const sides = dot === -1 ? [name] : [name.slice(0, dot), name.slice(dot + 1)];
  return `${kind}${sides.map((side) => quoteSide(side)).join('.')}`;
};

/** The last dot outside of quotes. */
const lastDot = (name: string): number => {
  const plain = name.replace(/`[^`]*`/g, (quoted) => '_'.repeat(quoted.length));
  return plain.lastIndexOf('.');
};

const quoteSide = (side: string): string => {
  const bare = side.replace(/^([`"])(.*)\1$/s, '$2');
  return bare === '*' ? '*' : identifier(bare);
};

/** The privileges of lines of SHOW GRANTS; roles that were granted are left out. Throws ModuleFailure. */
export const parseGrants = (lines: readonly string[]): Privileges => {
  const privileges = new Map<string, string[]>();
  for (const line of lines) {
    const [, list, object, rest = ''] =
      /^GRANT (.+) ON (.+) TO (?:['`"].*['`"]@['`"][^'`"]*['`"])(.*)$/s.exec(line) ?? [];
    if (list === undefined || object === undefined) {
      if (/^(?:GRANT .+ TO ['`"]|SET DEFAULT ROLE )/s.test(line)) continue;
      throw new ModuleFailure(`unable to parse the MySQL grant string: ${line}`);
    }
    const names = splitList(list).map(normal);
    if (rest.includes('WITH GRANT OPTION')) names.push('GRANT');
    // Names stand in double quotes where the server speaks ANSI.
    const key = object.replace(/"((?:[^"]|"")*)"/g, (_, name: string) => identifier(name.replaceAll('""', '"')));
    privileges.set(key, [...(privileges.get(key) ?? []), ...names]);
  }
  return privileges;
};

/** The names of a list; commas between columns part nothing. */
const splitList = (text: string): string[] =>
  text
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** One privilege as it is compared: in capitals, its columns quoted and sorted. */
const normal = (text: string): string => {
  const [, name = text, columns] = /^([^(]*?)\s*\((.*)\)$/s.exec(text) ?? [];
  const upper = name.replace(/\s+/g, ' ').toUpperCase();
  const word = upper === 'ALL PRIVILEGES' ? 'ALL' : upper === 'GRANT OPTION' ? 'GRANT' : upper;
  if (columns === undefined) return word;
  const names = columns.split(',').map((column) => column.trim().replace(/^([`"])(.*)\1$/s, '$2'));
  return `${word} (${names
    .map(identifier)
    .sort((one, other) => (one.toLowerCase() < other.toLowerCase() ? -1 : 1))
    .join(', ')})`;
};

/** The privileges of one list that are not in another; the case of columns means nothing. */
export const without = (list: readonly string[], other: readonly string[]): string[] => {
  const present = new Set(other.map((name) => name.toLowerCase()));
  return [...new Set(list)].filter((name) => !present.has(name.toLowerCase()));
};

/** Whether two users' privileges are the same, in any order. */
export const samePrivileges = (one: Privileges, other: Privileges): boolean => {
  if (one.size !== other.size) return false;
  return [...one].every(([object, list]) => {
    const others = other.get(object);
    return others !== undefined && without(list, others).length === 0 && without(others, list).length === 0;
  });
};

const checked = (names: readonly string[]): string => {
  for (const name of names) {
    if (!/^[A-Z_ ]+(?: \((?:`(?:[^`]|``)*`(?:, )?)+\))?$/.test(name)) {
      throw new ModuleFailure(`Error granting privileges, invalid priv string: ${name}`);
    }
  }
  return names.join(',');
};

/** A statement that grants privileges; `account` is SQL. */
export const grantStatement = (object: string, names: readonly string[], account: string): string => {
  // USAGE is none, and is only there because the option cannot stand alone.
  const plain = names.filter((name) => name !== 'GRANT');
  const option = plain.length < names.length ? ' WITH GRANT OPTION' : '';
  return `GRANT ${checked(plain.length === 0 ? ['USAGE'] : plain)} ON ${object} TO ${account}${option}`;
};

/** Statements that take privileges away; `account` is SQL. */
export const revokeStatements = (object: string, names: readonly string[], account: string): string[] => {
  const plain = names.filter((name) => name !== 'GRANT');
  return [
    ...(plain.length < names.length ? [`REVOKE GRANT OPTION ON ${object} FROM ${account}`] : []),
    ...(plain.length > 0 ? [`REVOKE ${checked(plain)} ON ${object} FROM ${account}`] : []),
  ];
};
