import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RoundTrip } from '../../runner/connection/index.ts';
import { sshdForTests } from '../support/sshd-for-tests.ts';
import { playOverSsh } from './play-over-ssh.ts';

const server = sshdForTests();

// What an item costs by itself; look-ahead.test.ts tells how items and tasks share round trips.
beforeEach(() => {
  vi.stubEnv('MUSTER_LOOK_AHEAD', 'false');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** What each task of a play that succeeds costs, by the tasks' names. */
const tripsOf = async (tasks: readonly string[]): Promise<Record<string, RoundTrip['kind'][]>> => {
  const { trips, results, exitCode } = await playOverSsh(server.sshd, tasks);
  expect(results.filter(({ status }) => status === 'failed' || status === 'unreachable')).toEqual([]);
  expect(exitCode).toBe(0);
  return trips;
};

const items: readonly (readonly [name: string, arguments_: string])[] = [
  ['copy', '{src: "{{ place }}/a.txt", dest: "{{ dir }}/copied", mode: "0644"}'],
  ['copy', '{content: "some text", dest: "{{ dir }}/content"}'],
  ['template', '{src: "{{ place }}/b.j2", dest: "{{ dir }}/rendered"}'],
  ['file', '{path: "{{ dir }}/folder", state: directory, mode: "0750"}'],
  ['lineinfile', '{path: "{{ dir }}/lines", line: one, create: true}'],
  ['blockinfile', '{path: "{{ dir }}/blocks", block: one, create: true}'],
];

describe('round trips over ssh', () => {
  test('an unchanged item costs one, a changed one at most two', async () => {
    const task = ([module, given]: (typeof items)[number], name: string): string =>
      `- {name: ${name}, ${module}: ${given}}`;
    const trips = await tripsOf([
      '- {name: folder, file: {path: "{{ dir }}", state: directory}}',
      ...items.map((item, index) => task(item, `change ${index}`)),
      ...items.map((item, index) => task(item, `look ${index}`)),
    ]);
    items.forEach(([module], index) => {
      expect({ module, trips: trips[`look ${index}`] }).toEqual({ module, trips: ['script'] });
      expect(trips[`change ${index}`]!.length, module).toBeLessThanOrEqual(2);
    });
  });

  test('a command costs one, and so do a look at a file and gathering facts', async () => {
    const trips = await tripsOf([
      '- {name: command, command: echo hello}',
      '- {name: shell, shell: echo hello | tr a-z A-Z}',
      '- {name: missing, stat: {path: "{{ dir }}/missing"}}',
      '- {name: stat, stat: {path: /etc/passwd}}',
      '- {name: facts, setup: {}}',
      '- {name: controller, set_fact: {x: "{{ ansible_facts.hostname }}"}}',
      '- {name: skipped, command: echo no, when: false}',
    ]);
    for (const name of ['command', 'shell', 'missing', 'stat', 'facts']) {
      expect({ name, trips: trips[name] }).toEqual({ name, trips: ['script'] });
    }
    expect(trips.controller).toEqual([]);
    expect(trips.skipped).toEqual([]);
  });

  test('a loop costs at most one for each unchanged item', async () => {
    const trips = await tripsOf([
      '- {name: make, file: {path: "{{ dir }}/{{ item }}", state: directory}, loop: ["", a, b, c]}',
      '- {name: look, file: {path: "{{ dir }}/{{ item }}", state: directory}, loop: ["", a, b, c]}',
    ]);
    expect(trips.look!.length).toBeLessThanOrEqual(4);
  });

  test('the first use opens one channel', async () => {
    const trips = await tripsOf([]);
    expect(trips['warm up']).toEqual(['channel', 'script']);
  });
});
