import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ModuleHost, openModuleHost } from '../../test/support/module-host.ts';
import { sh } from '../connection/index.ts';
import expectModule from './expect.ts';

let host: ModuleHost;
let command: string;

beforeAll(async () => {
  host = await openModuleHost();
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
afterAll(() => host.close());

const responses = { '(?i)password': "it's secret", 'Again\\?': ['one', 'two'] };

test('answers questions on a terminal', async () => {
  const result = await host.run(expectModule, { command, responses });
  expect(result).toMatchObject({ changed: true, rc: 0, cmd: command });
  expect(result.stdout_lines).toEqual(['terminal', 'Password: ', "Again? Again? got it's secret one two"]);
  expect(result.start).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$/);
  const { stdout } = await host.target.run(sh`ls ${await host.target.temporaryDirectory()}; pgrep -f 'sleep 1000000'`);
  expect(stdout.toString()).toBe('');
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
