import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isRequired, lackingForBusybox, titled } from './needs.ts';
import { playMuster } from './play.ts';
import { again, play, type Run, tasksThat } from './run.ts';
import { openTwin, type Twin } from './twin.ts';

const lacking = lackingForBusybox();
const title = titled('the playbook of the twins on a host that has busybox only', lacking);

describe.runIf(isRequired || lacking.length === 0)(title, () => {
  let twin: Twin;
  let first: Run;
  let second: Run;

  beforeAll(async () => {
    twin = await openTwin('busybox');
    const options = ['--skip-tags', 'debian'];
    first = await play(playMuster, twin, options);
    second = await play(playMuster, twin, [...options, ...again]);
  }, 180_000);
  afterAll(() => twin?.close(), 60_000);

  test('runs to its end, with the failures that are meant', () => {
    expect(first.course, first.course.log).toMatchObject({ code: 0 });
    expect(first.outcomes.length).toBeGreaterThan(120);
    expect(tasksThat(first, 'failed')).toEqual(['command that fails in a block']);
    expect(tasksThat(first, 'failed, ignored')).toEqual([
      'assert what is not so',
      'fail',
      'command with a failing code',
      'command that is not there',
      'file asks for a file that is not there',
      'copy content that the check refuses',
      'copy to a folder that is not there',
      'lineinfile in a file that is not there',
      'fetch what is not there',
      'slurp what is not there',
      'get_url with a wrong checksum',
      'get_url of nothing',
      'uri with another code',
      'wait_for a file in vain',
      // Nothing there keeps a name from one start to the next.
      'hostname',
    ]);
  });

  test('changes by a second run only what changes each time', () => {
    expect(second.course, second.course.log).toMatchObject({ code: 0 });
    expect(tasksThat(second, 'changed')).toEqual([
      'add_host',
      'group_by',
      'command',
      'command with argv, chdir and stdin',
      'command whose result is judged',
      'shell',
      'shell in a folder by another shell',
      'command in a loop (web)',
      'command in a loop',
      'command until it is good',
      'raw',
      'script',
      'command without a log',
      'command in the background',
      'command that goes on',
      'async_status',
      'copy on the host itself',
      'tempfile',
      'file removes a temporary folder',
      'uri to a file',
    ]);
    const lines = new Set(first.state);
    const pathOf = (line: string): string => line.replace(/^.* /, '');
    // A copy of what is edited later, and a file that each run writes to.
    expect(second.state.filter((line) => !lines.has(line)).map(pathOf)).toEqual([
      '/srv/twin/conf/app.copy',
      '/srv/twin/data/tries',
    ]);
  });

  test('sets what it can, and names what is not there', { timeout: 120_000 }, async () => {
    const { code, log } = await playMuster(join(import.meta.dirname, 'bare.yml'), twin);
    expect(code, log).toBe(0);
  });
});
