import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { refusal, say, withPool } from '../../../test/support/connections.ts';
import { addTestUser, isRoot } from '../../../test/support/sshd.ts';
import { sshdForTests } from '../../../test/support/sshd-for-tests.ts';

const execute = promisify(execFile);

const server = sshdForTests();
const { file, spec } = server;

describe.runIf(isRoot)('login shells (needs root, to make users)', () => {
  test.each(['/bin/bash', '/usr/bin/fish', '/bin/csh'])('%s, with a start file that prints', async (shell) => {
    await execute(shell, ['-c', 'true']).catch(() => {
      throw new Error(`this test needs ${shell} (Debian packages fish and tcsh)`);
    });
    const user = await addTestUser({ shell });
    try {
      const noise = 'echo "Welcome to this host"\n';
      await Promise.all([
        writeFile(join(user.home, '.bashrc'), `${noise}echo 'and "hello" again' >&2\n`),
        writeFile(join(user.home, '.cshrc'), noise),
        mkdir(join(user.home, '.config/fish'), { recursive: true }).then(() =>
          writeFile(join(user.home, '.config/fish/config.fish'), noise),
        ),
      ]);
      await withPool(async (pool) => {
        const one = spec({ user: user.name });
        expect(await say(pool, one, "echo 'it'\\''s me'; id -un")).toBe(`it's me\n${user.name}`);
        const target = await pool.target(one);
        const path = `${await target.temporaryDirectory()}/it's $HOME.txt`;
        await target.put(Buffer.from('content'), path);
        const copy = file('copy');
        await target.get(path, createWriteStream(copy));
        expect(await readFile(copy, 'utf8')).toBe('content');
      });
    } finally {
      await user.close();
    }
  });

  test('that admit nobody are named', async () => {
    const user = await addTestUser({ shell: '/usr/sbin/nologin' });
    try {
      const failure = await refusal(spec({ user: user.name }));
      expect(failure.constructor.name).toBe('UnreachableError');
      expect(failure.message).toContain('This account is currently not available');
    } finally {
      await user.close();
    }
  });
});
