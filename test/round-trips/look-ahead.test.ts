import { execFileSync } from 'node:child_process';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { sshdForTests } from '../support/sshd-for-tests.ts';
import { placeOf, playOverSsh } from './play-over-ssh.ts';

const server = sshdForTests();
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
  const { events, results, trips } = await playOverSsh(server.sshd, [folder, ...tasks], () => {
    files = execFileSync(
      'sh',
      [
        '-c',
        'cd "$1" && find . -printf "%p %y %m %l\\n" | sort && tail -n +1 $(find . -type f | sort)',
        'sh',
        placeOf(server.sshd),
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
    tasks: results.map(({ status, result, host }) => [host, status, wordsOf(result.msg)]),
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

/** How many round trips the tasks cost whose names begin so. */
const tripsOf = (trips: Readonly<Record<string, readonly unknown[]>>, name: string): number =>
  Object.entries(trips)
    .filter(([task]) => task.startsWith(name))
    .reduce((sum, [, own]) => sum + own.length, 0);

describe("tasks of a play's only host that look ahead", () => {
  const files = (name: string, more = ''): string[] =>
    Array.from(
      { length: 12 },
      (_, index) => `- {name: ${name} ${index}, copy: {content: "text ${index}", dest: "{{ dir }}/f${index}"}${more}}`,
    );

  test('share round trips when nothing changes, and need one for each change', async () => {
    const { alone, ahead } = await compare([...files('change'), ...files('look')]);
    expect(tripsOf(alone.trips, 'change')).toBe(24);
    expect(tripsOf(alone.trips, 'look')).toBe(12);
    expect(tripsOf(ahead.trips, 'change')).toBeLessThanOrEqual(13);
    expect(tripsOf(ahead.trips, 'look')).toBeLessThanOrEqual(5);
  });

  test('see what tasks before them have done and registered', async () => {
    const { ahead } = await compare([
      "- {name: make, command: 'touch {{ dir }}/made', register: made}",
      '- {name: look, stat: {path: "{{ dir }}/made"}, register: look}',
      '- {name: told, copy: {content: "{{ look.stat.exists }} {{ made.rc }}", dest: "{{ dir }}/told"}}',
      '- {name: through, copy: {content: "{{ hostvars[inventory_hostname].look.stat.size }}", dest: "{{ dir }}/through"}}',
      '- {name: again, stat: {path: "{{ dir }}/made"}, register: look}',
      '- {name: named, copy: {content: "{{ lookups }}", dest: "{{ dir }}/named"}, vars: {lookups: "{{ lo ~ ok.stat.exists }}", lo: x, ok: "{{ look }}"}}',
      "- {name: change, shell: 'echo more >{{ dir }}/made'}",
      '- {name: fresh, stat: {path: "{{ dir }}/made"}, register: look}',
      '- {name: conditional, copy: {content: fresh, dest: "{{ dir }}/fresh"}, when: look.stat.size == 5}',
      '- {name: same line, lineinfile: {path: "{{ dir }}/made", line: more}}',
      '- {name: other line, lineinfile: {path: "{{ dir }}/made", line: other}}',
      '- {name: gone, file: {path: "{{ dir }}/made", state: absent}}',
      '- {name: back, file: {path: "{{ dir }}/made", state: touch}}',
    ]);
    expect(ahead.files).toContain('True 0');
    expect(ahead.files).toContain('xTrue');
    expect(ahead.files).toContain('fresh');
  });

  test('read files and the time when it is their turn', async () => {
    const { ahead } = await compare([
      `- vars: {seen: "{{ lookup('file', dir ~ '/shared') }}", at: "{{ now().timestamp() | int }}"}
      block: [{name: first, copy: {content: one, dest: "{{ dir }}/shared"}},
        {name: second, copy: {content: "{{ seen }} in time", dest: "{{ dir }}/copy"}},
        {name: source, copy: {content: source, dest: "{{ dir }}/source"}},
        {name: from it, copy: {src: "{{ dir }}/source", dest: "{{ dir }}/target"}},
        {name: source again, copy: {content: changed, dest: "{{ dir }}/source"}},
        {name: from it again, copy: {src: "{{ dir }}/source", dest: "{{ dir }}/target"}},
        {name: chain, copy: {src: "{{ dir }}/{{ item.0 }}", dest: "{{ dir }}/{{ item.1 }}"}, loop: [[source, c1], [c1, c2], [c2, c3]]},
        {name: third, shell: "sleep 1.1; date +%s >{{ dir }}/time"},
        {name: fourth, copy: {content: "{{ at }}", dest: "{{ dir }}/at"}},
        {name: fifth, shell: "test $(cat {{ dir }}/at) -ge $(cat {{ dir }}/time) && rm {{ dir }}/at {{ dir }}/time"}]`,
    ]);
    expect(ahead.files).toContain('one in time');
    expect(ahead.files).toMatch(/c3 <==\nchanged|c3.*\n.*changed/s);
    expect(ahead.tasks.at(-1)).toMatchObject([expect.any(String), 'changed', expect.any(String)]);
  });

  test('see what was registered through other variables, and files that were not there', async () => {
    const { ahead } = await compare([
      `- vars: {told: "{{ said.stdout }}"}
      block: [{shell: echo old, register: said}, {shell: echo new, register: said},
        {copy: {content: "answer: {{ told }}", dest: "{{ dir }}/told"}},
        {copy: {content: came late, dest: "{{ place }}/late.txt"}},
        {copy: {src: late.txt, dest: "{{ dir }}/late"}}]`,
    ]);
    expect(ahead.files).toContain('answer: new');
    expect(ahead.files).toContain('came late');
  });

  test('go on behind tasks that fail, are rescued, skipped or left out', async () => {
    const { ahead } = await compare([
      '- {name: fails, copy: {content: a, dest: "{{ dir }}/missing/a"}, ignore_errors: true}',
      '- {name: goes on, copy: {content: a, dest: "{{ dir }}/a"}}',
      `- {block: [{name: good, copy: {content: b, dest: "{{ dir }}/b"}}, {command: "false"}, {name: never, copy: {content: c, dest: "{{ dir }}/c"}}],
       rescue: [{name: rescued, copy: {content: "{{ ansible_failed_result.rc }}", dest: "{{ dir }}/d"}}],
       always: [{name: at last, copy: {content: e, dest: "{{ dir }}/e"}}]}`.replaceAll('\n', ' '),
      '- {name: skipped, copy: {content: f, dest: "{{ dir }}/f"}, when: false}',
      '- {name: unfit, copy: {content: "{{ nothing }}", dest: "{{ dir }}/g"}, ignore_errors: true}',
      '- {name: fact, set_fact: {color: red}}',
      '- {name: with fact, copy: {content: "{{ color }}", dest: "{{ dir }}/h"}}',
      '- {name: loop, copy: {content: "{{ item }}", dest: "{{ dir }}/i{{ item }}"}, loop: [1, 2]}',
      '- {name: behind, stat: {path: "{{ dir }}/i2"}, failed_when: false}',
      '- {name: as somebody, copy: {content: j, dest: "{{ dir }}/j"}, environment: {LANG: C}}',
      '- {name: ends, command: exit 3}',
      '- {name: not reached, copy: {content: k, dest: "{{ dir }}/k"}}',
    ]);
    expect(ahead.files).toContain('./h');
    expect(ahead.files).not.toMatch(/\.\/[cfgk] /);
    expect(ahead.tasks.at(-1)).toMatchObject([expect.any(String), 'failed', expect.any(String)]);
  });

  test('come to the same in plays made up at random', async () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const random = randomOf(seed);
    const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
    const tasks = Array.from({ length: 60 }, (_, index) => {
      const [to, is] = [pick(['p', 'q', 'q/r', 'l']), pick(['one', 'two', '{{ seen.stat.exists | default(0) }}'])];
      const module = pick([
        `copy: {content: "${is}", dest: "{{ dir }}/${to}", mode: "${pick(['0600', '0755'])}"}`,
        `file: {path: "{{ dir }}/${to}", state: ${pick(['absent', 'directory', 'touch', 'file'])}}`,
        `file: {path: "{{ dir }}/l", src: "${to}", state: link, force: true}`,
        `lineinfile: {path: "{{ dir }}/${to}", line: "${is}", create: true}`,
        `stat: {path: "{{ dir }}/${to}"}, register: seen`,
        `shell: 'echo ${index} >>"{{ dir }}/${to}"'`,
      ]);
      return `- {name: task ${index}, ${module}, ignore_errors: true${pick(['', '', ', when: seen is not defined or seen.stat.exists'])}}`;
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
