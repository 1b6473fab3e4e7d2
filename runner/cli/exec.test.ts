import { beforeEach, describe, expect, it } from 'vitest';
import { capturingOutput } from '../../test/support/captured-output.ts';
import { folderForEachTest } from '../../test/support/folders.ts';
import { exec } from './exec.ts';

const directory = folderForEachTest('muster-exec-');
beforeEach(() => {
  directory.write('hosts', '[local]\na\nb\n[local:vars]\nansible_connection=local\n');
});

/** The exit code of the command with an inventory of two hosts, and what it printed. */
const run = async (...args: string[]): Promise<[code: number, text: string]> => {
  const { value, text } = await capturingOutput(() => exec(['-i', directory.at('hosts'), ...args]));
  return [value, text];
};

describe('muster exec', () => {
  it('shows results as ansible does', async () => {
    const pong = (host: string) => `${host} | SUCCESS => {\n    "changed": false,\n    "ping": "pong"\n}\n`;
    const [code, text] = await run('all', '-m', 'ping');
    expect(code).toBe(0);
    expect([pong('a') + pong('b'), pong('b') + pong('a')]).toContain(text);
  });

  it('shows what commands print, and their exit codes', async () => {
    expect(await run('a', '-a', 'echo it is {{ inventory_hostname }}')).toEqual([
      0,
      'a | CHANGED | rc=0 >>\nit is a\n',
    ]);
    expect(await run('a', '-m', 'shell', '-a', 'echo out; echo err >&2; exit 3')).toEqual([
      2,
      'a | FAILED | rc=3 >>\nout\nerr\nnon-zero return code\n',
    ]);
    expect(await run('a', '--check', '-a', 'true')).toEqual([0, 'a | SKIPPED\n']);
  });

  it('takes arguments as JSON too', async () => {
    const [, text] = await run('b', '-m', 'debug', '-a', '{"msg": ["{{ 1 + 1 }}", "x y"]}');
    expect(text).toContain('"msg": [\n        "2",\n        "x y"\n    ]');
    await expect(run('b', '-m', 'debug', '-a', '{"msg": ')).rejects.toMatchObject({
      problems: [{ origin: { file: expect.stringMatching(/--args$/) } }],
    });
  });

  it('says what is wrong with the task or the hosts, and connects to none', async () => {
    await expect(run('a', '-m', 'nomod')).rejects.toMatchObject({
      problems: [{ message: expect.stringContaining("'nomod' is neither a module"), origin: undefined }],
    });
    await expect(run('a', '-m', 'copy', '-a', 'dest=/x nope=1')).rejects.toThrow(/nope/);
    await expect(run('c', '-m', 'ping')).rejects.toThrow("no hosts match 'c'");
  });
});
