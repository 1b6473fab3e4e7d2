import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { hostForAllTests } from '../../test/support/hosts.ts';
import { sh } from '../connection/index.ts';
import expectModule from './expect.ts';

const host = hostForAllTests();
let command: string;

beforeAll(async () => {
  command = join(host.directory, 'ask');
  await writeFile(
    command,
    `#!/bin/bash
[ -t 0 ] && echo terminal
read -rsp 'Password: ' a; echo
read -rp 'Again? ' b
read -rp 'Again? ' c
echo "got $a $b $c"
exit "\${1:-0}"
`,
  );
  await chmod(command, 0o755);
});

/** Files of the module that are still there, and those that processes have open, once a little time has passed. */
const leftovers = async (): Promise<string> => {
  const folder = await host.target.temporaryDirectory();
  const { stdout } = await host.target.run(
    sh`look() { ls ${folder}; find /proc/[0-9]*/fd -lname ${`${folder}/*`} 2>/dev/null; }
m_n=0; while [ -n "$(look)" ] && [ $m_n -lt 100 ]; do sleep 0.1; m_n=$((m_n + 1)); done; look`,
  );
  return stdout.toString();
};

const responses = { '(?i)password': "it's secret", 'Again\\?': ['one', 'two'] };

test('answers questions on a terminal', async () => {
  const result = await host.run(expectModule, { command, responses });
  expect(result).toMatchObject({ changed: true, rc: 0, cmd: command });
  expect(result.stdout_lines).toEqual(['terminal', 'Password: ', "Again? Again? got it's secret one two"]);
  expect(result.start).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$/);
  expect(await leftovers()).toBe('');
});

test('failures', async () => {
  expect(await host.run(expectModule, { command: `${command} 3`, responses })).toMatchObject({
    failed: true,
    rc: 3,
    msg: 'non-zero return code',
  });
  expect(await host.run(expectModule, { command, responses: { Password: 'x' }, timeout: 1 })).toMatchObject({
    failed: true,
    rc: null,
    msg: 'command exceeded timeout',
  });
  expect(await host.run(expectModule, { command, responses: { Password: 'x', Again: ['once'] } })).toMatchObject({
    failed: true,
    msg: expect.stringMatching(/^No remaining responses for 'Again', output was 'terminal/),
  });
  expect(await host.run(expectModule, { command, responses: { '(': 'x' } })).toMatchObject({ failed: true });
});

test('a command that has ended before it is answered', async () => {
  const result = await host.run(expectModule, {
    command: 'no-such-command',
    responses: { 'not found': 'yes' },
    timeout: 5,
  });
  expect(result).toMatchObject({ failed: true, rc: 127, msg: 'non-zero return code' });
});

test('leaves nothing running after a command that took too long', async () => {
  const marker = `${host.directory}/long`;
  await writeFile(marker, '#!/bin/sh\necho Name:\nexec tail -f /dev/null\n', { mode: 0o755 });
  expect(await host.run(expectModule, { command: marker, responses: { never: 'x' }, timeout: 1 })).toMatchObject({
    failed: true,
    msg: 'command exceeded timeout',
  });
  expect(await leftovers()).toBe('');
});

test('echo, chdir, creates and removes', async () => {
  const echoing = { command: `${command}`, responses: { Password: 'x', Again: 'yes' }, echo: true };
  expect((await host.run(expectModule, echoing)).stdout).toContain('Again? yes');
  expect(await host.run(expectModule, { command: 'pwd', responses: {}, chdir: '/usr' })).toMatchObject({
    stdout: '/usr',
  });
  expect(await host.run(expectModule, { command, responses, creates: '/etc' })).toEqual({
    changed: false,
    cmd: command,
    rc: 0,
    stdout: 'skipped, since /etc exists',
  });
  expect(await host.run(expectModule, { command, responses, removes: '/nope' })).toMatchObject({ changed: false });
});
