import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SpecChanges, say, sshSpec, withPool } from '../../../test/support/connections.ts';
import { addTestUser, isRoot, openSshd, type Sshd, type TestUser } from '../../../test/support/sshd.ts';
import { BecomeError } from '../../errors/index.ts';
import type { BecomeSpec, ConnectionSpec } from '../connection-spec.ts';
import { raw, sh } from '../script.ts';
import { becomeMethod } from './methods.ts';

const become = (changes: Partial<BecomeSpec> = {}): BecomeSpec => ({
  method: 'sudo',
  user: 'root',
  password: undefined,
  exe: undefined,
  flags: undefined,
  ...changes,
});

test('unknown methods are refused by name', () => {
  expect(() => becomeMethod('community.general.pbrun')).toThrow(
    "become method 'community.general.pbrun' is not supported",
  );
  expect(() => becomeMethod('suod')).toThrow("there is no become method 'suod'");
  expect(becomeMethod('ansible.builtin.su')).toBe('su');
});

describe.runIf(isRoot)('becoming another user (needs root, to make users)', () => {
  let sshd: Sshd;
  let free: TestUser;
  let asked: TestUser;
  let outsider: TestUser;
  let other: TestUser;
  let tty: TestUser;
  const doasConfig = '/etc/doas.conf';
  let doasBefore: string | undefined;

  beforeAll(async () => {
    if (!existsSync('/usr/bin/sudo')) throw new Error('this test needs sudo (Debian package sudo)');
    if (!existsSync('/usr/bin/doas')) throw new Error('this test needs doas (Debian package opendoas)');
    sshd = await openSshd(['UsePAM yes']);
    // useradd locks its files, so one after the other.
    free = await addTestUser({ sudo: 'ALL=(ALL) NOPASSWD: ALL' });
    asked = await addTestUser({ sudo: 'ALL=(ALL) ALL' });
    outsider = await addTestUser();
    other = await addTestUser();
    tty = await addTestUser({ sudo: 'ALL=(ALL) ALL' });
    await writeFile(`/etc/sudoers.d/${tty.name}`, `Defaults:${tty.name} requiretty\n${tty.name} ALL=(ALL) ALL\n`);
    doasBefore = await readFile(doasConfig, 'utf8').catch(() => undefined);
    await writeFile(doasConfig, `permit nopass ${free.name}\npermit ${asked.name}\n`);
  });
  afterAll(async () => {
    if (doasBefore === undefined) await rm(doasConfig, { force: true });
    else await writeFile(doasConfig, doasBefore);
    for (const user of [free, asked, outsider, other, tty]) await user.close();
    await sshd.close();
  });

  const as = (user: TestUser, changes: Partial<BecomeSpec> = {}, further: SpecChanges = {}): ConnectionSpec =>
    sshSpec(sshd, { user: user.name, become: become(changes), ...further });
  const refusal = (one: ConnectionSpec): Promise<BecomeError> =>
    withPool(async (pool) => {
      const started = Date.now();
      const failure = await say(pool, one).catch((error) => error);
      expect(failure).toBeInstanceOf(BecomeError);
      expect(Date.now() - started).toBeLessThan(9000);
      return failure;
    });

  const ways = (): [string, ConnectionSpec][] => [
    ['sudo without a password', as(free)],
    ['sudo with a password that is not needed', as(free, { password: 'unused' })],
    ['sudo with a password', as(asked, { password: asked.password })],
    ['sudo that wants a terminal', as(tty, { password: tty.password })],
    ['doas without a password', as(free, { method: 'doas' })],
    ['doas with a password, for which it wants a terminal', as(asked, { method: 'doas', password: asked.password })],
    ['su with a password', as(outsider, { method: 'su', user: asked.name, password: asked.password })],
    [
      'su to a user with a login shell that is given',
      as(outsider, { method: 'su', user: asked.name, password: asked.password, flags: '-s /bin/sh' }),
    ],
    ['sudo to another plain user', as(free, { user: 'OTHER' })],
    ['sudo on this machine', as(free, { user: 'OTHER' }, { connection: 'local' })],
    ['su on this machine', as(free, { method: 'su', user: 'OTHER' }, { connection: 'local' })],
  ];

  test.each(Array.from({ length: 11 }, (_, index) => index))('way %i', async (index) => {
    const [name, one] = ways()[index]!;
    const user = one.become!.user === 'OTHER' ? other.name : one.become!.user;
    const spec = { ...one, become: { ...one.become!, user } };
    await withPool(async (pool) => {
      const target = await pool.target(spec);
      expect(await say(pool, spec, 'id -un; echo "$HOME"'), name).toMatch(new RegExp(`^${user}\n/`));
      const both = await target.run(raw('printf out; printf err >&2; exit 5'));
      expect([both.stdout.toString(), both.stderr.toString(), both.code], name).toEqual(['out', 'err', 5]);
      const directory = await target.temporaryDirectory();
      expect((await target.run(sh`stat -c '%U %a' ${directory}`)).stdout.toString(), name).toBe(`${user} 700\n`);
      const bytes = randomBytes(200_000);
      await target.put(bytes, `${directory}/file`);
      expect((await target.run(sh`stat -c '%U %a' ${`${directory}/file`}`)).stdout.toString(), name).toBe(
        `${user} 600\n`,
      );
      const chunks: Buffer[] = [];
      await target.get(
        `${directory}/file`,
        new Writable({
          write: (chunk, _encoding, done) => {
            chunks.push(chunk);
            done();
          },
        }),
      );
      expect(Buffer.concat(chunks).equals(bytes), name).toBe(true);
      const started = Date.now();
      await expect(target.run(raw('sleep 20'), { timeoutMs: 200 }), name).rejects.toThrow('0.2 s');
      expect(Date.now() - started, name).toBeLessThan(4000);
      expect(await say(pool, spec, 'id -un'), name).toBe(user);
      await pool.close();
      await expect(stat(directory), name).rejects.toThrow('ENOENT');
    });
  });

  test('the login user himself needs no method', () =>
    withPool(async (pool) =>
      expect(await say(pool, as(outsider, { user: outsider.name }), 'id -un')).toBe(outsider.name),
    ));

  test('a working directory that the new user may not read is left', async () => {
    await chmod(free.home, 0o700);
    await withPool(async (pool) =>
      expect(await say(pool, as(free, { user: other.name }), 'pwd; ls -a . >/dev/null && echo fine')).toBe(
        `${other.home}\nfine`,
      ),
    );
  });

  test('many users on one connection', () =>
    withPool(async (pool) => {
      const users = ['root', other.name, asked.name, outsider.name, tty.name, 'daemon', 'bin', 'sys', 'games', 'mail'];
      const seen = await Promise.all(users.map((user) => say(pool, as(free, { user }), 'id -un')));
      expect(seen).toEqual(users);
    }));

  test.each<[string, () => ConnectionSpec, RegExp, RegExp?]>([
    ['wrong sudo password', () => as(asked, { password: 'nonsense' }), /^Incorrect sudo password$/],
    ['missing sudo password', () => as(asked), /^Missing sudo password$/, /--ask-become-pass/],
    ['missing sudo password, asked for', () => as(asked, { flags: '-H -S' }), /^Missing sudo password$/],
    ['not in sudoers', () => as(outsider, { password: 'OWN' }), /not in the sudoers file/, /log in as another user/],
    ['no such user', () => as(free, { user: 'no-such-user' }), /^there is no user no-such-user on the host$/],
    [
      'no such program',
      () => as(free, { exe: '/opt/nothing/sudo' }),
      /^\/opt\/nothing\/sudo is not installed on the host$/,
    ],
    ['wrong su password', () => as(outsider, { method: 'su', password: 'nonsense' }), /^Incorrect su password$/],
    ['missing su password', () => as(outsider, { method: 'su' }), /^Missing su password$/],
    ['wrong doas password', () => as(asked, { method: 'doas', password: 'nonsense' }), /^Incorrect doas password$/],
    ['missing doas password', () => as(asked, { method: 'doas' }), /^Missing doas password$/],
    ['not in doas.conf', () => as(outsider, { method: 'doas' }), /^the login user may not become root by doas$/],
    [
      'su to a user that admits nobody',
      () => as(free, { method: 'su', user: 'daemon' }, { connection: 'local' }),
      /admits nobody/,
    ],
  ])('says what is wrong, and quickly: %s', async (_name, make, message, hint = /./) => {
    const one = make();
    const password = one.become?.password === 'OWN' ? outsider.password : one.become?.password;
    const failure = await refusal({ ...one, become: { ...one.become!, password } });
    expect(failure.message).toMatch(message);
    if (hint.source !== '.') expect(failure.problems[0]?.hint).toMatch(hint);
    if (password) expect(JSON.stringify(failure.problems)).not.toContain(password);
  });

  test('is given up when nothing happens', async () => {
    const failure = await refusal(as(free, { exe: '/bin/sleep', flags: '60;', password: 'p' }, { timeout: 1 }));
    expect(failure.message).toMatch(/^timed out after 1 s waiting to become root by sudo/);
  });
});
