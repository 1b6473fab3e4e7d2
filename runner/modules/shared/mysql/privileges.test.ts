import { describe, expect, it } from 'vitest';
import { parseRequirement } from './accounts.ts';
import { clientOptions } from './option-file.ts';
import {
  grantStatement,
  parseGrants,
  readPrivileges,
  revokeStatements,
  samePrivileges,
  without,
} from './privileges.ts';
import { FormatError, formatQuery, identifier, literal } from './sql.ts';

describe('privileges', () => {
  it('are read from text as the server writes them', () => {
    expect([
      ...readPrivileges('shop.*:select, insert/`odd.name`.t:ALL PRIVILEGES,GRANT/PROCEDURE shop.p:EXECUTE'),
    ]).toEqual([
      ['`shop`.*', ['SELECT', 'INSERT']],
      ['`odd.name`.`t`', ['ALL', 'GRANT']],
      ['PROCEDURE `shop`.`p`', ['EXECUTE']],
    ]);
    expect([...readPrivileges('a.b:SELECT (y, `x`),UPDATE(z)')]).toEqual([
      ['`a`.`b`', ['SELECT (`x`, `y`)', 'UPDATE (`z`)']],
    ]);
    expect(() => readPrivileges('shop.*')).toThrow(/invalid priv string: 'shop\.\*' is not of the form/);
  });

  it('are parsed from what the server tells', () => {
    const told = parseGrants([
      "GRANT USAGE ON *.* TO `app`@`%` IDENTIFIED BY PASSWORD '*94BDCEBE19083CE2A1F959FD02F964C7AF4CFC29'",
      'GRANT ALL PRIVILEGES ON `shop`.* TO `app`@`%` WITH GRANT OPTION',
      'GRANT SELECT (`b`, `a`), INSERT ON "shop"."t" TO "app"@"%"',
      'GRANT `reader` TO `app`@`%`',
      'SET DEFAULT ROLE `reader` FOR `app`@`%`',
    ]);
    expect([...told]).toEqual([
      ['*.*', ['USAGE']],
      ['`shop`.*', ['ALL', 'GRANT']],
      ['`shop`.`t`', ['SELECT (`a`, `b`)', 'INSERT']],
    ]);
    expect(() => parseGrants(['REVOKE everything'])).toThrow(/unable to parse the MySQL grant string/);
  });

  it('are compared without order, and columns without case', () => {
    const one = readPrivileges('a.b:SELECT(X),INSERT');
    expect(samePrivileges(one, readPrivileges('a.b:insert,select (x)'))).toBe(true);
    expect(samePrivileges(one, readPrivileges('a.b:INSERT'))).toBe(false);
    expect(without(['SELECT', 'INSERT'], ['INSERT'])).toEqual(['SELECT']);
  });

  it('become statements, and nothing else can be said by them', () => {
    expect(grantStatement('*.*', ['GRANT'], 'u')).toBe('GRANT USAGE ON *.* TO u WITH GRANT OPTION');
    expect(revokeStatements('*.*', ['SELECT', 'GRANT'], 'u')).toEqual([
      'REVOKE GRANT OPTION ON *.* FROM u',
      'REVOKE SELECT ON *.* FROM u',
    ]);
    expect(() => grantStatement('*.*', ['SELECT ON *.* TO EVIL; DROP'], 'u')).toThrow(/invalid priv string/);
    const [object] = [...readPrivileges('a`; DROP DATABASE x;.*:SELECT').keys()];
    expect(object).toBe('`a``; DROP DATABASE x;`.*');
  });
});

it('reads requirements of connections', () => {
  expect(
    parseRequirement("CREATE USER `a`@`b` IDENTIFIED BY PASSWORD '*1' REQUIRE NONE PASSWORD EXPIRE"),
  ).toBeUndefined();
  expect(parseRequirement('CREATE USER `a`@`b` REQUIRE SSL WITH MAX_QUERIES_PER_HOUR 3')).toBe('SSL');
  expect(
    parseRequirement("CREATE USER `a`@`b` REQUIRE ISSUER '/CN=it''s' SUBJECT '/CN=x' WITH MAX_UPDATES_PER_HOUR 3"),
  ).toEqual(
    new Map([
      ['ISSUER', "/CN=it's"],
      ['SUBJECT', '/CN=x'],
    ]),
  );
});

it('reads the client section of an option file', () => {
  const text =
    '[mysql]\nuser=no\n[client]\n# x\nuser = me\npassword="a b"\nssl_ca=/x\nquick\n!includedir /etc\n[other]\nuser=no\n';
  expect([...clientOptions(text)]).toEqual([
    ['user', 'me'],
    ['password', 'a b'],
    ['ssl-ca', '/x'],
    ['quick', ''],
  ]);
});

it('writes values and names so that they stay what they are', () => {
  expect(literal('it\'s \\ "x"\n')).toBe("'it\\'s \\\\ \\\"x\\\"\\n'");
  expect(literal("it's \\", true)).toBe("'it''s \\'");
  expect(identifier('a`b')).toBe('`a``b`');
  expect(formatQuery('SELECT %s, %s, 100%%', ['a', null], false)).toBe("SELECT 'a', NULL, 100%");
  expect(formatQuery('SELECT %(x)s', new Map([['x', 1.5]]), false)).toBe('SELECT 1.5e0');
  expect(() => formatQuery('SELECT %s', [], false)).toThrow(FormatError);
  expect(() => formatQuery('SELECT 1', ['a'], false)).toThrow(FormatError);
});
