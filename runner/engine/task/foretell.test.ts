import { afterEach, expect, test } from 'vitest';
import { playAttended } from '../../../test/support/attended-play.ts';

afterEach(() => {
  delete process.env.MUSTER_CHECK_MODE_PREDICTS;
});

/** The status of each task of a play under --check, with the reason where there is one. */
const check = async (tasks: string): Promise<string[]> => {
  const { results } = await playAttended(`  tasks:\n${tasks}`, { flags: { check: true } });
  return results.map(({ status, reason }) => (reason === undefined ? status : `${status}: ${reason}`));
};

const guess = 'skipped: depends on a command that --check did not run';

test('what a skipped command would have given is a guess', async () => {
  const outcomes = await check(`
    - { raw: uname, register: kernel }
    - { debug: { msg: x }, when: kernel.stdout == 'Linux' }
    - { debug: { msg: "{{ kernel.stdout }}" } }
    - { debug: { msg: "{{ kernel is skipped }}" } }
    - { assert: { that: kernel.rc == 0 } }
    - { fail: { msg: no }, when: kernel is skipped }
`);
  const guessed = `${guess} (kernel)`;
  expect(outcomes).toEqual(['skipped', guessed, guessed, 'ok', guessed, guessed]);
});

test('conditions on a skipped command that hold are believed; those that do not are told apart', async () => {
  expect(
    await check(`
    - { command: id -u, register: id }
    - { ping: , when: id.rc == 0 }
    - { ping: , when: id.stdout == '0' }
    - { ping: , when: false }
`),
  ).toEqual(['skipped', 'ok', `${guess} (id)`, 'skipped']);
});

test('guesses pass on through facts, variables, loops and results, until a real result takes their place', async () => {
  expect(
    await check(`
    - { command: echo a b, register: words }
    - { set_fact: { list: "{{ words.stdout.split() }}" } }
    - { debug: { msg: "{{ first }}" }, vars: { first: "{{ list[0] }}" } }
    - { debug: { msg: "{{ item }}" }, loop: "{{ words.stdout_lines }}" }
    - { stat: { path: "{{ list[0] }}" }, register: state }
    - { assert: { that: state.stat.exists } }
    - { set_fact: { list: [] } }
    - { debug: { msg: "{{ list[0] }}" }, ignore_errors: yes }
`),
  ).toEqual([
    'skipped',
    'ok',
    `${guess} (list)`,
    `${guess} (words)`,
    `${guess} (list)`,
    `${guess} (state)`,
    'ok',
    'failed',
  ]);
});

test('a command is not tried again for a result that it cannot have', async () => {
  const { results, events } = await playAttended(
    '  tasks: [{ command: date, register: now, until: now.stdout != "", retries: 2, delay: 0 }]\n',
    { flags: { check: true } },
  );
  expect(results.map(({ status }) => status)).toEqual(['skipped']);
  expect(events.filter(({ type }) => type === 'retry')).toEqual([]);
});

test('failures that rest on no guess stay failures, and so does everything where nobody wants guesses', async () => {
  const tasks = `
    - { command: id, register: id }
    - { assert: { that: id.stdout == 'x' }, ignore_errors: yes }
    - { assert: { that: color == 'x' }, ignore_errors: yes }
`;
  expect(await check(tasks)).toEqual(['skipped', `${guess} (id)`, 'failed']);
  process.env.MUSTER_CHECK_MODE_PREDICTS = 'no';
  expect(await check(tasks)).toEqual(['skipped', 'failed', 'failed']);
});

test('a real run knows no guesses', async () => {
  const { results } = await playAttended(
    `  tasks:
    - { command: /bin/false, register: r, when: false }
    - { assert: { that: r.stdout == 'x' } }
`,
    {},
  );
  expect(results.map(({ status, reason }) => [status, reason])).toEqual([
    ['skipped', undefined],
    ['failed', undefined],
  ]);
});
