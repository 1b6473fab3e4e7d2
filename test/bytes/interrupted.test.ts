import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import blockinfile from '../../runner/modules/blockinfile.ts';
import copy from '../../runner/modules/copy.ts';
import lineinfile from '../../runner/modules/lineinfile.ts';
import { randomFrom } from '../fuzz/random.ts';
import { openModuleHost, type Tools } from '../support/module-host.ts';

const old = Buffer.alloc(8_000_000, 'the old content\n');
const next = Buffer.alloc(8_000_000, 'what shall be there\n');

/** Kills everything that this process has started and that is still running, as a lost power supply would. */
const killShells = (): number => {
  const started = descendants(process.pid);
  for (const pid of started) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
  return started.length;
};

const descendants = (root: number): number[] => {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,comm='])
    .toString()
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/));
  const below = (parent: number): number[] =>
    rows
      .filter(([, ppid, name]) => Number(ppid) === parent && name !== 'ps')
      .flatMap(([pid]) => [Number(pid), ...below(Number(pid))]);
  return below(root);
};

const writes: readonly (readonly [string, unknown, Record<string, unknown>, Buffer])[] = [
  ['copy', copy, { src: 'next' }, next],
  ['lineinfile', lineinfile, { line: 'one more' }, Buffer.concat([old, Buffer.from('one more\n')])],
  [
    'blockinfile',
    blockinfile,
    { block: 'one more' },
    Buffer.concat([old, Buffer.from('# BEGIN ANSIBLE MANAGED BLOCK\none more\n# END ANSIBLE MANAGED BLOCK\n')]),
  ],
];

describe.each<Tools>(['gnu', 'busybox'])('a write that is cut off leaves the old file or the new one (%s)', (tools) => {
  test.each(writes)('%s', async (_name, module, args, wanted) => {
    const random = randomFrom(42);
    let cutOff = 0;
    for (let round = 0; round < 12; round++) {
      const host = await openModuleHost(tools);
      try {
        const path = `${host.directory}/file`;
        await writeFile(path, old);
        await writeFile(`${host.directory}/next`, next);
        await host.target.session();
        const run = host.run(module, { dest: path, ...args }).then(
          (result) => result['failed'] === true,
          () => true,
        );
        await sleep(random.below(160));
        killShells();
        if (await run) cutOff++;
        const after = await readFile(path);
        expect(after.equals(old) || after.equals(wanted), `round ${round}: ${after.length} bytes`).toBe(true);
      } finally {
        await host.close();
      }
    }
    // Else nothing has been shown.
    expect(cutOff).toBeGreaterThan(0);
  });
});
