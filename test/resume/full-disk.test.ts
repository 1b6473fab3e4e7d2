import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readJournal, readRun, runIds } from '../../runner/record/index.ts';
import { isRoot } from '../support/sshd.ts';
import { Project } from './project.ts';

describe.runIf(isRoot || process.env.MUSTER_TEST_REQUIRE_ALL === '1')('a full disk (needs root, to mount one)', () => {
  let project: Project;
  let disk: string;
  beforeEach(() => {
    project = new Project();
    disk = join(project.directory, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', disk]);
    vi.stubEnv('MUSTER_RUNS_DIR', disk);
  });
  afterEach(() => {
    execFileSync('umount', ['-l', disk]);
    project.close();
  });

  test('does not hold up the run, and leaves a record that can be read and is not resumed', async () => {
    project.playbook(`
- name: Small
  shell: echo small >>log
- name: Large
  command: sh -c 'i=0; while [ $i -lt 3000 ]; do echo 01234567890123456789012345678901234567890123456789; i=$((i+1)); done'
- name: After
  shell: echo after >>log; exit 1
`);
    const { exitCode, text } = await project.run('--limit', 'a');
    expect(exitCode, text).toBe(2);
    expect(text.match(/is recorded no\s+further/g)).toHaveLength(1);
    expect(text.replaceAll(/\s+/g, ' ')).toContain('no space left on device');
    expect(project.lines()).toEqual(['after', 'small']);
    const [id] = runIds(disk);
    const run = readRun(disk, id!);
    expect(run.manifest?.command.slice(0, 2)).toEqual(['muster', 'run']);
    expect(existsSync(join(run.directory, 'journal.jsonl')), String(readdirSync(run.directory))).toBe(false);
    expect((await project.muster('history')).text).toContain(id);
    expect((await project.muster('history', 'show', id!, '--output', 'console')).text).toContain('TASK Small');
    expect(readJournal(run.directory)).toBeUndefined();
  });

  test('that is full from the beginning only costs the record', async () => {
    execFileSync('sh', ['-c', `head -c 200000 /dev/zero >${disk}/filler || :`], { stdio: 'ignore' });
    project.playbook('- shell: echo done >>log\n');
    const { exitCode, text } = await project.run('--limit', 'a');
    expect(exitCode, text).toBe(0);
    expect(project.lines()).toEqual(['done']);
    expect((await project.muster('history')).exitCode).toBe(0);
  });
});
