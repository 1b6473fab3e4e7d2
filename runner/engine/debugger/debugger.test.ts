import { expect, test } from 'vitest';
import { playAttended } from '../../../test/support/attended-play.ts';

const debug = (play: string, lines: string[], options: { isInteractive?: boolean } = {}) =>
  playAttended(play, { lines, ...options });

const broken = `  tasks:
    - debug: { msg: "{{ size }} {{ color }}" }
      debugger: on_failed
    - ping:
`;

test('shows the task and its values, and runs it again with changed ones', async () => {
  const { told, exitCode, results, stats } = await debug(broken, [
    'p task.args',
    "p result._result.msg | regex_search('undefined')",
    'p task_vars["color"]',
    'p no_such',
    'what',
    'task_vars["size"] = "big {{ color }}"',
    'r',
  ]);
  expect(told.slice(0, 3)).toEqual(["{'msg': '{{ size }} {{ color }}'}", "'undefined'", "'red'"]);
  expect(told[3]).toContain("'no_such' is undefined");
  expect(told[4]).toContain("'what' is nothing that the debugger knows");
  expect(results.map(({ status, result }) => [status, result.msg ?? result.ping])).toMatchObject([
    ['failed', expect.stringContaining("'size' is undefined")],
    ['ok', 'big red red'],
    ['ok', 'pong'],
  ]);
  // The failure that was mended does not count.
  expect(stats[0]?.localhost).toMatchObject({ ok: 2, failed: 0 });
  expect(exitCode).toBe(0);
});

test('changes arguments, takes them away, and takes changes back', async () => {
  const { told, results } = await debug(broken, [
    'task.args["msg"] = "{{ 1 + 1 }} {{ color }}"',
    "p task.args['msg']",
    "del task.args['msg']",
    'p task.args',
    'update_task',
    'p task.args',
    "task.args['msg'] = task_vars['color']",
    'redo',
  ]);
  expect(told).toEqual(["'{{ 1 + 1 }} {{ color }}'", '{}', "{'msg': '{{ size }} {{ color }}'}"]);
  expect(results[1]).toMatchObject({ status: 'ok', result: { msg: 'red' } });
});

test('goes on with the failure, or ends the run', async () => {
  const goesOn = await debug(broken, ['c']);
  expect(goesOn.results.map(({ status }) => status)).toEqual(['failed']);
  expect(goesOn.exitCode).toBe(2);
  const ends = await debug(broken, ['q']);
  expect(ends.exitCode).toBe(99);
  expect((await debug(broken, [])).exitCode).toBe(99);
});

test('is entered as the keyword, the strategy and ignored errors say', async () => {
  const entered = async (play: string): Promise<number> => {
    const lines = Array.from({ length: 9 }, () => 'c');
    await debug(play, lines);
    return 9 - lines.length;
  };
  const failing = (keywords: string) => `  tasks:\n    - fail:\n      ${keywords}\n`;
  expect(await entered(failing('name: plain'))).toBe(0);
  expect(await entered(failing('debugger: always'))).toBe(1);
  expect(await entered(failing('debugger: on_unreachable'))).toBe(0);
  expect(await entered(failing('when: false\n      debugger: on_skipped'))).toBe(1);
  expect(await entered(failing('ignore_errors: true\n      debugger: on_failed'))).toBe(0);
  expect(await entered(`  strategy: debug\n${failing('name: x')}`)).toBe(1);
  expect(await entered(`  strategy: debug\n${failing('debugger: never')}`)).toBe(0);
  expect(await entered(`  debugger: always\n  tasks: [{ ping: }, { ping: }]\n`)).toBe(2);
});

test('is not entered where nobody can be asked', async () => {
  const { results, exitCode } = await debug(broken, [], { isInteractive: false });
  expect(results).toHaveLength(1);
  expect(exitCode).toBe(2);
});

test('does not render what a host said', async () => {
  const { results } = await debug(
    `  tasks:
    - command: echo "{{ '{{' }} 6 * 7 {{ '}}' }}"
      register: said
    - debug: { msg: "{{ nothing }}" }
      debugger: on_failed
`,
    ["task.args['msg'] = task_vars['said'].stdout", 'r'],
  );
  expect(results.at(-1)?.result.msg).toBe('{{ 6 * 7 }}');
});
