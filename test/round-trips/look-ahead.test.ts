import { execFileSync } from 'node:child_process';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { openSshd, type Sshd } from '../support/sshd.ts';
import { placeOf, playOverSsh } from './play-over-ssh.ts';

let sshd: Sshd;
beforeAll(async () => {
  sshd = await openSshd();
});
afterAll(() => sshd.close());
afterEach(() => {
  vi.unstubAllEnvs();
});

const folder = '- {name: folder, file: {path: "{{ dir }}", state: directory}}';
const list = (items: readonly unknown[]): string => JSON.stringify(items);

/** A message without the random names in it. */
const wordsOf = (msg: unknown): string => String(msg).replaceAll(/\.muster-[0-9a-f]{16}/g, '.muster');

/** What a play comes to: the items' results, how the tasks ended, the files that are there then, and what it cost. */
const outcomeOf = async (tasks: readonly string[], isAhead: boolean) => {
  vi.stubEnv('MUSTER_LOOK_AHEAD', String(isAhead));
  let files = '';
  const { events, results, trips } = await playOverSsh(sshd, [folder, ...tasks], () => {
    files = execFileSync(
      'sh',
      [
        '-c',
        'cd "$1" && find . -printf "%p %y %m %l\\n" | sort && tail -n +1 $(find . -type f | sort)',
        'sh',
        placeOf(sshd),
      ],
      {
        encoding: 'utf8',
      },
    );
  });
  return {
    items: events.flatMap((event) =>
      event.type === 'item_result' ? [[event.label, event.status, wordsOf(event.result.msg)]] : [],
    ),
    tasks: results.map(({ status }) => status),
    files,
    trips,
  };
};

/** Plays the same with and without looking ahead, and holds one to the other. */
const compare = async (tasks: readonly string[]) => {
  const alone = await outcomeOf(tasks, false);
  const ahead = await outcomeOf(tasks, true);
  expect({ ...ahead, trips: undefined }).toEqual({ ...alone, trips: undefined });
  return { alone, ahead };
};

const copies = (name: string, items: readonly unknown[]): string =>
  `- {name: ${name}, copy: {content: "{{ item.is }}", dest: "{{ dir }}/{{ item.to }}"}, loop: ${list(items)}, ignore_errors: true}`;

describe('items of a loop that look ahead', () => {
  test('share round trips when nothing changes, and need one for each change', async () => {
    const items = Array.from({ length: 12 }, (_, index) => ({ is: `text ${index}`, to: `f${index}` }));
    const { alone, ahead } = await compare([copies('change', items), copies('look', items)]);
    expect(alone.trips.change).toHaveLength(24);
    expect(alone.trips.look).toHaveLength(12);
    expect(ahead.trips.change!.length).toBeLessThanOrEqual(13);
    expect(ahead.trips.look!.length).toBeLessThanOrEqual(5);
  });

  test('see what items before them have done', async () => {
    const { ahead } = await compare([
      copies(
        'same',
        ['a', 'a', 'b', 'b', 'b', 'a', 'a', 'a', 'c'].map((is) => ({ is, to: 'f' })),
      ),
      `- {name: lines, lineinfile: {path: "{{ dir }}/lines", line: "{{ item }}", create: true}, loop: [1, 2, 1, 1, 3, 2, 1, 4]}`,
      `- {name: deep, file: {path: "{{ dir }}/{{ item }}", state: directory}, loop: [x, x, x, x/y, x/y, x/y/z, x]}`,
      `- {name: toggle, file: {path: "{{ dir }}/t", state: "{{ item }}"}, loop: [absent, directory, directory, absent, absent, absent, directory]}`,
      `- {name: links, file: {src: "{{ item }}", path: "{{ dir }}/l", state: link}, loop: [f, f, lines, lines, lines, f]}`,
      `- {name: blocks, blockinfile: {path: "{{ dir }}/b", block: "{{ item }}", create: true}, loop: [a, a, b, b, b, a]}`,
      `- {name: stats, stat: {path: "{{ dir }}/{{ item }}"}, loop: [f, none, x, l, lines, none], register: stats}`,
      `- {name: told, copy: {content: "{{ stats.results | map(attribute='stat.exists') | list }}", dest: "{{ dir }}/told"}}`,
    ]);
    const changed = (from: number, count: number): boolean[] =>
      ahead.items.slice(from, from + count).map(([, status]) => status === 'changed');
    expect(changed(0, 9)).toEqual([true, false, true, false, false, true, false, false, true]);
    expect(changed(9, 8)).toEqual([true, true, false, false, true, false, false, true]);
    expect(ahead.files).toContain('[true, false, true, true, true, false]');
  });

  test('go on behind items that fail or are skipped', async () => {
    const { ahead } = await compare([
      copies(
        'some fail',
        ['a', 'missing/b', 'missing/c', 'd', 'd', 'missing/e', 'a'].map((to) => ({ is: 'text', to })),
      ),
      `- {name: some, copy: {content: x, dest: "{{ dir }}/s{{ item }}"}, loop: [1, 2, 3, 4, 5, 6], when: item % 2 == 0}`,
      `- {name: unfit, copy: {content: "{{ item.is }}", dest: "{{ dir }}/u"}, loop: [{is: 1}, {is: 1}, {}, {is: 2}], ignore_errors: true}`,
      `- {name: over, copy: {content: over, dest: "{{ dir }}/over"}}`,
    ]);
    expect(ahead.items.filter(([, status]) => status === 'failed')).toHaveLength(3);
    expect(ahead.files).toContain('over');
  });

  test('come to the same in loops made up at random', async () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const random = randomOf(seed);
    const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
    const paths = ['p', 'q', 'q/r', 'l'];
    const tasks = Array.from({ length: 12 }, (_, index) => {
      const items = Array.from({ length: 8 }, () => ({
        to: pick(paths),
        is: pick(['one', 'two']),
        state: pick(['absent', 'directory', 'touch', 'file']),
        mode: pick(['0600', '0755']),
      }));
      const module = pick([
        'copy: {content: "{{ item.is }}", dest: "{{ dir }}/{{ item.to }}", mode: "{{ item.mode }}"}',
        'file: {path: "{{ dir }}/{{ item.to }}", state: "{{ item.state }}", mode: "{{ item.mode }}"}',
        'file: {path: "{{ dir }}/l", src: "{{ item.to }}", state: link, force: true}',
        'lineinfile: {path: "{{ dir }}/{{ item.to }}", line: "{{ item.is }}", create: true}',
      ]);
      return `- {name: task ${index}, ${module}, loop: ${list(items)}, ignore_errors: true}`;
    });
    const alone = await outcomeOf(tasks, false);
    const ahead = await outcomeOf(tasks, true);
    expect({ seed, ...ahead, trips: undefined }).toEqual({ seed, ...alone, trips: undefined });
  });
});

/** Numbers from 0 to 1 that follow from a seed. */
const randomOf = (seed: number) => {
  let state = seed;
  return (): number => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state / 0x80000000;
  };
};
